import type pg from 'pg';
import type { Principal } from '@signalbox/event-model';
import type { DecisionDraft, DecisionOutcome, StoredApproval } from '../../control/control-store.ts';
import { decide, KeyTaken, readApproval, refusalOf, replay } from './approvals.ts';
import { askerOf, findByKey } from './commands.ts';
import type { ControlTransactions } from './transaction.ts';

/** Settled approvals kept in memory: a race has hundreds of losers, and what they are told never changes. */
const MOST_SETTLED = 1_000;

/**
 * Decisions in this process, those on one approval one after the other: whoever comes second would wait for the row
 * anyway, with a connection in hand. The database stays the judge, for other collectors decide too.
 */
export class DecisionTurns {
  readonly #pool: pg.Pool;
  readonly #transactions: ControlTransactions;
  readonly #ends = new Map<string, Promise<unknown>>();
  readonly #settled = new Map<string, StoredApproval>();

  constructor(pool: pg.Pool, transactions: ControlTransactions) {
    this.#pool = pool;
    this.#transactions = transactions;
  }

  async decide(draft: DecisionDraft): Promise<DecisionOutcome> {
    const before = this.#ends.get(draft.approvalId) ?? Promise.resolve();
    const own = before.catch(() => undefined).then(() => this.#decideInTurn(draft));
    this.#ends.set(draft.approvalId, own);
    try {
      return await own;
    } finally {
      if (this.#ends.get(draft.approvalId) === own) this.#ends.delete(draft.approvalId);
    }
  }

  /** Losers cost one short read. */
  async #decideInTurn(draft: DecisionDraft): Promise<DecisionOutcome> {
    const { rows } = await this.#pool.query<{ status: string; known: boolean }>(
      `select status, exists (select from commands where asked_by = $2 and idempotency_key = $3) as known
       from approvals where id = $1`,
      [draft.approvalId, askerOf(draft.by), draft.idempotencyKey],
    );
    const [row] = rows;
    if (!row) return { refused: 'not_found' };
    const before = row.known ? await findByKey(this.#pool, draft.by, draft.idempotencyKey) : null;
    if (before) return replay(before, draft.requestHash);
    if (row.status !== 'pending') return this.#refuse(draft);
    return this.#transactions
      .run((client) => decide(client, draft))
      .catch((error: unknown) => sameQuestion(this.#pool, draft, error));
  }

  async #refuse({ approvalId, shownHash }: DecisionDraft): Promise<DecisionOutcome> {
    const known = this.#settled.get(approvalId) ?? (await readApproval(this.#pool, approvalId));
    if (known === null) return { refused: 'not_found' };
    this.#settled.delete(approvalId);
    this.#settled.set(approvalId, known);
    for (const oldest of this.#settled.keys()) {
      if (this.#settled.size <= MOST_SETTLED) break;
      this.#settled.delete(oldest);
    }
    return refusalOf(known, shownHash, 0) ?? { refused: 'not_found' };
  }
}

/** Two requests under one key at the same moment: the second gets what the first got. */
export async function sameQuestion(
  pool: pg.Pool,
  draft: { by: Principal; idempotencyKey: string; requestHash: string },
  error: unknown,
) {
  const before = error instanceof KeyTaken ? await findByKey(pool, draft.by, draft.idempotencyKey) : null;
  if (!before) throw error;
  return replay(before, draft.requestHash);
}
