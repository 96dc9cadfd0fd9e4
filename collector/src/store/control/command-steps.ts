import type pg from 'pg';
import type { CommandKind, CommandState } from '@signalbox/event-model';
import type { AuditDraft } from '../../control/audit-entry.ts';
import type { CommandStep } from '../../control/control-store.ts';
import { SYSTEM } from './approvals.ts';
import { appendAudit } from './audit-rows.ts';
import type { ControlTransactions } from './transaction.ts';

/** Steps of one transaction: the audit's head is locked as long as it takes. */
const MOST_AT_ONCE = 500;

/** States a command can come from, by the state it goes to. A state once left never comes back. */
const FROM: Readonly<Record<CommandState, readonly CommandState[]>> = {
  queued: [],
  delivered: ['queued'],
  acked: ['queued', 'delivered'],
  effective: ['queued', 'delivered', 'acked'],
  refused: ['queued', 'delivered', 'acked'],
  // What was read back can still be contradicted by what comes later.
  failed: ['queued', 'delivered', 'acked', 'effective'],
  expired: ['queued'],
};

const MOVE = `with step as (
    select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
      as s (id, state, evidence, problem, runtime, target)
  ), moved as (
    update commands c set state = step.state, problem = coalesce(step.problem, c.problem) from step
    where c.id = step.id and ($7::jsonb -> step.state) ? c.state
      and (step.runtime is null or (c.runtime = step.runtime and c.target = step.target))
    returning c.id, c.kind, c.runtime, c.target, c.run_id, c.approval_id, step.state, step.evidence
  ), told as (
    insert into command_history (command_id, seq, state, evidence)
    select id, (select max(seq) + 1 from command_history where command_id = moved.id), state, evidence from moved
  )
  select * from moved`;

interface Moved {
  id: string;
  kind: CommandKind;
  runtime: string;
  target: string;
  run_id: string | null;
  approval_id: string | null;
  state: CommandState;
  evidence: string | null;
}

/** Moves commands on, each at most one step; gives the ids of those that were not past it. */
export async function moveCommands(client: pg.PoolClient, steps: readonly CommandStep[]): Promise<Set<string>> {
  const { rows } = await client.query<Moved>(MOVE, [
    steps.map(({ id }) => id),
    steps.map(({ state }) => state),
    steps.map(({ evidence }) => evidence),
    steps.map(({ problem }) => problem),
    steps.map(({ reporter }) => reporter?.runtime ?? null),
    steps.map(({ reporter }) => reporter?.target ?? null),
    JSON.stringify(FROM),
  ]);
  const moved = new Map(rows.map((row) => [row.id, row]));
  const inOrder = steps.flatMap(({ id }) => moved.get(id) ?? []);
  await appendAudit(client, inOrder.map(toAudit));
  return new Set(moved.keys());
}

function toAudit({ id, kind, runtime, target, run_id, approval_id, state, evidence }: Moved): AuditDraft {
  return {
    actor: SYSTEM,
    action: 'command.state',
    subject: { command: id, runtime, agent: target, runId: run_id, approvalId: approval_id },
    detail: { kind, state, evidence },
  };
}

interface Waiting {
  step: CommandStep;
  resolve: (moved: boolean) => void;
  reject: (error: unknown) => void;
}

/**
 * Steps of commands, taken together: while one transaction is under way, what comes in meanwhile waits for the next.
 * Agents report by the hundred, and the audit takes one writer at a time.
 */
export class CommandSteps {
  readonly #transactions: ControlTransactions;
  #waiting: Waiting[] = [];
  #running = false;

  constructor(transactions: ControlTransactions) {
    this.#transactions = transactions;
  }

  /** True when the command moved; false when it is past that state, or the reporter's word does not count for it. */
  advance(step: CommandStep): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ step, resolve, reject });
      if (!this.#running) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#waiting.length > 0) {
      const round = this.#nextRound();
      try {
        const moved = await this.#transactions.run((client) =>
          moveCommands(
            client,
            round.map(({ step }) => step),
          ),
        );
        for (const { step, resolve } of round) resolve(moved.has(step.id));
      } catch (error) {
        for (const { reject } of round) reject(error);
      }
    }
    this.#running = false;
  }

  /** At most one step of each command, in the order they came. */
  #nextRound(): Waiting[] {
    const round = new Map<string, Waiting>();
    const later: Waiting[] = [];
    for (const waiting of this.#waiting) {
      const { id } = waiting.step;
      if (round.size < MOST_AT_ONCE && !round.has(id)) round.set(id, waiting);
      else later.push(waiting);
    }
    this.#waiting = later;
    return [...round.values()];
  }
}
