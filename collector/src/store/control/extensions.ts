import type pg from 'pg';
import type { Command, SimilarApprovals } from '@signalbox/event-model';
import type { ExtensionDraft, Refusal } from '../../control/control-store.ts';
import { SIMILAR_DAYS } from '../../control/observed-approvals.ts';
import { KeyTaken, readApproval, refusalOf, replay, subjectOf } from './approvals.ts';
import { appendAudit } from './audit-rows.ts';
import { findByKey, insertCommand } from './commands.ts';

/** The newest of them say enough, and a busy tool asks thousands of times. */
const MOST_ALIKE = 200;

/** Moves the end of a request, and orders its agent to wait as long. */
export async function extendApproval(
  client: pg.PoolClient,
  draft: ExtensionDraft,
): Promise<Refusal | { command: Command; replayed: boolean }> {
  const before = await findByKey(client, draft.by, draft.idempotencyKey);
  if (before) return replay(before, draft.requestHash);
  const { rows } = await client.query<{ now: Date; until: Date }>(
    `select clock_timestamp() as now,
       least(expires_at + $2::double precision * interval '1 minute', requested_at + interval '1 day') as until
     from approvals where id = $1 for update`,
    [draft.approvalId, draft.minutes],
  );
  const approval = await readApproval(client, draft.approvalId);
  if (!approval || !rows[0]) return { refused: 'not_found' };
  const refusal = refusalOf(approval, approval.shownHash, rows[0].now.getTime());
  if (refusal) return refusal;
  const until = rows[0].until.toISOString();
  await client.query('update approvals set expires_at = $2, changed_at = now() where id = $1', [approval.id, until]);
  const command = await insertCommand(client, {
    kind: 'extend',
    runtime: approval.runtime,
    target: approval.target,
    runId: approval.runId,
    approvalId: approval.id,
    payload: { request: approval.externalId, minutes: draft.minutes, until },
    by: draft.by,
    idempotencyKey: draft.idempotencyKey,
    requestHash: draft.requestHash,
    // Once its time is up there is nothing left to wait for.
    expiresAt: rows[0].until,
  });
  if (!command) throw new KeyTaken();
  await appendAudit(client, [
    {
      actor: draft.by,
      action: 'approval.extended',
      subject: { ...subjectOf(approval), command: command.id },
      detail: { from: approval.expiresAt, until },
    },
  ]);
  return { command, replayed: false };
}

/** How requests for the same action in the same workflow ended before each of these. */
export async function readSimilar(pool: pg.Pool, ids: readonly string[]): Promise<Map<string, SimilarApprovals>> {
  if (ids.length === 0) return new Map();
  const { rows } = await pool.query<{ id: string; approved: number; rejected: number; expired: number }>(
    `select a.id, (count(*) filter (where o.status = 'approved'))::int as approved,
       (count(*) filter (where o.status = 'rejected'))::int as rejected,
       (count(*) filter (where o.status = 'expired'))::int as expired
     from approvals a cross join lateral (
       select status from approvals o
       where o.action = a.action and o.workflow is not distinct from a.workflow and o.id <> a.id
         and o.requested_at between a.requested_at - $2::int * interval '1 day' and a.requested_at
         and o.status in ('approved', 'rejected', 'expired')
       order by o.requested_at desc limit ${MOST_ALIKE}) o
     where a.id = any($1) group by a.id`,
    [ids, SIMILAR_DAYS],
  );
  return new Map(rows.map(({ id, ...counts }) => [id, { ...counts, days: SIMILAR_DAYS }]));
}
