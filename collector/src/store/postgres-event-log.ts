import type pg from 'pg';
import type { EventLog, LoggedEvent } from '../live/event-log.ts';
import { readMeta } from './database.ts';
import { ROW_COLUMNS, toEventRow, type EventTableRow } from './event-row.ts';

const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/**
 * The {@link EventLog} on PostgreSQL. Every revision carries the id of the transaction that wrote it; reading only
 * below the oldest running transaction means that nothing can still commit before a position already read. Ordering
 * by a plain sequence would skip rows whose transaction commits late.
 */
export function createPostgresEventLog(pool: pg.Pool): EventLog {
  let epoch: Promise<string> | undefined;
  return {
    epoch() {
      epoch ??= readMeta(pool, 'epoch').catch((error: unknown) => {
        epoch = undefined;
        throw error;
      });
      return epoch;
    },
    async end() {
      const { rows } = await pool.query<{ oldest: string; newest: string }>(
        'select pg_snapshot_xmin(s)::text as oldest, pg_snapshot_xmax(s)::text as newest from pg_current_snapshot() as s',
      );
      const oldest = BigInt(rows[0]?.oldest ?? 0);
      return { position: { xid: oldest - 1n, id: LAST_ID }, newestXid: BigInt(rows[0]?.newest ?? 0) };
    },
    async after(position, { limit, withText }) {
      const { rows } = await pool.query<LogRow>({
        name: withText ? 'events-after-text' : 'events-after',
        text: `select xid::text as commit_xid, ${ROW_COLUMNS}, changed_at, ${withText ? 'search_text' : "'' as search_text"}
               from events
               where (xid, id) > ($1::xid8, $2::uuid) and xid < pg_snapshot_xmin(pg_current_snapshot())
               order by xid, id limit $3`,
        values: [position.xid.toString(), position.id, limit],
      });
      return rows.map(toLoggedEvent);
    },
    async isFurtherThan(position, most) {
      const { rows } = await pool.query<{ behind: bigint }>(
        `select count(*) as behind from
           (select 1 from events where (xid, id) > ($1::xid8, $2::uuid) limit $3) as ahead`,
        [position.xid.toString(), position.id, most + 1],
      );
      return Number(rows[0]?.behind ?? 0) > most;
    },
  };
}

interface LogRow extends EventTableRow {
  /** Not named `xid`: `order by xid` would then sort these texts. */
  commit_xid: string;
  changed_at: Date;
  search_text: string;
}

function toLoggedEvent(row: LogRow): LoggedEvent {
  return {
    position: { xid: BigInt(row.commit_xid), id: row.id },
    row: toEventRow(row),
    changedAtMs: row.changed_at.getTime(),
    searchText: row.search_text,
  };
}
