import type { MetricPoint } from '../../telemetry/records.ts';
import {
  asDouble,
  asInteger,
  asList,
  asObject,
  asObjects,
  asText,
  asTimeNs,
  field,
  type JsonObject,
} from './json-fields.ts';
import { readJsonAttributes } from './json-attributes.ts';
import {
  applyQuantile,
  emptyDistribution,
  NO_RECORDED_VALUE,
  temporalityOf,
  toExplicitBuckets,
} from './metric-values.ts';
import type { Distribution, ExponentialBuckets } from './metric-values.ts';

type Kind = MetricPoint['kind'];
type Value = MetricPoint['value'];
type Point = Omit<MetricPoint, 'scope' | 'resource'>;

const KINDS: readonly { kind: Kind; name: string; protoName: string; read: (point: JsonObject) => Value }[] = [
  { kind: 'gauge', name: 'gauge', protoName: 'gauge', read: readNumber },
  { kind: 'sum', name: 'sum', protoName: 'sum', read: readNumber },
  { kind: 'histogram', name: 'histogram', protoName: 'histogram', read: readHistogram },
  {
    kind: 'exponential_histogram',
    name: 'exponentialHistogram',
    protoName: 'exponential_histogram',
    read: readExponential,
  },
  { kind: 'summary', name: 'summary', protoName: 'summary', read: readSummary },
];

/** Points of one `Metric` of OTLP/JSON (opentelemetry-proto metrics/v1). */
export function readJsonMetric(metric: JsonObject): Point[] {
  const name = asText(field(metric, 'name'), 'metric.name');
  const unit = asText(field(metric, 'unit'), 'metric.unit');
  const points: Point[] = [];
  for (const data of KINDS) {
    const value = field(metric, data.name, data.protoName);
    if (value === undefined) continue;
    const stated = asObject(value, data.name);
    const adding = addingOf(stated);
    for (const point of asObjects(field(stated, 'dataPoints', 'data_points'), 'dataPoints')) {
      if ((Number(asInteger(field(point, 'flags'), 'flags')) & NO_RECORDED_VALUE) !== 0) continue;
      const timeNs = asTimeNs(field(point, 'timeUnixNano', 'time_unix_nano'), 'timeUnixNano');
      const startNs = asTimeNs(field(point, 'startTimeUnixNano', 'start_time_unix_nano'), 'startTimeUnixNano');
      const since = startNs === 0n ? {} : { startNs };
      const attributes = readJsonAttributes(field(point, 'attributes'));
      points.push({ name, unit, kind: data.kind, ...adding, timeNs, ...since, value: data.read(point), attributes });
    }
  }
  return points;
}

function addingOf(data: JsonObject): Pick<MetricPoint, 'temporality' | 'monotonic'> {
  const temporality = temporalityOf(field(data, 'aggregationTemporality', 'aggregation_temporality'));
  const isMonotonic = field(data, 'isMonotonic', 'is_monotonic') === true;
  return { ...(temporality === undefined ? {} : { temporality }), ...(isMonotonic ? { monotonic: true } : {}) };
}

function readNumber(point: JsonObject): Value {
  const integer = field(point, 'asInt', 'as_int');
  if (integer !== undefined) return Number(asInteger(integer, 'asInt'));
  return asDouble(field(point, 'asDouble', 'as_double'), 'asDouble');
}

function readDistribution(point: JsonObject): Distribution {
  return {
    ...emptyDistribution(),
    count: asCount(field(point, 'count')),
    sum: asOptionalDouble(field(point, 'sum')),
    min: asOptionalDouble(field(point, 'min')),
    max: asOptionalDouble(field(point, 'max')),
  };
}

function readHistogram(point: JsonObject): Value {
  return {
    ...readDistribution(point),
    bounds: asList(field(point, 'explicitBounds', 'explicit_bounds'), 'explicitBounds').map((bound) =>
      asDouble(bound, 'explicitBounds'),
    ),
    buckets: asList(field(point, 'bucketCounts', 'bucket_counts'), 'bucketCounts').map(asCount),
  };
}

function readExponential(point: JsonObject): Value {
  const negative = readExponentialBuckets(field(point, 'negative'));
  const zero = asCount(field(point, 'zeroCount', 'zero_count'));
  const below = negative.counts.reduce((sum, count) => sum + count, zero);
  const scale = Number(asInteger(field(point, 'scale'), 'scale'));
  return {
    ...readDistribution(point),
    ...toExplicitBuckets(scale, readExponentialBuckets(field(point, 'positive')), below),
  };
}

function readExponentialBuckets(value: unknown): ExponentialBuckets {
  const buckets = asObject(value ?? {}, 'buckets');
  return {
    offset: Number(asInteger(field(buckets, 'offset'), 'offset')),
    counts: asList(field(buckets, 'bucketCounts', 'bucket_counts'), 'bucketCounts').map(asCount),
  };
}

function readSummary(point: JsonObject): Value {
  const value = readDistribution(point);
  for (const entry of asObjects(field(point, 'quantileValues', 'quantile_values'), 'quantileValues')) {
    applyQuantile(
      value,
      asDouble(field(entry, 'quantile'), 'quantile'),
      asDouble(field(entry, 'value'), 'quantile value'),
    );
  }
  return value;
}

function asCount(value: unknown): number {
  return Number(asInteger(value ?? undefined, 'count'));
}

function asOptionalDouble(value: unknown): number | null {
  return value === undefined ? null : asDouble(value, 'sum, min or max');
}
