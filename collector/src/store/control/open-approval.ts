import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { CommandKind, Principal } from '@signalbox/event-model';
import type { ApprovalDraft, StoredApproval } from '../../control/control-store.ts';
import { runIdOf } from '../../telemetry/time.ts';
import { readApprovals, settle, subjectOf, SYSTEM } from './approvals.ts';
import { appendAudit } from './audit-rows.ts';

/** Takes a request in. One of a run that was stopped is refused at once. */
export async function openApproval(
  client: pg.PoolClient,
  draft: ApprovalDraft,
): Promise<{ approval: StoredApproval; isNew: boolean }> {
  const isNew = await insertApproval(client, draft);
  const { runtime, target, externalId, reason, action, risk } = draft;
  const [approval] = await readApprovals(client, 'where a.runtime = $1 and a.target = $2 and a.external_id = $3', [
    runtime,
    target,
    externalId,
  ]);
  if (!approval) throw new Error('the approval that was just stored is gone');
  if (!isNew) return { approval, isNew };
  const detail = { action, shownHash: draft.shownHash, risk, expiresAt: approval.expiresAt };
  await appendAudit(client, [
    { actor: SYSTEM, action: 'approval.requested', subject: subjectOf(approval), reason, detail },
  ]);
  return { approval: await refusedWhenStopped(client, approval), isNew };
}

async function insertApproval(client: pg.PoolClient, draft: ApprovalDraft): Promise<boolean> {
  const { rowCount } = await client.query(
    `insert into approvals (id, runtime, target, external_id, run_id, workflow, agent, action, args, question, reason, risk,
       allowed_decisions, shown_hash, votes_needed, status, expires_at, keys, session_id, risk_reasons, affects, reversible,
       context)
     values ($1, $2, $3, $4,
       coalesce($5::uuid, (select id from runs where session_id = $18 order by started_ns desc limit 1)),
       $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 'pending',
       date_trunc('milliseconds', now() + $16::double precision * interval '1 millisecond'), $17, $18,
       $19, $20, $21, $22)
     on conflict (runtime, target, external_id) do nothing`,
    [
      randomUUID(),
      draft.runtime,
      draft.target,
      draft.externalId,
      draft.traceId === null ? null : runIdOf(draft.traceId),
      draft.workflow,
      draft.agent,
      draft.action,
      JSON.stringify({ value: draft.args ?? null }),
      draft.question,
      draft.reason,
      draft.risk,
      draft.allowedDecisions,
      draft.shownHash,
      draft.votesNeeded,
      draft.timeoutMs,
      draft.keys,
      draft.sessionId ?? null,
      JSON.stringify(draft.riskReasons ?? []),
      draft.affects ?? null,
      draft.reversible ?? null,
      JSON.stringify(draft.context ?? {}),
    ],
  );
  return rowCount === 1;
}

async function refusedWhenStopped(client: pg.PoolClient, approval: StoredApproval): Promise<StoredApproval> {
  if (approval.runId === null) return approval;
  const { rows } = await client.query<{ by: Principal; kind: CommandKind }>(
    `select stopped_by as by, kind from stopped_runs join commands on commands.id = command_id
     where stopped_runs.run_id = $1`,
    [approval.runId],
  );
  const [end] = rows;
  if (!end) return approval;
  return settle(client, approval, {
    status: 'withdrawn',
    decision: 'expired',
    by: end.by,
    reason: whyRefused(end.kind, end.by),
  });
}

/** What agents and people are told where a run was stopped, or barred. */
export function whyRefused(kind: CommandKind, by: Principal): string {
  if (kind === 'bar') return `Further actions of the run are refused by ${by.name}.`;
  return `The run was stopped by ${by.name}.`;
}
