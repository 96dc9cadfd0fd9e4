import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Who a request comes from. */
export interface Identity {
  kind: 'session' | 'read_key';
  login: string;
  name: string;
  role: 'admin' | 'reader';
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
export type Authentication = { identity: Identity } | { refused: 'none' | 'wrong_key' | 'foreign_origin' };

/** Keys that let requests read. */
export interface ReaderKeys {
  readKey: string | undefined;
  /** Shown by Grafana's app proxy in `X-Signalbox-Proxy`. */
  proxySecret: string | undefined;
}

const READER: Identity = { kind: 'read_key', login: 'read-key', name: 'Read key', role: 'reader', csrfToken: '' };

/** Recognises requests by session cookie, read key or proxy secret. */
export class Authenticator {
  readonly #sessions: SessionStore;
  readonly #keys: ReaderKeys;

  constructor(sessions: SessionStore, keys: ReaderKeys) {
    this.#sessions = sessions;
    this.#keys = keys;
  }

  async authenticate(request: IncomingMessage): Promise<Authentication> {
    const { readKey, proxySecret } = this.#keys;
    const proxy = request.headers['x-signalbox-proxy'];
    if (proxySecret !== undefined && typeof proxy === 'string' && sameSecret(proxy, proxySecret))
      return { identity: READER };
    const key = keyOf(request);
    if (key !== undefined) {
      return readKey !== undefined && sameSecret(key, readKey) ? { identity: READER } : { refused: 'wrong_key' };
    }
    const token = cookieOf(request, SESSION_COOKIE);
    const session = token === undefined ? undefined : await this.#sessions.find(tokenHash(token));
    if (!session) return { refused: 'none' };
    if (isForeign(request)) return { refused: 'foreign_origin' };
    const { login, csrfToken } = session;
    return { identity: { kind: 'session', login, name: 'Administrator', role: 'admin', csrfToken } };
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
