import type pg from 'pg';
import type { AuditEntry } from '@signalbox/event-model';
import type { StoredAuditEntry } from '../../control/audit-entry.ts';
import type { ControlStore, StoredApproval } from '../../control/control-store.ts';
import type { WebhookStore } from '../../control/webhook.ts';
import {
  claimUntold,
  expireApprovals,
  listApprovals,
  readApproval,
  readApprovals,
  SYSTEM,
  readContext,
} from './approvals.ts';
import { appendAudit, readAudit, readHead } from './audit-rows.ts';
import { CommandSteps, moveCommands } from './command-steps.ts';
import { decideAll } from './batch.ts';
import { readCommand, readCommands, readOpenRefs } from './commands.ts';
import { toAgent, type AgentRow } from './control-rows.ts';
import { DecisionTurns, sameQuestion } from './decision-turns.ts';
import { extendApproval, readSimilar } from './extensions.ts';
import { openApproval } from './open-approval.ts';
import { order, runLink, runsToStop } from './orders.ts';
import { ControlTransactions } from './transaction.ts';

const AUDIT_PAGE = 1000;
const ANY_DUE = `select exists (select from approvals where status = 'pending' and expires_at <= clock_timestamp())
  or exists (select from commands where state = 'queued' and expires_at <= clock_timestamp()) as due`;

/** The {@link ControlStore} on PostgreSQL. */
export function createPostgresControlStore(pool: pg.Pool): ControlStore {
  const transactions = new ControlTransactions(pool);
  return { ...readers(pool), ...approvalWriters(pool, transactions), ...commandWriters(pool, transactions) };
}

type Readers =
  | 'approval'
  | 'approvals'
  | 'similar'
  | 'approvalContext'
  | 'command'
  | 'commandsOfRun'
  | 'openCommands'
  | 'openRefs'
  | 'commands'
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
    similar: (ids) => readSimilar(pool, ids),
    approvalContext: (id) => readContext(pool, id),
    command: (id) => readCommand(pool, id),
    commandsOfRun: (runId) => readCommands(pool, 'c.run_id = $1', [runId]),
    openCommands: (runtime, targets) =>
      readCommands(pool, "c.runtime = $1 and c.target = any($2) and c.state in ('queued', 'delivered', 'acked')", [
        runtime,
        targets,
      ]),
    openRefs: (runtime, targets) => readOpenRefs(pool, runtime, targets),
    commands: (ids) => readCommands(pool, 'c.id = any($1)', [ids]),
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
    tellAgain: async (id, seconds) => {
      await pool.query("update approvals set notify_at = now() + $2 * interval '1 second' where id = $1", [
        id,
        seconds,
      ]);
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
): Pick<ControlStore, 'openApproval' | 'withdraw' | 'decide' | 'decideAll' | 'extend' | 'expireDue'> {
  const turns = new DecisionTurns(pool, transactions);
  return {
    openApproval: (draft) => transactions.run((client) => openApproval(client, draft)),
    withdraw: (ref, reason) => transactions.run((client) => withdraw(client, ref, reason)),
    decide: (draft) => turns.decide(draft),
    decideAll: (draft) => transactions.run((client) => decideAll(client, draft)),
    extend: (draft) => transactions.run((client) => extendApproval(client, draft)),
    expireDue: async () => {
      // Asked many times a second, mostly in vain: that must not take the audit's head.
      const { rows } = await pool.query<{ due: boolean }>(ANY_DUE);
      if (rows[0]?.due !== true) return 0;
      return transactions.run(async (client) => (await expireApprovals(client)) + (await expireCommands(client)));
    },
  };
}

function commandWriters(
  pool: pg.Pool,
  transactions: ControlTransactions,
): Pick<ControlStore, 'order' | 'advance' | 'take' | 'seeAgent' | 'linkRun' | 'linkSession' | 'audit'> {
  const steps = new CommandSteps(transactions);
  return {
    order: (draft) =>
      transactions.run((client) => order(client, draft)).catch((error: unknown) => sameQuestion(pool, draft, error)),
    advance: (id, state, evidence, problem = null) => steps.advance({ id, state, evidence, problem }),
    take: (report) => steps.advance(report),
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

async function expireCommands(client: pg.PoolClient): Promise<number> {
  const { rows } = await client.query<{ id: string }>(
    `select id from commands where state = 'queued' and expires_at <= clock_timestamp() limit 200 for update skip locked`,
  );
  if (rows.length === 0) return 0;
  const problem = 'It was not delivered in time.';
  await moveCommands(
    client,
    rows.map(({ id }) => ({ id, state: 'expired', evidence: null, problem })),
  );
  return rows.length;
}
