import type pg from 'pg';
import type { MetricPoint } from '../telemetry/records.ts';

/** A received point and the series it belongs to, in PostgreSQL's spelling of bytes. */
export interface SeriesPoint {
  series: string;
  point: MetricPoint;
}

/** Points of one series in one minute that are kept; more would make every further one rewrite a large row. */
const MAX_POINTS = 120;
const MINUTE_NS = 60_000_000_000n;
/** A clock further ahead than this is wrong. */
const AHEAD_NS = 86_400_000_000_000n;

/** What is kept of a point: time, start of its counter, count, sum, least, greatest, value. */
type Kept = [
  time: string,
  start: string | null,
  count: number,
  sum: number | null,
  min: number | null,
  max: number | null,
  value: number,
];

interface Minute {
  series: string;
  minute: string;
  /** True where each value holds everything since the start. */
  isCounter: boolean;
  isNumber: boolean;
  points: Map<string, Kept>;
}

/**
 * Adds points to their minutes, inside the caller's transaction. A row is made from all points of its minute, so a
 * point sent again or late changes nothing that it should not. Returns the points there was no room for.
 */
export async function writeRollup(client: pg.PoolClient, points: readonly SeriesPoint[]): Promise<MetricPoint[]> {
  const minutes = collectMinutes(points);
  if (minutes.size === 0) return [];
  const ordered = [...minutes.keys()].sort().map((key) => minutes.get(key) as Minute);
  const keys = [ordered.map(({ series }) => series), ordered.map(({ minute }) => minute)];
  // The row must stand before it can be locked; two collectors that begin one minute wait for each other here.
  await client.query(
    `insert into rollup_minute (series, minute, count, first, last, points)
     select series::bytea, minute, 0, 0, 0, '[]' from unnest($1::text[], $2::timestamptz[]) as k(series, minute)
     on conflict do nothing`,
    keys,
  );
  const { rows } = await client.query<{ series: string; minute: string; points: Kept[] }>(
    `select r.series::text, k.at as minute, r.points
     from unnest($1::text[], $2::text[]) as k(series, at)
     join rollup_minute r on r.series = k.series::bytea and r.minute = k.at::timestamptz
     order by r.series, r.minute for update of r`,
    keys,
  );
  const stored = new Map(rows.map((row) => [`${row.series} ${row.minute}`, row.points]));
  const crowded: Kept[] = [];
  const changed = ordered.map((minute) => {
    const before = stored.get(`${minute.series} ${minute.minute}`) ?? [];
    const merged = merge(before, [...minute.points.values()]);
    crowded.push(...merged.slice(MAX_POINTS));
    return toRow(minute, merged.slice(0, MAX_POINTS).sort(byTime));
  });
  await writeRows(client, changed);
  return points
    .filter(({ point }) => crowded.some((kept) => kept[0] === String(point.timeNs)))
    .map(({ point }) => point);
}

function collectMinutes(points: readonly SeriesPoint[]): Map<string, Minute> {
  const latest = BigInt(Date.now()) * 1_000_000n + AHEAD_NS;
  const minutes = new Map<string, Minute>();
  for (const { series, point } of points) {
    const kept = toKept(point);
    if (kept === null || point.timeNs <= 0n || point.timeNs > latest) continue;
    const minute = new Date(Number((point.timeNs / MINUTE_NS) * 60_000n)).toISOString();
    const key = `${series} ${minute}`;
    const row = minutes.get(key) ?? begun(series, minute, point);
    minutes.set(key, row);
    if (!row.points.has(kept[0])) row.points.set(kept[0], kept);
  }
  return minutes;
}

function begun(series: string, minute: string, point: MetricPoint): Minute {
  const isNumber = typeof point.value === 'number';
  return { series, minute, isCounter: isCounter(point), isNumber, points: new Map<string, Kept>() };
}

/** Sums that can fall are levels, whatever they add up. */
function isCounter({ kind, temporality, monotonic }: MetricPoint): boolean {
  if (kind === 'summary') return true;
  return temporality === 'cumulative' && (kind !== 'sum' || monotonic === true);
}

function toKept({ timeNs, startNs, value }: MetricPoint): Kept | null {
  const start = startNs === undefined ? null : String(startNs);
  if (typeof value === 'number')
    return Number.isFinite(value) ? [String(timeNs), start, 1, value, value, value, value] : null;
  const sum = finite(value.sum);
  return [String(timeNs), start, value.count, sum, finite(value.min), finite(value.max), sum ?? 0];
}

function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}

/** The point that was stored first stands; who comes later with its time is a repetition. */
function merge(before: readonly Kept[], added: readonly Kept[]): Kept[] {
  const times = new Set(before.map(([time]) => time));
  return [...before, ...added.filter(([time]) => !times.has(time)).sort(byTime)];
}

function byTime(a: Kept, b: Kept): number {
  const gap = BigInt(a[0]) - BigInt(b[0]);
  return gap < 0n ? -1 : gap > 0n ? 1 : 0;
}

function toRow({ series, minute, isCounter, isNumber }: Minute, points: readonly Kept[]): Record<string, unknown> {
  const [first, last] = [points[0], points.at(-1)];
  const figures = isCounter ? growth(points) : totals(points);
  return {
    series,
    minute,
    ...figures,
    count: isNumber ? points.length : figures.count,
    // The extremes of a counter are those of its whole life, not of the minute.
    ...(isCounter ? { min: null, max: null } : extremes(points)),
    first: first?.[6] ?? 0,
    last: last?.[6] ?? 0,
    start_ns: last?.[1] ?? null,
    points,
  };
}

function extremes(points: readonly Kept[]): { min: number | null; max: number | null } {
  const least = points.flatMap(([, , , , min]) => min ?? []);
  const most = points.flatMap(([, , , , , max]) => max ?? []);
  return {
    min: least.length === 0 ? null : Math.min(...least),
    max: most.length === 0 ? null : Math.max(...most),
  };
}

function totals(points: readonly Kept[]): { count: number; sum: number | null } {
  const sums = points.flatMap(([, , , sum]) => sum ?? []);
  return {
    count: points.reduce((total, [, , count]) => total + count, 0),
    sum: sums.length === 0 ? null : sums.reduce((total, sum) => total + sum, 0),
  };
}

/** What a counter grew by between the points of the minute; a counter that fell began again from nothing. */
function growth(points: readonly Kept[]): { count: number; sum: number | null } {
  let count = 0;
  let sum: number | null = null;
  for (const [at, point] of points.entries()) {
    const before = points[at - 1];
    if (before === undefined) continue;
    const isReset = point[1] !== before[1] || point[2] < before[2] || point[6] < before[6];
    count += isReset ? point[2] : point[2] - before[2];
    sum = (sum ?? 0) + (isReset ? point[6] : point[6] - before[6]);
  }
  return { count, sum };
}

async function writeRows(client: pg.PoolClient, rows: readonly Record<string, unknown>[]): Promise<void> {
  await client.query(
    `update rollup_minute r set count = n.count, sum = n.sum, min = n.min, max = n.max, first = n.first, last = n.last,
       start_ns = n.start_ns, points = n.points
     from json_populate_recordset(null::rollup_minute, $1) as n
     where r.series = n.series and r.minute = n.minute`,
    [JSON.stringify(rows)],
  );
}
