import { createRemoteJWKSet, errors, jwtVerify, type JWTVerifyGetKey } from 'jose';
import type { Role } from './identity.ts';

/** What a Grafana must show to be believed. */
export interface GrafanaTrust {
  /** Grafana's `root_url`: the `iss` of its tokens. */
  issuer: string;
  /** Where Grafana publishes its signing keys. */
  keysUrl: string;
  /** Organisation this collector belongs to. */
  org: number;
}

/** A user as Grafana's signed token names them. */
export interface GrafanaUser {
  login: string;
  name: string;
  role: Role;
}

/** Why a token proves nothing. `keys_unreachable` is ours to mend, everything else the caller's. */
export class TokenError extends Error {
  readonly code: 'bad_token' | 'expired_token' | 'not_a_user' | 'keys_unreachable';

  constructor(code: TokenError['code'], message: string) {
    super(message);
    this.name = 'TokenError';
    this.code = code;
  }
}

/** Grafana's tokens live ten minutes; one that claims to be older than this was never meant to be shown again. */
const MAX_AGE_S = 15 * 60;
/** How far Grafana's clock and ours may differ. */
const CLOCK_TOLERANCE_S = 30;
const ROLES = new Set<string>(['Viewer', 'Editor', 'Admin']);

/** Checks `X-Grafana-Id`: signed by this Grafana (ES256), for this organisation, of a person, not expired. */
export class GrafanaIdentity {
  readonly #trust: GrafanaTrust;
  readonly #keys: JWTVerifyGetKey;
  readonly #issuers: string[];

  constructor(trust: GrafanaTrust) {
    this.#trust = trust;
    const plain = trust.issuer.replace(/\/+$/, '');
    this.#issuers = [plain, `${plain}/`];
    // Keys rotate: an unknown one is looked up, at most once a second; known ones hold for a day should Grafana be away.
    this.#keys = createRemoteJWKSet(new URL(trust.keysUrl), {
      cooldownDuration: 1_000,
      cacheMaxAge: 86_400_000,
      timeoutDuration: 3_000,
    });
  }

  async verify(token: string): Promise<GrafanaUser> {
    const { payload } = await jwtVerify(token, this.#keys, {
      algorithms: ['ES256'],
      issuer: this.#issuers,
      audience: `org:${this.#trust.org}`,
      clockTolerance: CLOCK_TOLERANCE_S,
      maxTokenAge: MAX_AGE_S,
      requiredClaims: ['exp', 'iat', 'sub'],
    }).catch((error: unknown) => {
      throw refusal(error);
    });
    if (payload['type'] !== 'user')
      throw new TokenError('not_a_user', 'Only people may decide; this token is of no user.');
    const { username, name, role } = payload as { username?: unknown; name?: unknown; role?: unknown };
    if (typeof username !== 'string' || username === '')
      throw new TokenError('bad_token', 'The Grafana token names no user.');
    return {
      login: username,
      name: typeof name === 'string' && name !== '' ? name : username,
      role: typeof role === 'string' && ROLES.has(role) ? (role as Role) : 'Viewer',
    };
  }
}

function refusal(error: unknown): TokenError {
  if (error instanceof errors.JWTExpired) return new TokenError('expired_token', 'The Grafana token has expired.');
  const isOurs =
    error instanceof errors.JWKSTimeout ||
    error instanceof TypeError ||
    (error as { code?: string }).code === 'ERR_JOSE_GENERIC';
  if (isOurs) return new TokenError('keys_unreachable', "Grafana's signing keys cannot be read right now.");
  return new TokenError('bad_token', 'The Grafana token is not valid here.');
}
