import { TOKEN_FORMATS } from './token-rules.ts';

/** Names of the rules that find secrets: no setting switches them off. */
export const SECRET_RULES: ReadonlySet<string> = new Set([
  ...TOKEN_FORMATS.map(({ rule }) => rule),
  ...['base64', 'basic', 'bearer', 'cookie', 'field', 'jwt', 'private_pem', 'telegram', 'url_login'],
]);
