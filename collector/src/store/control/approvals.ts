import type pg from 'pg';
import type { Decision, Principal } from '@signalbox/event-model';
import type {
  ApprovalQuery,
  DecisionDraft,
  DecisionOutcome,
  Refusal,
  StoredApproval,
} from '../../control/control-store.ts';
import { appendAudit } from './audit-rows.ts';
import { findByKey, insertCommand } from './commands.ts';
import { APPROVAL_COLUMNS, toApproval, type ApprovalRow } from './control-rows.ts';

type Queryable = pg.Pool | pg.PoolClient;

/** Who acts when nobody does. */
export const SYSTEM: Principal = { login: 'signalbox', name: 'Signalbox', via: 'system' };

/** Approvals that fit a condition on `a`. */
export async function readApprovals(db: Queryable, tail: string, values: unknown[]): Promise<StoredApproval[]> {
  const { rows } = await db.query<ApprovalRow>(`select ${APPROVAL_COLUMNS} from approvals a ${tail}`, values);
  return rows.map(toApproval);
}

/** One approval, or null. */
export async function readApproval(db: Queryable, id: string): Promise<StoredApproval | null> {
  const [approval] = await readApprovals(db, 'where a.id = $1', [id]);
  return approval ?? null;
}

/** What the runtime keeps with a request. */
export async function readContext(pool: pg.Pool, id: string): Promise<Record<string, unknown>> {
  const { rows } = await pool.query<{ context: Record<string, unknown> }>(
    'select context from approvals where id = $1',
    [id],
  );
  return rows[0]?.context ?? {};
}

/** A page of approvals, newest first. */
export function listApprovals(pool: pg.Pool, query: ApprovalQuery): Promise<StoredApproval[]> {
  const { status, runId, workflow, decidedBy, after, limit } = query;
  return readApprovals(
    pool,
    `where ($1::text[] is null or a.status = any($1)) and ($2::uuid is null or a.run_id = $2)
       and ($3::text[] is null or coalesce((select workflow from runs where runs.id = a.run_id), a.workflow) = any($3))
       and ($4::text is null or a.decided_by ->> 'login' = $4)
       and ($5::timestamptz is null or (a.requested_at, a.id) < ($5, $6::uuid))
     order by a.requested_at desc, a.id desc limit $7`,
    [status ?? null, runId ?? null, workflow ?? null, decidedBy ?? null, after?.at ?? null, after?.id ?? null, limit],
  );
}

/** What the audit says of an approval. */
export function subjectOf(approval: StoredApproval): Record<string, unknown> {
  const { id, runtime, target, externalId, runId } = approval;
  return { approval: id, runtime, agent: target, request: externalId, run: runId };
}

interface Settlement {
  status: 'approved' | 'rejected' | 'expired' | 'withdrawn';
  /** What the agent is told; `expired` stands for "no". */
  decision: Decision | 'expired';
  by: Principal;
  reason: string | null;
  args?: unknown;
  answer?: unknown;
  idempotencyKey?: string;
  requestHash?: string;
}

/** Ends a pending approval with the command that tells the agent; the caller holds the row. */
export async function settle(
  client: pg.PoolClient,
  approval: StoredApproval,
  settlement: Settlement,
): Promise<StoredApproval> {
  const { status, decision, by, reason } = settlement;
  const changes = changesOf(settlement);
  const command = await insertCommand(client, {
    kind: 'decision',
    runtime: approval.runtime,
    target: approval.target,
    runId: approval.runId,
    approvalId: approval.id,
    payload: { decision, ...(reason === null ? {} : { reason }), ...changes, request: approval.externalId },
    by,
    idempotencyKey: settlement.idempotencyKey ?? `${status}:${approval.id}`,
    requestHash: settlement.requestHash ?? '',
    expiresAt: null,
  });
  if (!command) throw new KeyTaken();
  await client.query(
    `update approvals set status = $2, decided_at = date_trunc('milliseconds', clock_timestamp()), decided_by = $3, decision = $4,
       decision_reason = $5, edited_args = $6, answer = $7, command_id = $8, changed_at = now() where id = $1`,
    [
      approval.id,
      status,
      JSON.stringify(by),
      decision === 'expired' ? null : decision,
      reason,
      wrapped(changes, 'args'),
      wrapped(changes, 'answer'),
      command.id,
    ],
  );
  await appendAudit(client, [
    {
      actor: by,
      action: status === 'expired' || status === 'withdrawn' ? `approval.${status}` : 'approval.decided',
      subject: { ...subjectOf(approval), command: command.id },
      reason,
      detail: { decision, action: approval.action, shownHash: approval.shownHash, ...changes },
    },
  ]);
  return (await readApproval(client, approval.id)) ?? approval;
}

/** What a decision puts in the place of what was asked. */
function changesOf({ args, answer }: Settlement): { args?: unknown; answer?: unknown } {
  return { ...(args === undefined ? {} : { args }), ...(answer === undefined ? {} : { answer }) };
}

/** A value of any JSON type in a column that may also be empty. */
function wrapped(changes: object, key: 'args' | 'answer'): string | null {
  return key in changes ? JSON.stringify({ value: (changes as Record<string, unknown>)[key] }) : null;
}

/** The asker used the idempotency key for something else at the same moment. */
export class KeyTaken extends Error {
  constructor() {
    super('idempotency key taken');
    this.name = 'KeyTaken';
  }
}

/** Why a decision on an approval as stored cannot count. */
export function refusalOf(approval: StoredApproval, shownHash: string, now: number): Refusal | null {
  if (approval.status === 'expired') return { refused: 'expired', approval };
  if (approval.status !== 'pending') return { refused: 'not_pending', approval };
  if (approval.expiresAt !== null && Date.parse(approval.expiresAt) <= now) return { refused: 'expired', approval };
  return approval.shownHash === shownHash ? null : { refused: 'changed', approval };
}

/** One decision: exactly one of those that race gets past the row lock with the approval still pending. */
export async function decide(client: pg.PoolClient, draft: DecisionDraft): Promise<DecisionOutcome> {
  const { rows } = await client.query<{ now: Date }>(
    'select clock_timestamp() as now from approvals where id = $1 for update',
    [draft.approvalId],
  );
  const approval = await readApproval(client, draft.approvalId);
  if (!approval || !rows[0]) return { refused: 'not_found' };
  const before = await findByKey(client, draft.by, draft.idempotencyKey);
  if (before) return replay(before, draft.requestHash);
  const refusal = refusalOf(approval, draft.shownHash, rows[0].now.getTime());
  if (refusal) return refusal;
  if (draft.decision !== 'reject' && approval.votesNeeded > 1) {
    const vote = await addVote(client, approval, draft);
    if (vote !== null) return vote;
  }
  const settled = await settle(client, approval, {
    ...draft,
    status: draft.decision === 'reject' ? 'rejected' : 'approved',
    args: draft.decision === 'edit' ? draft.args : undefined,
    answer: draft.decision === 'respond' ? draft.answer : undefined,
  });
  return settled.command === null ? { refused: 'not_found' } : { command: settled.command, replayed: false };
}

/** The same question again gets the same answer; another question under the same key is refused. */
export function replay(
  before: NonNullable<Awaited<ReturnType<typeof findByKey>>>,
  requestHash: string,
): DecisionOutcome & (Refusal | { command: StoredApproval['command'] & object; replayed: boolean }) {
  if (before.requestHash !== requestHash) return { refused: 'key_reused', command: before.command };
  return { command: before.command, replayed: true };
}

/** Counts a vote; null when it is the last one needed. */
async function addVote(
  client: pg.PoolClient,
  approval: StoredApproval,
  draft: DecisionDraft,
): Promise<DecisionOutcome | null> {
  const { rowCount } = await client.query(
    `insert into approval_votes (approval_id, login, voter, decision) values ($1, $2, $3, $4)
     on conflict (approval_id, login) do nothing`,
    [approval.id, draft.by.login, JSON.stringify(draft.by), draft.decision],
  );
  if (rowCount === 0) return { refused: 'already_voted', approval };
  await appendAudit(client, [
    {
      actor: draft.by,
      action: 'approval.vote',
      subject: subjectOf(approval),
      reason: draft.reason,
      detail: { decision: draft.decision, shownHash: draft.shownHash },
    },
  ]);
  if (approval.votes.length + 1 >= approval.votesNeeded) return null;
  await client.query('update approvals set changed_at = now() where id = $1', [approval.id]);
  return { vote: (await readApproval(client, approval.id)) ?? approval };
}

/** Approvals whose time ran out become refusals the agent is told of. */
export async function expireApprovals(client: pg.PoolClient): Promise<number> {
  const due = await readApprovals(
    client,
    `where a.id in (select id from approvals where status = 'pending' and expires_at <= clock_timestamp()
       order by expires_at limit 200 for update skip locked)`,
    [],
  );
  for (const approval of due) {
    const reason = `Nobody decided until ${approval.expiresAt ?? 'its end'}.`;
    await settle(client, approval, { status: 'expired', decision: 'expired', by: SYSTEM, reason });
  }
  return due.length;
}

/** Waiting approvals nobody was told of yet, for the caller to tell; a caller that dies leaves them for another after a minute. */
export async function claimUntold(pool: pg.Pool): Promise<StoredApproval[]> {
  const { rows } = await pool.query<{ id: string }>(
    `update approvals set notify_at = now() + interval '1 minute'
     where id in (select id from approvals where status = 'pending' and notify_at <= now() order by notify_at limit 20
       for update skip locked)
     returning id`,
  );
  return readApprovals(pool, 'where a.id = any($1) order by a.requested_at', [rows.map((row) => row.id)]);
}
