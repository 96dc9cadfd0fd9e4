import type pg from 'pg';
import type { SessionStore } from '../api/identity.ts';

/** Console sessions in the database, so that a restart signs nobody out. */
export function createPostgresSessions(pool: pg.Pool): SessionStore {
  return {
    async create(tokenHash, session, expiresAt) {
      await pool.query('delete from console_sessions where expires_at < now()');
      await pool.query(
        'insert into console_sessions (token_hash, login, csrf_token, expires_at) values ($1, $2, $3, $4)',
        [tokenHash, session.login, session.csrfToken, expiresAt],
      );
    },
    async find(tokenHash) {
      const { rows } = await pool.query<{ login: string; csrf_token: string }>(
        'select login, csrf_token from console_sessions where token_hash = $1 and expires_at > now()',
        [tokenHash],
      );
      return rows[0] ? { login: rows[0].login, csrfToken: rows[0].csrf_token } : undefined;
    },
    async remove(tokenHash) {
      await pool.query('delete from console_sessions where token_hash = $1', [tokenHash]);
    },
  };
}
