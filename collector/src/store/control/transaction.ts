import type pg from 'pg';

/** Runs control's transactions under the role that cannot change the audit, where the server has one. */
export class ControlTransactions {
  readonly #pool: pg.Pool;
  #role: Promise<string> | undefined;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async run<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const role = await this.#roleName();
    const client = await this.#pool.connect();
    let broken: Error | undefined;
    try {
      await client.query(role === '' ? 'begin' : `begin; set local role ${role}`);
      const result = await work(client);
      await client.query('commit');
      return result;
    } catch (error) {
      await client.query('rollback').catch((cause: unknown) => (broken = cause as Error));
      throw error;
    } finally {
      client.release(broken);
    }
  }

  #roleName(): Promise<string> {
    this.#role ??= this.#pool
      .query<{ value: string }>("select value from meta where key = 'control_role'")
      .then(({ rows }) => (/^[a-z_]+$/.test(rows[0]?.value ?? '') ? (rows[0]?.value ?? '') : ''))
      .catch((error: unknown) => {
        this.#role = undefined;
        throw error;
      });
    return this.#role;
  }
}
