import type pg from 'pg';
import type { Command, Principal, StopPreview } from '@signalbox/event-model';
import type { OrderDraft, Refusal, RunLink } from '../../control/control-store.ts';
import { KeyTaken, readApprovals, replay, settle } from './approvals.ts';
import { appendAudit } from './audit-rows.ts';
import { moveCommands } from './command-steps.ts';
import { findByKey, insertCommand, readCommand } from './commands.ts';
import { toAgent, type AgentRow } from './control-rows.ts';
import { whyRefused } from './open-approval.ts';

const MOST_RUNS = 1000;
const AUDITED: Partial<Record<OrderDraft['kind'], string>> = { stop: 'run.stop', bar: 'run.bar' };

/** Stop, bar, and everything about tasks. A stop and a bar also end the run's open requests and refuse later ones. */
export async function order(
  client: pg.PoolClient,
  draft: OrderDraft,
): Promise<Refusal | { command: Command; replayed: boolean }> {
  const before = await findByKey(client, draft.by, draft.idempotencyKey);
  if (before) return replay(before, draft.requestHash);
  const ends = draft.kind === 'stop' || draft.kind === 'bar';
  if (!ends) {
    const stopped = await stopOf(client, draft.runId);
    if (stopped) return { refused: 'run_stopped', by: stopped.by, at: stopped.at };
  }
  const command = await insertCommand(client, { ...draft, approvalId: null, expiresAt: null });
  if (!command) throw new KeyTaken();
  await appendAudit(client, [
    {
      actor: draft.by,
      action: AUDITED[draft.kind] ?? draft.kind,
      subject: { command: command.id, run: draft.runId, runtime: draft.runtime, agent: draft.target },
      reason: draft.reason,
      detail: draft.payload,
    },
  ]);
  if (!ends) return { command, replayed: false };
  const takenBack = await refuseFurther(client, command, draft.by);
  return { command: draft.kind === 'bar' ? await barred(client, command, takenBack) : command, replayed: false };
}

/** The run's open requests are taken back; counts them. */
async function refuseFurther(client: pg.PoolClient, command: Command, by: Principal): Promise<number> {
  const { runId } = command.target;
  // A stop after a bar is the stronger word; a bar after a stop adds nothing.
  await client.query(
    `insert into stopped_runs (run_id, command_id, stopped_by) values ($1, $2, $3)
     on conflict (run_id) do update set command_id = excluded.command_id, stopped_by = excluded.stopped_by,
       at = clock_timestamp()
     where (select kind from commands where id = stopped_runs.command_id) = 'bar'
       and (select kind from commands where id = excluded.command_id) = 'stop'`,
    [runId, command.id, JSON.stringify(by)],
  );
  const open = await readApprovals(
    client,
    `where a.id in (select id from approvals where run_id = $1 and status = 'pending' order by id for update)`,
    [runId],
  );
  const reason = whyRefused(command.kind, by);
  for (const approval of open) await settle(client, approval, { status: 'withdrawn', decision: 'expired', by, reason });
  return open.length;
}

/** A bar needs nobody's answer: it holds with the transaction. */
async function barred(client: pg.PoolClient, command: Command, takenBack: number): Promise<Command> {
  const evidence = `open requests taken back: ${takenBack}; later ones are refused`;
  await moveCommands(client, [{ id: command.id, state: 'effective', evidence, problem: null }]);
  return (await readCommand(client, command.id)) ?? command;
}

async function stopOf(db: pg.Pool | pg.PoolClient, runId: string): Promise<RunLink['stop']> {
  const { rows } = await db.query<{ command_id: string; stopped_by: Principal; at: Date }>(
    'select command_id, stopped_by, at from stopped_runs where run_id = $1',
    [runId],
  );
  const [row] = rows;
  const command = row ? await readCommand(db, row.command_id) : null;
  return row && command ? { command, by: row.stopped_by, at: row.at.toISOString() } : null;
}

/** The agent of a run, and who stopped it. */
export async function runLink(pool: pg.Pool, runId: string): Promise<RunLink> {
  const { rows } = await pool.query<AgentRow & { ended: boolean }>(
    `select agents.*, run_agents.ended from run_agents join agents using (runtime, target) where run_id = $1`,
    [runId],
  );
  const [row] = rows;
  return { agent: row ? toAgent(row) : null, ended: row?.ended ?? false, stop: await stopOf(pool, runId) };
}

/** Runs that go on, of one workflow or of all, and whether their agents can stop. */
export async function runsToStop(pool: pg.Pool, workflow: string | null): Promise<StopPreview> {
  const { rows } = await pool.query<{ id: string; workflow: string | null; agent: string | null; can_stop: boolean }>(
    `with going as (
       select id from runs where status in ('in_progress', 'waiting') and ($1::text is null or workflow = $1)
       union
       select run_id from run_agents join agents using (runtime, target)
       where not ended and ($1::text is null or agents.workflow = $1)
     )
     select going.id, coalesce(runs.workflow, agents.workflow) as workflow, agents.name as agent,
       coalesce('stop' = any(agents.capabilities), false) as can_stop
     from going left join runs on runs.id = going.id left join run_agents on run_agents.run_id = going.id
       left join agents using (runtime, target)
     limit ${MOST_RUNS + 1}`,
    [workflow],
  );
  const runs = rows
    .slice(0, MOST_RUNS)
    .map(({ id, can_stop, ...named }) => ({ runId: id, ...named, canStop: can_stop }));
  return { runs, truncated: rows.length > MOST_RUNS };
}
