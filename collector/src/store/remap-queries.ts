import type pg from 'pg';
import type { TraceChange } from '../ingest/trace-store.ts';
import { traceIdOf } from '../telemetry/time.ts';
import { EVENT_COLUMNS, eventParameter } from './encode-rows.ts';

/** Trace ids of the runs heard since a moment, the earliest first. */
export async function readTracesSince(pool: pg.Pool, since: Date): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    'select id from runs where last_seen >= $1 order by started_ns, id',
    [since],
  );
  return rows.map((row) => traceIdOf(row.id));
}

/** Columns that follow from the event itself; JSON has no equality, its binary form has. */
const COMPARED = EVENT_COLUMNS.split(', ').filter(
  (column) => !['bucket', 'id', 'received_at', 'changed_at', 'revision', 'removed', 'xid'].includes(column),
);
const rowOf = (table: string): string =>
  COMPARED.map((column) => (column === 'usage' ? `${table}.usage::jsonb` : `${table}.${column}`)).join(', ');

/** Of the events of the traces, the ids of those whose stored rows stand otherwise. */
export async function readDiffering(pool: pg.Pool, traces: readonly TraceChange[]): Promise<string[]> {
  const events = traces.flatMap((trace) => trace.events.map((event) => eventParameter(trace, event)));
  if (events.length === 0) return [];
  const { rows } = await pool.query<{ id: string }>(
    `select stored.id from events as stored
     join json_populate_recordset(null::events, $1) as derived using (bucket, id)
     where not stored.removed and (${rowOf('stored')}) is distinct from (${rowOf('derived')})`,
    [JSON.stringify(events)],
  );
  return rows.map((row) => row.id);
}

/** Type and convention of stored events, by id. */
export async function readKinds(
  pool: pg.Pool,
  ids: readonly string[],
): Promise<Map<string, { type: string; convention: string }>> {
  if (ids.length === 0) return new Map();
  const { rows } = await pool.query<{ id: string; type: string; convention: string }>(
    'select id, type, convention from events where id = any($1)',
    [ids],
  );
  return new Map(rows.map(({ id, type, convention }) => [id, { type, convention }]));
}
