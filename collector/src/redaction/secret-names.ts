const SUFFIXES = [
  'password',
  'passwd',
  'passphrase',
  'passcode',
  'pwd',
  'secret',
  'secretkey',
  'secretaccesskey',
  'secretvalue',
  'apikey',
  'apisecret',
  'apitoken',
  'authkey',
  'accesskey',
  'accountkey',
  'sharedaccesskey',
  'privatekey',
  'signingkey',
  'encryptionkey',
  'masterkey',
  'servicekey',
  'servicerolekey',
  'subscriptionkey',
  'licensekey',
  'authorization',
  'cookie',
  'setcookie',
  'connectionstring',
  'sharedaccesssignature',
].join('|');

// A token alone is a piece of text to a model (`token`, `stop_token`, `eos_token`); with these words it is a credential.
const TOKEN_OWNERS = [
  'access',
  'refresh',
  'auth',
  'oauth',
  'session',
  'id',
  'bearer',
  'security',
  'api',
  'bot',
  'user',
  'github',
  'gitlab',
  'slack',
  'hf',
  'huggingface',
  'npm',
  'vault',
  'service',
  'personal',
  'registry',
  'csrf',
  'xsrf',
  'deploy',
  'app',
  'telegram',
  'discord',
  'jwt',
  'login',
  'private',
  'secret',
  'client',
  'grafana',
  'admin',
  'webhook',
  'account',
].join('|');

const SECRET_NAME = new RegExp(`(?:${SUFFIXES}|(?:${TOKEN_OWNERS})token)$`);

/** Words that make a text worth asking {@link isSecretName} about what stands around them. */
export const NAME_ANCHORS: readonly string[] = [
  'password',
  'passwd',
  'passphrase',
  'passcode',
  'pwd',
  'secret',
  'token',
  'apikey',
  'api_key',
  'api-key',
  'authkey',
  'auth_key',
  'accesskey',
  'access_key',
  'access-key',
  'accountkey',
  'account_key',
  'privatekey',
  'private_key',
  'private-key',
  'signingkey',
  'signing_key',
  'encryptionkey',
  'encryption_key',
  'masterkey',
  'master_key',
  'service_key',
  'servicekey',
  'role_key',
  'subscription-key',
  'subscription_key',
  'license_key',
  'licensekey',
  'authorization',
  'cookie',
  'connectionstring',
  'connection_string',
  'connection-string',
  'sharedaccesssignature',
];

const LONGEST_NAME = 200;

/**
 * Whether a value under that name is a credential, whatever it looks like. Only the last part of a dotted name counts
 * (`http.request.header.authorization`), list positions aside; counts such as `max_tokens` are no credentials.
 */
export function isSecretName(name: string): boolean {
  const last =
    name
      .slice(-LONGEST_NAME)
      .replace(/(?:[.[]\d{1,6}\]?){1,4}$/, '')
      .split(/[./:[\]]/)
      .at(-1) ?? '';
  return SECRET_NAME.test(last.replace(/[-_\s]/g, '').toLowerCase());
}
