import type pg from 'pg';

/**
 * Runs control's transactions under the role that cannot change the audit, where the server has one. Each begins by
 * locking the end of the audit's chain: they all lock it in the end, and taking it first keeps a stop, which locks the
 * open requests of a run, from waiting for a decision that waits for the stop.
 */
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
      await client.query(`begin; ${role === '' ? '' : `set local role ${role};`} select 1 from audit_head for update`);
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
