import type pg from 'pg';
import type { Command } from '@signalbox/event-model';
import type { BatchDraft, BatchOutcome } from '../../control/control-store.ts';
import { readApprovals, refusalOf, replay, settle } from './approvals.ts';
import { findByKey } from './commands.ts';

/** One decision on several approvals: every one of them is decided by it, or none is. */
export async function decideAll(client: pg.PoolClient, draft: BatchDraft): Promise<BatchOutcome> {
  const before = await answeredBefore(client, draft);
  if (before !== null) return before;
  const ids = draft.items.map(({ id }) => id);
  const { rows } = await client.query<{ now: Date }>(
    'select clock_timestamp() as now from approvals where id = any($1) order by id for update',
    [ids],
  );
  const now = rows[0]?.now.getTime() ?? 0;
  const found = new Map((await readApprovals(client, 'where a.id = any($1)', [ids])).map((each) => [each.id, each]));
  for (const { id, shownHash } of draft.items) {
    const approval = found.get(id);
    const refusal = approval ? refusalOf(approval, shownHash, now) : ({ refused: 'not_found' } as const);
    if (refusal) return { refusal, subject: id };
  }
  const commands: Command[] = [];
  for (const { id } of draft.items) {
    const approval = found.get(id);
    if (!approval) continue;
    const { by, reason, decision, requestHash } = draft;
    const status = decision === 'approve' ? 'approved' : 'rejected';
    const idempotencyKey = keyOf(draft, id);
    const settled = await settle(client, approval, { status, decision, by, reason, idempotencyKey, requestHash });
    if (settled.command) commands.push(settled.command);
  }
  return { commands };
}

/** The same batch again gets the same commands; another one under its key is refused. */
async function answeredBefore(client: pg.PoolClient, draft: BatchDraft): Promise<BatchOutcome | null> {
  const commands: Command[] = [];
  for (const { id } of draft.items) {
    const before = await findByKey(client, draft.by, keyOf(draft, id));
    if (!before) return null;
    const answer = replay(before, draft.requestHash);
    if ('refused' in answer) return { refusal: answer, subject: id };
    commands.push(before.command);
  }
  return { commands };
}

function keyOf({ idempotencyKey }: BatchDraft, id: string): string {
  return `${idempotencyKey}:${id}`;
}
