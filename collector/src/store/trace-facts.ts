import type pg from 'pg';
import type { TraceChange } from '../ingest/trace-store.ts';
import type { CorrelationFact, StateFact } from '../mapping/derivation.ts';
import { runIdOf, traceIdOf } from '../telemetry/time.ts';

/** Writes what the traces tell and ask each other, in the caller's transaction. */
export async function writeFacts(client: pg.PoolClient, traces: readonly TraceChange[]): Promise<void> {
  const known = traces.filter((change) => change.fromVersion !== undefined).map((change) => runIdOf(change.traceId));
  if (known.length > 0) {
    await client.query(
      `with facts as (delete from correlations where run_id = any($1))
       delete from trace_states where run_id = any($1)`,
      [known],
    );
  }
  const facts = traces.flatMap((change) => [...correlationRows(change).values()]);
  if (facts.length > 0) {
    await client.query(
      `insert into correlations (key, kind, role, run_id, bucket, data)
       select key, kind, role, run_id, bucket, data from json_populate_recordset(null::correlations, $1)
       on conflict (key, role, run_id, kind) do update set data = excluded.data`,
      [JSON.stringify(facts)],
    );
  }
  const states = traces.flatMap(stateRows);
  if (states.length === 0) return;
  await client.query(
    `insert into trace_states (key, at_ns, run_id, bucket, kind, data)
     select key, at_ns, run_id, bucket, kind, data from json_populate_recordset(null::trace_states, $1)
     on conflict (key, at_ns, run_id) do update set data = excluded.data`,
    [JSON.stringify(states)],
  );
}

/** By identity: a fact stated twice is one row. */
function correlationRows(change: TraceChange): Map<string, Record<string, unknown>> {
  const common = { run_id: runIdOf(change.traceId), bucket: change.bucket };
  const rows = new Map<string, Record<string, unknown>>();
  for (const { key, kind, data } of change.offers)
    rows.set(`offer ${kind} ${key}`, { ...common, key, kind, role: 'offer', data });
  for (const key of change.wants) rows.set(`want ${key}`, { ...common, key, kind: '', role: 'want', data: {} });
  return rows;
}

function stateRows(change: TraceChange): Record<string, unknown>[] {
  const common = { run_id: runIdOf(change.traceId), bucket: change.bucket };
  return change.states.map(({ key, kind, atNs, data }) => ({ ...common, key, kind, at_ns: String(atNs), data }));
}

/** Facts offered under the keys. */
export async function readFacts(pool: pg.Pool, keys: readonly string[]): Promise<CorrelationFact[]> {
  if (keys.length === 0) return [];
  const { rows } = await pool.query<{ key: string; kind: string; run_id: string; data: Record<string, unknown> }>(
    `select key, kind, run_id, data from correlations where key = any($1) and role = 'offer'`,
    [keys],
  );
  return rows.map((row) => ({ key: row.key, kind: row.kind, traceId: traceIdOf(row.run_id), data: row.data }));
}

/** Traces that want facts under the keys. */
export async function readWanting(pool: pg.Pool, keys: readonly string[]): Promise<{ key: string; traceId: string }[]> {
  if (keys.length === 0) return [];
  const { rows } = await pool.query<{ key: string; run_id: string }>(
    `select key, run_id from correlations where key = any($1) and role = 'want'`,
    [keys],
  );
  return rows.map((row) => ({ key: row.key, traceId: traceIdOf(row.run_id) }));
}

interface StateRow {
  key: string;
  at_ns: bigint;
  run_id: string;
  kind: string;
  data: Record<string, unknown> | null;
}

/** For each state the nearest before it under its key, those of `except` left out. */
export async function readStatesBefore(
  pool: pg.Pool,
  states: readonly StateFact[],
  except: readonly string[],
): Promise<StateFact[]> {
  if (states.length === 0) return [];
  const { rows } = await pool.query<StateRow>(
    `select near.* from unnest($1::text[], $2::bigint[], $3::uuid[]) as place(key, at_ns, run_id)
     cross join lateral (
       select key, at_ns, run_id, kind, data from trace_states as state
       where state.key = place.key and (state.at_ns, state.run_id) < (place.at_ns, place.run_id)
         and state.run_id <> all($4::uuid[]) and state.data is not null
       order by state.at_ns desc, state.run_id desc limit 1) as near`,
    [...places(states), except.map(runIdOf)],
  );
  return rows.map(({ key, at_ns, run_id, kind, data }) => ({
    key,
    kind,
    traceId: traceIdOf(run_id),
    atNs: at_ns,
    data,
  }));
}

/** The traces with the nearest state after each of these. */
export async function readTracesAfter(pool: pg.Pool, states: readonly StateFact[]): Promise<string[]> {
  if (states.length === 0) return [];
  const { rows } = await pool.query<{ run_id: string }>(
    `select distinct near.run_id from unnest($1::text[], $2::bigint[], $3::uuid[]) as place(key, at_ns, run_id)
     cross join lateral (
       select run_id from trace_states as state
       where state.key = place.key and (state.at_ns, state.run_id) > (place.at_ns, place.run_id)
         and state.run_id <> place.run_id
       order by state.at_ns, state.run_id limit 1) as near`,
    places(states),
  );
  return rows.map((row) => traceIdOf(row.run_id));
}

function places(states: readonly StateFact[]): unknown[][] {
  return [
    states.map((state) => state.key),
    states.map((state) => String(state.atNs)),
    states.map((state) => runIdOf(state.traceId)),
  ];
}
