import { searchWords, type EventFilter, type EventRow } from '@signalbox/event-model';
import type pg from 'pg';
import type { HistoryPage, HistoryQuery } from '../api/event-reader.ts';
import { ROW_COLUMNS, toEventRow, type EventTableRow } from './event-row.ts';
import { Conditions, readPage } from './keyset-page.ts';
import { nsFromTime } from '../telemetry/time.ts';

/** Reads one page of events, withdrawn ones left out. */
export async function readHistory(pool: pg.Pool, query: HistoryQuery): Promise<HistoryPage> {
  const conditions = new Conditions();
  conditions.add('not removed');
  addFilter(conditions, query.filter);
  const { order, limit, after } = query;
  const page = await readPage<EventTableRow>(
    pool,
    { table: 'events', columns: ROW_COLUMNS, order, limit, after },
    conditions,
  );
  return { events: page.rows.map(toEventRow), next: page.next };
}

/** One event's row; undefined when there is none. */
export async function readEvent(pool: pg.Pool, id: string): Promise<EventRow | undefined> {
  const { rows } = await pool.query<EventTableRow>(`select ${ROW_COLUMNS} from events where id = $1 and not removed`, [
    id,
  ]);
  return rows[0] ? toEventRow(rows[0]) : undefined;
}

function addFilter(conditions: Conditions, filter: EventFilter): void {
  if (filter.run !== undefined) conditions.add('run_id = ?::uuid', filter.run);
  if (filter.session !== undefined) conditions.add('session_id = ?', filter.session);
  const lists: [string, string[] | undefined][] = [
    ['type', filter.type],
    ['status', filter.status],
    ['actor_name', filter.actor],
    ['workflow', filter.workflow],
    ['model', filter.model],
    ['tool', filter.tool],
  ];
  for (const [column, wanted] of lists) if (wanted !== undefined) conditions.add(`${column} = any(?)`, wanted);
  if (filter.from !== undefined) conditions.add('started_ns >= ?::bigint', nsFromTime(filter.from).toString());
  if (filter.to !== undefined) conditions.add('started_ns < ?::bigint', nsFromTime(filter.to).toString());
  for (const word of searchWords(filter.q)) {
    conditions.contains(`concat_ws(' ', summary, actor_name, tool, model, search_text)`, word);
  }
}
