import { randomBytes } from 'node:crypto';
import { sameSecret, tokenHash, type SessionStore } from './identity.ts';

const SESSION_DAYS = 30;
const TRIES_PER_MINUTE = 10;

/** A fresh console session: the token for the cookie and how long it lasts. */
export interface Issued {
  token: string;
  maxAgeMs: number;
}

/** What came of a sign-in. */
export type SignInResult = { session: Issued } | { refused: 'wrong' | 'too_many' | 'no_password' };

/** Issues console sessions for the administrator's password or the one-use link of this start. */
export class SignIn {
  readonly #sessions: SessionStore;
  readonly #password: string | undefined;
  readonly #tried: (way: 'link' | 'password', right: boolean) => Promise<void>;
  #link: string | undefined = randomBytes(24).toString('base64url');
  #failures: number[] = [];

  /** `tried` learns of every try, before its answer. */
  constructor(
    sessions: SessionStore,
    password: string | undefined,
    tried: (way: 'link' | 'password', right: boolean) => Promise<void>,
  ) {
    this.#sessions = sessions;
    this.#password = password;
    this.#tried = tried;
  }

  /** The link's token until it is used. */
  get linkToken(): string | undefined {
    return this.#link;
  }

  get hasPassword(): boolean {
    return this.#password !== undefined;
  }

  async byLink(token: string): Promise<SignInResult> {
    const right = this.#link !== undefined && sameSecret(token, this.#link);
    return this.#attempt('link', right, () => (this.#link = undefined));
  }

  async byPassword(password: string): Promise<SignInResult> {
    if (this.#password === undefined) return { refused: 'no_password' };
    return this.#attempt('password', sameSecret(password, this.#password), () => undefined);
  }

  /** Wrong tries are limited for everybody together: there is one account, and guesses come from anywhere. */
  async #attempt(way: 'link' | 'password', right: boolean, used: () => void): Promise<SignInResult> {
    const now = Date.now();
    this.#failures = this.#failures.filter((at) => now - at < 60_000);
    if (this.#failures.length >= TRIES_PER_MINUTE) return { refused: 'too_many' };
    await this.#tried(way, right);
    if (!right) {
      this.#failures.push(now);
      return { refused: 'wrong' };
    }
    used();
    return { session: await this.#issue() };
  }

  async #issue(): Promise<Issued> {
    const token = randomBytes(32).toString('base64url');
    const maxAgeMs = SESSION_DAYS * 86_400_000;
    const csrfToken = randomBytes(24).toString('base64url');
    await this.#sessions.create(tokenHash(token), { login: 'admin', csrfToken }, new Date(Date.now() + maxAgeMs));
    return { token, maxAgeMs };
  }

  async end(token: string): Promise<void> {
    await this.#sessions.remove(tokenHash(token));
  }
}
