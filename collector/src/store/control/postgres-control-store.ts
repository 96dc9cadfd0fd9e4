import type pg from 'pg';
import type { AuditEntry, Command, Principal } from '@signalbox/event-model';
import type { StoredAuditEntry } from '../../control/audit-entry.ts';
import type { ControlStore, OrderDraft, Refusal, RunLink, StoredApproval } from '../../control/control-store.ts';
import type { WebhookStore } from '../../control/webhook.ts';
import {
  claimUntold,
  expireApprovals,
  KeyTaken,
  listApprovals,
  openApproval,
  readApproval,
  readApprovals,
  replay,
  settle,
  SYSTEM,
} from './approvals.ts';
import { appendAudit, readAudit, readHead } from './audit-rows.ts';
import { advanceCommand, findByKey, insertCommand, readCommand, readCommands } from './commands.ts';
import { toAgent, type AgentRow } from './control-rows.ts';
import { DecisionTurns, sameQuestion } from './decision-turns.ts';
import { ControlTransactions } from './transaction.ts';

const AUDIT_PAGE = 1000;

/** The {@link ControlStore} on PostgreSQL. */
export function createPostgresControlStore(pool: pg.Pool): ControlStore {
  const transactions = new ControlTransactions(pool);
  return { ...readers(pool), ...approvalWriters(pool, transactions), ...commandWriters(pool, transactions) };
}

type Readers =
  | 'approval'
  | 'approvals'
  | 'command'
  | 'commandsOfRun'
  | 'openCommands'
  | 'agent'
  | 'agents'
  | 'runLink'
  | 'runsToStop'
  | 'auditPage'
  | 'auditEntries'
  | 'auditHead';

function readers(pool: pg.Pool): Pick<ControlStore, Readers> {
  return {
    approval: (id) => readApproval(pool, id),
    approvals: (query) => listApprovals(pool, query),
    command: (id) => readCommand(pool, id),
    commandsOfRun: (runId) => readCommands(pool, 'c.run_id = $1', [runId]),
    openCommands: (runtime, targets) =>
      readCommands(pool, "c.runtime = $1 and c.target = any($2) and c.state in ('queued', 'delivered', 'acked')", [
        runtime,
        targets,
      ]),
    agent: async (runtime, target) => {
      const { rows } = await pool.query<AgentRow>('select * from agents where runtime = $1 and target = $2', [
        runtime,
        target,
      ]);
      return rows[0] ? toAgent(rows[0]) : null;
    },
    agents: async (runtimes) => {
      const { rows } = await pool.query<AgentRow>(
        'select * from agents where runtime = any($1) order by name, runtime, target limit 1000',
        [runtimes],
      );
      return rows.map(toAgent);
    },
    runLink: (runId) => runLink(pool, runId),
    runsToStop: (workflow) => runsToStop(pool, workflow),
    auditPage: async (after, limit) => (await readAudit(pool, after, limit)).map(withoutText),
    async *auditEntries() {
      for (let after = 0; ;) {
        const page = await readAudit(pool, after, AUDIT_PAGE);
        yield* page;
        if (page.length < AUDIT_PAGE) return;
        after = page.at(-1)?.seq ?? after;
      }
    },
    auditHead: () => readHead(pool),
  };
}

/** What the webhook asks of the database. */
export function createPostgresWebhookStore(pool: pg.Pool): WebhookStore {
  return {
    claimUntold: () => claimUntold(pool),
    markTold: async (id) => {
      await pool.query('update approvals set notify_at = null where id = $1', [id]);
    },
  };
}

function withoutText(stored: StoredAuditEntry): AuditEntry {
  const entry: AuditEntry & { text?: string } = { ...stored };
  delete entry.text;
  return entry;
}

function approvalWriters(
  pool: pg.Pool,
  transactions: ControlTransactions,
): Pick<ControlStore, 'openApproval' | 'withdraw' | 'decide' | 'expireDue'> {
  const turns = new DecisionTurns(pool, transactions);
  return {
    openApproval: (draft) => transactions.run((client) => openApproval(client, draft)),
    withdraw: (ref, reason) => transactions.run((client) => withdraw(client, ref, reason)),
    decide: (draft) => turns.decide(draft),
    expireDue: () =>
      transactions.run(async (client) => (await expireApprovals(client)) + (await expireCommands(client))),
  };
}

function commandWriters(
  pool: pg.Pool,
  transactions: ControlTransactions,
): Pick<ControlStore, 'order' | 'advance' | 'seeAgent' | 'linkRun' | 'linkSession' | 'audit'> {
  return {
    order: (draft) =>
      transactions.run((client) => order(client, draft)).catch((error: unknown) => sameQuestion(pool, draft, error)),
    advance: (id, state, evidence, problem = null) =>
      transactions.run(async (client) => {
        const command = await advanceCommand(client, id, { state, evidence, problem });
        if (!command) return false;
        await appendAudit(client, [stateEntry(command, evidence)]);
        return true;
      }),
    seeAgent: async ({ runtime, target, name, workflow, client: kit, capabilities }) => {
      await pool.query(
        `insert into agents (runtime, target, name, workflow, client, capabilities) values ($1, $2, $3, $4, $5, $6)
         on conflict (runtime, target) do update set name = excluded.name, workflow = excluded.workflow,
           client = excluded.client, capabilities = excluded.capabilities, seen_at = now()`,
        [runtime, target, name, workflow, kit, capabilities],
      );
    },
    linkRun: async (runtime, target, runId, ended) => {
      await pool.query(
        `insert into run_agents (run_id, runtime, target, ended) values ($1, $2, $3, $4)
         on conflict (run_id) do update set runtime = excluded.runtime, target = excluded.target,
           ended = excluded.ended, at = now()`,
        [runId, runtime, target, ended],
      );
    },
    linkSession: async (runtime, target, sessionId) => {
      await pool.query(
        `insert into run_agents (run_id, runtime, target) select id, $1, $2 from runs where session_id = $3
         on conflict (run_id) do nothing`,
        [runtime, target, sessionId],
      );
    },
    audit: (draft) => transactions.run((client) => appendAudit(client, [draft])),
  };
}

function stateEntry(command: Command, evidence: string | null) {
  return {
    actor: SYSTEM,
    action: 'command.state',
    subject: { command: command.id, ...command.target },
    detail: { kind: command.kind, state: command.state, evidence },
  };
}

async function withdraw(
  client: pg.PoolClient,
  ref: { runtime: string; target: string; externalId: string },
  reason: string,
): Promise<StoredApproval | null> {
  await client.query('select 1 from approvals where runtime = $1 and target = $2 and external_id = $3 for update', [
    ref.runtime,
    ref.target,
    ref.externalId,
  ]);
  const [approval] = await readApprovals(client, 'where a.runtime = $1 and a.target = $2 and a.external_id = $3', [
    ref.runtime,
    ref.target,
    ref.externalId,
  ]);
  if (approval?.status !== 'pending') return approval ?? null;
  await client.query(
    `update approvals set status = 'withdrawn', decided_at = date_trunc('milliseconds', clock_timestamp()), decided_by = $2,
       decision_reason = $3, changed_at = now() where id = $1`,
    [approval.id, JSON.stringify(SYSTEM), reason],
  );
  await appendAudit(client, [
    { actor: SYSTEM, action: 'approval.withdrawn', subject: { approval: approval.id, ...ref }, reason },
  ]);
  return readApproval(client, approval.id);
}

/** Stop, and everything about tasks. A stop also ends the run's open approvals and bars later ones. */
async function order(
  client: pg.PoolClient,
  draft: OrderDraft,
): Promise<Refusal | { command: Command; replayed: boolean }> {
  const before = await findByKey(client, draft.by, draft.idempotencyKey);
  if (before) return replay(before, draft.requestHash);
  if (draft.kind !== 'stop') {
    const stopped = await stopOf(client, draft.runId);
    if (stopped) return { refused: 'run_stopped', by: stopped.by, at: stopped.at };
  }
  const command = await insertCommand(client, { ...draft, approvalId: null, expiresAt: null });
  if (!command) throw new KeyTaken();
  await appendAudit(client, [
    {
      actor: draft.by,
      action: draft.kind === 'stop' ? 'run.stop' : draft.kind,
      subject: { command: command.id, run: draft.runId, runtime: draft.runtime, agent: draft.target },
      reason: draft.reason,
      detail: draft.payload,
    },
  ]);
  if (draft.kind === 'stop') await barRun(client, command, draft.by);
  return { command, replayed: false };
}

async function barRun(client: pg.PoolClient, command: Command, by: Principal): Promise<void> {
  const { runId } = command.target;
  await client.query(
    `insert into stopped_runs (run_id, command_id, stopped_by) values ($1, $2, $3) on conflict (run_id) do nothing`,
    [runId, command.id, JSON.stringify(by)],
  );
  const open = await readApprovals(
    client,
    `where a.id in (select id from approvals where run_id = $1 and status = 'pending' for update)`,
    [runId],
  );
  for (const approval of open) {
    const reason = `The run was stopped by ${by.name}.`;
    await settle(client, approval, { status: 'withdrawn', decision: 'expired', by, reason });
  }
}

async function expireCommands(client: pg.PoolClient): Promise<number> {
  const due = await readCommands(
    client,
    `c.id in (select id from commands where state = 'queued' and expires_at <= clock_timestamp() limit 200
       for update skip locked)`,
    [],
  );
  for (const { id } of due) {
    const problem = 'It was not delivered in time.';
    const command = await advanceCommand(client, id, { state: 'expired', evidence: null, problem });
    if (command) await appendAudit(client, [stateEntry(command, null)]);
  }
  return due.length;
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

async function runLink(pool: pg.Pool, runId: string): Promise<RunLink> {
  const { rows } = await pool.query<AgentRow & { ended: boolean }>(
    `select agents.*, run_agents.ended from run_agents join agents using (runtime, target) where run_id = $1`,
    [runId],
  );
  const [row] = rows;
  return { agent: row ? toAgent(row) : null, ended: row?.ended ?? false, stop: await stopOf(pool, runId) };
}

async function runsToStop(pool: pg.Pool, workflow: string | null): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `select id from runs where status in ('in_progress', 'waiting') and ($1::text is null or workflow = $1)
     union
     select run_id from run_agents join agents using (runtime, target)
     where not ended and ($1::text is null or agents.workflow = $1)
     limit 1000`,
    [workflow],
  );
  return rows.map((row) => row.id);
}
