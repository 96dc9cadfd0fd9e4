import { searchWords, type EventFilter, type EventRow } from '@signalbox/event-model';
import type pg from 'pg';
import type { HistoryPage, HistoryQuery } from '../api/event-reader.ts';
import { ROW_COLUMNS, toEventRow, type EventTableRow } from './event-row.ts';
import { nsFromTime } from '../telemetry/time.ts';

/** Conditions joined with `and`, their values numbered as they come. */
export class Conditions {
  readonly texts: string[] = [];
  readonly values: unknown[] = [];

  /** Adds a condition; each `?` in it stands for the next value. */
  add(text: string, ...values: unknown[]): void {
    let at = 0;
    this.texts.push(text.replace(/\?/g, () => `$${this.values.push(values[at++])}`));
  }

  get where(): string {
    return this.texts.length === 0 ? 'true' : this.texts.join(' and ');
  }
}

/** Reads one page of events, withdrawn ones left out. */
export async function readHistory(pool: pg.Pool, query: HistoryQuery): Promise<HistoryPage> {
  const conditions = new Conditions();
  conditions.add('not removed');
  addFilter(conditions, query.filter);
  const newest = query.order === 'newest';
  if (query.after) {
    conditions.add(
      `(started_ns, id) ${newest ? '<' : '>'} (?::bigint, ?::uuid)`,
      query.after.startedNs.toString(),
      query.after.id,
    );
  }
  const direction = newest ? 'desc' : 'asc';
  const { rows } = await pool.query<EventTableRow>(
    `select ${ROW_COLUMNS} from events where ${conditions.where}
     order by started_ns ${direction}, id ${direction} limit ${query.limit + 1}`,
    conditions.values,
  );
  const page = rows.slice(0, query.limit);
  const last = page.at(-1);
  const next = rows.length > query.limit && last ? { startedNs: last.started_ns, id: last.id } : undefined;
  return { events: page.map(toEventRow), next };
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
    conditions.add(
      `concat_ws(' ', summary, actor_name, tool, model, search_text) ilike ?`,
      `%${word.replace(/[\\%_]/g, (special) => `\\${special}`)}%`,
    );
  }
}
