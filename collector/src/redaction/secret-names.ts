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

// These mean a credential less often than not (`ключ` is any key), so the value has to look like one.
const LOOSE_RUSSIAN = '(?:токен|ключ|секрет)(?:а|у|ом)?';
const RUSSIAN = `парол(?:ь|я|ю|и|ем)|пинкод|${LOOSE_RUSSIAN}`;

const SECRET_NAME = new RegExp(`(?:${SUFFIXES}|(?:${TOKEN_OWNERS})token|${RUSSIAN})$`);
const LOOSE_NAME = new RegExp(`${LOOSE_RUSSIAN}$`);

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
  'парол',
  'токен',
  'ключ',
  'секрет',
  'пинкод',
  'пин-код',
];

const LONGEST_NAME = 96;
const MOST_KNOWN = 8192;
// Names repeat in every span, and asking the pattern costs more than looking at most values.
const known = new Map<string, NameKind | undefined>();

/**
 * Whether a value under that name is a credential, whatever it looks like. Only the last part of a dotted name counts
 * (`http.request.header.authorization`), list positions aside; counts such as `max_tokens` are no credentials.
 */
export function isSecretName(name: string): boolean {
  return kindOfName(name) !== undefined;
}

/** What a secret name promises; a loose one counts only when its value looks like a credential. */
export type NameKind = 'secret' | 'cookie' | 'loose';

/** The kind of a name, undefined when it is no secret one. */
export function kindOfName(name: string): NameKind | undefined {
  const end = name.length > LONGEST_NAME ? name.slice(-LONGEST_NAME) : name;
  const remembered = known.get(end);
  if (remembered !== undefined || known.has(end)) return remembered;
  if (known.size >= MOST_KNOWN) known.clear();
  const kind = readName(end);
  known.set(end, kind);
  return kind;
}

function readName(name: string): NameKind | undefined {
  const last =
    name
      .replace(/(?:[.[]\d{1,6}\]?){1,4}$/, '')
      .split(/[./:[\]]/)
      .at(-1) ?? '';
  if (!SECRET_NAME.test(last.replace(/[-_\s]/g, '').toLowerCase())) return undefined;
  if (LOOSE_NAME.test(name.toLowerCase())) return 'loose';
  return name.toLowerCase().includes('cookie') ? 'cookie' : 'secret';
}
