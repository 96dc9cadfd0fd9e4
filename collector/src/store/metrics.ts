import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { MetricPoint } from '../telemetry/records.ts';
import { writeRollup } from './metric-rollup.ts';
import { encodeAttributes, type Bodies } from './record-codec.ts';

/** Series kept at the most; a sender that puts ids into attributes would make a new one with every point. */
export const MAX_SERIES = 10_000;

/**
 * Keeps the latest value of each series, and all of them by minute; an older point never replaces a newer one. Returns
 * the points that are not kept, because there are too many series or too many points of one series in a minute.
 */
export async function writeMetrics(
  client: pg.PoolClient,
  points: readonly MetricPoint[],
  maxSeries = MAX_SERIES,
): Promise<MetricPoint[]> {
  if (points.length === 0) return [];
  const rows = points.map((point) => ({ point, row: metricRow(point) }));
  const admitted = await admittedSeries(client, [...new Set(rows.map(({ row }) => row.series))], maxSeries);
  const kept = rows.filter(({ row }) => admitted.has(row.series));
  await writeLatest(client, kept);
  const crowded = await writeRollup(
    client,
    kept.map(({ point, row }) => ({ point, series: row.series })),
  );
  return [...rows.filter(({ row }) => !admitted.has(row.series)).map(({ point }) => point), ...crowded];
}

interface MetricRow {
  point: MetricPoint;
  row: Record<string, unknown> & { series: string };
}

/** Known series always go on; new ones only while there is room. */
async function admittedSeries(
  client: pg.PoolClient,
  series: readonly string[],
  maxSeries: number,
): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ series: string }>(
    `select series::text from metric_latest where series = any($1::text[]::bytea[])`,
    [series],
  );
  const known = new Set(rows.map((row) => row.series));
  const fresh = series.filter((each) => !known.has(each)).sort();
  if (fresh.length === 0) return known;
  const { rows: counted } = await client.query<{ count: bigint }>('select count(*) as count from metric_latest');
  const room = Math.max(0, maxSeries - Number(counted[0]?.count ?? 0n));
  return new Set([...known, ...fresh.slice(0, room)]);
}

async function writeLatest(client: pg.PoolClient, kept: readonly MetricRow[]): Promise<void> {
  const latest = new Map<string, MetricRow>();
  for (const each of kept) {
    const known = latest.get(each.row.series);
    if (known === undefined || known.point.timeNs <= each.point.timeNs) latest.set(each.row.series, each);
  }
  const ordered = [...latest.keys()].sort().map((series) => latest.get(series)?.row);
  if (ordered.length === 0) return;
  await client.query(
    `insert into metric_latest
       (series, name, unit, kind, temporality, monotonic, time_ns, value, attributes, resource, received_at)
     select series, name, unit, kind, temporality, monotonic, time_ns, value, attributes, resource, now()
     from json_populate_recordset(null::metric_latest, $1)
     on conflict (series) do update set
       time_ns = excluded.time_ns, value = excluded.value, unit = excluded.unit, temporality = excluded.temporality,
       monotonic = excluded.monotonic, received_at = excluded.received_at
     where metric_latest.time_ns <= excluded.time_ns`,
    [JSON.stringify(ordered)],
  );
}

function metricRow(point: MetricPoint): Record<string, unknown> & { series: string } {
  // Metric attributes are short; bodies cut out of them would be orphans, so they stay whole.
  const bodies: Bodies = new Map();
  const attributes = inline(encodeAttributes(point.attributes, bodies), bodies);
  const resource = inline(encodeAttributes(point.resource, bodies), bodies);
  const identity = JSON.stringify([point.name, point.kind, attributes, resource]);
  return {
    series: `\\x${createHash('sha256').update(identity).digest('hex').slice(0, 32)}`,
    name: point.name,
    unit: point.unit,
    kind: point.kind,
    temporality: point.temporality ?? 'unspecified',
    monotonic: point.monotonic ?? false,
    time_ns: String(point.timeNs > 9_223_372_036_854_775_807n ? 9_223_372_036_854_775_807n : point.timeNs),
    value: typeof point.value === 'number' && !Number.isFinite(point.value) ? String(point.value) : point.value,
    attributes,
    resource,
  };
}

function inline(stored: Record<string, unknown>, bodies: Bodies): Record<string, unknown> {
  const text = JSON.stringify(stored, (_key, value: unknown) => {
    const pieces = (value as { $t?: unknown[] } | null)?.$t;
    if (!Array.isArray(pieces)) return value;
    return pieces.map((piece) => (Array.isArray(piece) ? (bodies.get(String(piece[0])) ?? '') : piece)).join('');
  });
  return JSON.parse(text) as Record<string, unknown>;
}
