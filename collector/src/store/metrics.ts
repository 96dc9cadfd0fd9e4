import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { MetricPoint } from '../telemetry/records.ts';
import { encodeAttributes, type Bodies } from './record-codec.ts';

/** Keeps the latest value of each series; an older point never replaces a newer one. */
export async function writeMetrics(client: pg.PoolClient, points: readonly MetricPoint[]): Promise<void> {
  if (points.length === 0) return;
  const latest = new Map<string, Record<string, unknown>>();
  const times = new Map<string, bigint>();
  for (const point of points) {
    const row = metricRow(point);
    if ((times.get(row.series) ?? -1n) > point.timeNs) continue;
    times.set(row.series, point.timeNs);
    latest.set(row.series, row);
  }
  const ordered = [...latest.keys()].sort().map((series) => latest.get(series));
  await client.query(
    `insert into metric_latest (series, name, unit, kind, time_ns, value, attributes, resource, received_at)
     select series, name, unit, kind, time_ns, value, attributes, resource, now()
     from json_populate_recordset(null::metric_latest, $1)
     on conflict (series) do update set
       time_ns = excluded.time_ns, value = excluded.value, unit = excluded.unit, received_at = excluded.received_at
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
