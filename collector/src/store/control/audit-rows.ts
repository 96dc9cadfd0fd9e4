import type pg from 'pg';
import type { AuditEntry, Principal } from '@signalbox/event-model';
import {
  entryHash,
  entryText,
  type AuditAnchor,
  type AuditDraft,
  type StoredAuditEntry,
} from '../../control/audit-entry.ts';
import { withoutBodies } from '../../control/audit-without-bodies.ts';

interface AuditRow {
  seq: bigint;
  at: Date;
  actor: Principal;
  action: string;
  subject: Record<string, unknown>;
  reason: string | null;
  detail: Record<string, unknown>;
  entry: string;
  previous_hash: string;
  hash: string;
}

/** Adds entries at the end of the chain, in the caller's transaction. The head is locked until it ends. */
export async function appendAudit(client: pg.PoolClient, drafts: readonly AuditDraft[]): Promise<void> {
  if (drafts.length === 0) return;
  const { rows } = await client.query<{ seq: bigint; hash: string; now: Date; metadata_only: boolean }>(
    `select seq, hash, date_trunc('milliseconds', clock_timestamp()) as now, keeps_only_metadata() as metadata_only
     from audit_head for update`,
  );
  const [head] = rows;
  if (!head) throw new Error('the audit has no head');
  let seq = Number(head.seq);
  let { hash } = head;
  const at = head.now.toISOString();
  const entries = drafts.map(head.metadata_only ? withoutBodies : (draft) => draft).map((draft) => {
    seq += 1;
    const entry = entryText(seq, at, draft);
    const previous = hash;
    hash = entryHash(previous, entry);
    const { actor, action, subject, reason = null, detail = {} } = draft;
    return { seq, at, actor, action, subject, reason, detail, entry, previous_hash: previous, hash };
  });
  await client.query(
    `insert into audit (seq, at, actor, action, subject, reason, detail, entry, previous_hash, hash)
     select seq, at, actor, action, subject, reason, detail, entry, previous_hash, hash
     from json_populate_recordset(null::audit, $1)`,
    [JSON.stringify(entries)],
  );
  await client.query('update audit_head set seq = $1, hash = $2', [seq, hash]);
}

/** Where the database says the chain ends. */
export async function readHead(pool: pg.Pool): Promise<AuditAnchor> {
  const { rows } = await pool.query<{ seq: bigint; hash: string }>('select seq, hash from audit_head');
  return { seq: Number(rows[0]?.seq ?? 0), hash: rows[0]?.hash ?? '' };
}

/** Entries after `after`, oldest first. */
export async function readAudit(pool: pg.Pool, after: number, limit: number): Promise<StoredAuditEntry[]> {
  const { rows } = await pool.query<AuditRow>('select * from audit where seq > $1 order by seq limit $2', [
    after,
    limit,
  ]);
  return rows.map(toEntry);
}

function toEntry(row: AuditRow): AuditEntry & { text: string } {
  const { actor, action, subject, reason, detail, hash } = row;
  const seq = Number(row.seq);
  const at = row.at.toISOString();
  return { seq, at, actor, action, subject, reason, detail, previousHash: row.previous_hash, hash, text: row.entry };
}
