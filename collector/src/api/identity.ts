import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { TokenError, type GrafanaIdentity } from './grafana-identity.ts';

/** Roles of people, as Grafana names them. */
export type Role = 'Viewer' | 'Editor' | 'Admin';

/** Who a request comes from. */
export interface Identity {
  /** `grafana`: proxy secret and Grafana's signed token; `proxy`: the secret alone, which proves no person. */
  kind: 'session' | 'grafana' | 'read_key' | 'proxy';
  login: string;
  name: string;
  role: 'admin' | 'reader';
  /** Role of the person; null where no person is proven. */
  person: Role | null;
  /** Must come back in `X-Signalbox-Csrf` with every change; empty for keys, which browsers never send by themselves. */
  csrfToken: string;
}

/** A console session as stored. */
export interface ConsoleSession {
  login: string;
  csrfToken: string;
}

/** Console sessions; only a digest of the token is kept. Port between the API and the database. */
export interface SessionStore {
  create(tokenHash: Buffer, session: ConsoleSession, expiresAt: Date): Promise<void>;
  find(tokenHash: Buffer): Promise<ConsoleSession | undefined>;
  remove(tokenHash: Buffer): Promise<void>;
}

/** Name of the console's cookie. */
export const SESSION_COOKIE = 'signalbox_session';

/** Digest under which a token is stored. */
export function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** Compares secrets in a time that does not depend on where they differ. */
export function sameSecret(a: string, b: string): boolean {
  return timingSafeEqual(tokenHash(a), tokenHash(b));
}

/** Value of one cookie of a request. */
export function cookieOf(request: IncomingMessage, name: string): string | undefined {
  const cookies = (request.headers.cookie ?? '').split(';').map((each) => each.trim());
  return cookies.find((each) => each.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** What came of looking at a request's credentials. */
export type Authentication =
  | { identity: Identity }
  | { refused: 'none' | 'wrong_key' | 'foreign_origin' }
  | { refused: 'token'; error: TokenError };

/** Keys that let requests read. */
export interface ReaderKeys {
  readKey: string | undefined;
  /** Shown by Grafana's app proxy in `X-Signalbox-Proxy`. */
  proxySecret: string | undefined;
}

const READER: Identity = {
  kind: 'read_key',
  login: 'read-key',
  name: 'Read key',
  role: 'reader',
  person: null,
  csrfToken: '',
};

/** Recognises requests by session cookie, read key or proxy secret. */
export class Authenticator {
  readonly #sessions: SessionStore;
  readonly #keys: ReaderKeys;
  readonly #grafana: GrafanaIdentity | undefined;

  constructor(sessions: SessionStore, keys: ReaderKeys, grafana: GrafanaIdentity | undefined) {
    this.#sessions = sessions;
    this.#keys = keys;
    this.#grafana = grafana;
  }

  async authenticate(request: IncomingMessage): Promise<Authentication> {
    const { readKey, proxySecret } = this.#keys;
    const proxy = request.headers['x-signalbox-proxy'];
    if (proxySecret !== undefined && typeof proxy === 'string' && sameSecret(proxy, proxySecret))
      return this.#throughGrafana(request);
    const key = keyOf(request);
    if (key !== undefined) {
      return readKey !== undefined && sameSecret(key, readKey) ? { identity: READER } : { refused: 'wrong_key' };
    }
    const token = cookieOf(request, SESSION_COOKIE);
    const session = token === undefined ? undefined : await this.#sessions.find(tokenHash(token));
    if (!session) return { refused: 'none' };
    if (isForeign(request)) return { refused: 'foreign_origin' };
    const { login, csrfToken } = session;
    return { identity: { kind: 'session', login, name: 'Administrator', role: 'admin', person: 'Admin', csrfToken } };
  }

  /** The secret shows that Grafana's app proxy sent it, the token who clicked; a bad token is no reader either. */
  async #throughGrafana(request: IncomingMessage): Promise<Authentication> {
    const token = request.headers['x-grafana-id'];
    const proxied: Identity = { ...READER, kind: 'proxy', login: 'grafana', name: 'Grafana' };
    if (this.#grafana === undefined || token === undefined || token === '') return { identity: proxied };
    try {
      if (typeof token !== 'string' || token.includes(','))
        throw new TokenError('bad_token', 'More than one Grafana token.');
      const { login, name, role } = await this.#grafana.verify(token);
      return { identity: { ...proxied, kind: 'grafana', login, name, person: role } };
    } catch (error) {
      if (!(error instanceof TokenError)) throw error;
      // Reading needs no person, and a stale token must not make the screen go dark.
      if (request.method === 'GET' || request.method === 'HEAD') return { identity: proxied };
      return { refused: 'token', error };
    }
  }
}

function keyOf(request: IncomingMessage): string | undefined {
  const { authorization } = request.headers;
  const apiKey = request.headers['x-api-key'];
  if (typeof apiKey === 'string') return apiKey;
  return authorization === undefined ? undefined : authorization.replace(/^bearer\s+/i, '');
}

/** A browser names the page a request comes from; a cookie counts only for our own pages. */
export function isForeign(request: IncomingMessage): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return false;
  try {
    return new URL(origin).host !== host;
  } catch {
    return true;
  }
}
