import type { MetricSeries } from '@signalbox/event-model';
import type pg from 'pg';
import type { MetricAnswer, MetricName, MetricQuery } from '../api/metric-reader.ts';
import { everyStep, hasLabels, stepCount, type Measured } from './metric-steps.ts';

interface SeriesRow {
  series: string;
  unit: string;
  kind: string;
  temporality: string;
  monotonic: boolean;
  attributes: Record<string, unknown>;
  resource: Record<string, unknown>;
}

interface SlotRow {
  series: string;
  slot: number;
  count: bigint;
  total: number | null;
  min: number | null;
  max: number | null;
}

/** What of a resource tells series apart for a reader. */
const RESOURCE_LABELS = ['service.name', 'service.instance.id', 'host.name'];

/** The metrics senders gave, with the labels their series have. */
export async function receivedNames(pool: pg.Pool): Promise<MetricName[]> {
  const { rows } = await pool.query<SeriesRow & { name: string }>(
    'select name, unit, attributes, resource from metric_latest order by name',
  );
  const names = new Map<string, { unit: string; labels: Set<string> }>();
  for (const row of rows) {
    const known = names.get(row.name) ?? { unit: row.unit, labels: new Set<string>() };
    names.set(row.name, known);
    for (const label of Object.keys(labelsOf(row))) known.labels.add(label);
  }
  return [...names].map(([name, { unit, labels }]) => ({ name, unit, origin: 'received', labels: [...labels].sort() }));
}

/** Series of one received metric. */
export async function receivedSeries(pool: pg.Pool, query: MetricQuery): Promise<MetricAnswer> {
  const { rows } = await pool.query<SeriesRow>(
    `select series::text, unit, kind, temporality, monotonic, attributes, resource
     from metric_latest where name = $1 order by series`,
    [query.name],
  );
  const wanted = rows.filter((row) => hasLabels(labelsOf(row), query.labels));
  const points = wanted.length * stepCount(query);
  if (points > query.maxPoints) return { tooMany: points };
  const slots = await readSlots(pool, query, wanted);
  return { series: wanted.map((row) => toSeries(query, row, slots.get(row.series) ?? [])) };
}

/** A counter: each value holds everything since its start, so what it grew by between two minutes counts as well. */
function isCounter({ kind, temporality, monotonic }: SeriesRow): boolean {
  return kind === 'summary' || (temporality === 'cumulative' && (kind !== 'sum' || monotonic));
}

/*
 * `carried` is what a counter grew by from the last point of the minute before to the first one of this: all of it
 * when it began anew, and nothing for the first minute known, unless the counter began right then.
 */
const SLOTS = `
  with rows as (
    select series, minute, count, sum, min, max, first, start_ns,
      (points->0->>1)::bigint as start, (points->0->>2)::float8 as first_count,
      lag(last) over w as before, lag((points->-1->>2)::float8) over w as before_count, lag(start_ns) over w as before_start
    from rollup_minute
    where series = any($1::text[]::bytea[]) and minute >= $2::timestamptz - interval '1 day' and minute < $3::timestamptz
    window w as (partition by series order by minute)
  ), grown as (
    select *, case
      when not series = any($5::text[]::bytea[]) then 'level'
      when before is null then
        case when start is not null and extract(epoch from minute) - start / 1e9 < 300 then 'begun' else 'unknown' end
      when start is distinct from before_start or first < before or first_count < before_count then 'begun'
      else 'grown' end as state
    from rows
  ), added as (
    select series, minute, min, max,
      count + case when $6::text[]::bytea[] @> array[series] then
        case state when 'begun' then first_count when 'grown' then first_count - before_count else 0 end else 0 end as count,
      case state when 'begun' then coalesce(sum, 0) + first when 'grown' then coalesce(sum, 0) + first - before
        else sum end as total
    from grown
  )
  select series::text, floor(extract(epoch from minute - $2::timestamptz) / $4)::integer as slot,
    sum(count)::bigint as count, sum(total) as total, min(min) as min, max(max) as max
  from added where minute >= $2::timestamptz
  group by 1, 2`;

async function readSlots(
  pool: pg.Pool,
  query: MetricQuery,
  wanted: readonly SeriesRow[],
): Promise<Map<string, SlotRow[]>> {
  const counters = wanted.filter(isCounter);
  const { rows } = await pool.query<SlotRow>(SLOTS, [
    wanted.map(({ series }) => series),
    new Date(Number(query.fromNs / 1_000_000n)).toISOString(),
    new Date(Number(query.toNs / 1_000_000n)).toISOString(),
    query.stepSeconds,
    counters.map(({ series }) => series),
    counters.filter(({ kind }) => kind !== 'sum').map(({ series }) => series),
  ]);
  const slots = new Map<string, SlotRow[]>();
  for (const row of rows) {
    const group = slots.get(row.series);
    if (group === undefined) slots.set(row.series, [row]);
    else group.push(row);
  }
  return slots;
}

function toSeries(query: MetricQuery, row: SeriesRow, slots: readonly SlotRow[]): MetricSeries {
  const measured = new Map(slots.map((slot): [number, Measured] => [slot.slot, toMeasured(row, slot)]));
  const points = everyStep(query, measured);
  return { name: query.name, unit: row.unit, labels: labelsOf(row), origin: 'received', points };
}

/** Sums give what was added; levels and distributions give their mean. */
function toMeasured(row: SeriesRow, { count, total, min, max }: SlotRow): Measured {
  const times = Number(count);
  const isAmount = row.kind === 'sum' && (row.temporality === 'delta' || isCounter(row));
  const mean = total === null || times === 0 ? null : total / times;
  return { value: isAmount ? total : mean, count: times, min, max };
}

function labelsOf({ attributes, resource }: Pick<SeriesRow, 'attributes' | 'resource'>): Record<string, string> {
  const ofResource = RESOURCE_LABELS.flatMap((name) => (name in resource ? [[name, resource[name]]] : []));
  const entries = [...ofResource, ...Object.entries(attributes)] as [string, unknown][];
  return Object.fromEntries(entries.map(([name, value]) => [name, textOf(value)]));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
