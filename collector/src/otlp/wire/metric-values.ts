import type { MetricPoint } from '../../telemetry/records.ts';

/** Distribution part of a {@link MetricPoint}. */
export type Distribution = Exclude<MetricPoint['value'], number>;

/** Buckets of an exponential histogram, one side of zero. */
export interface ExponentialBuckets {
  offset: number;
  counts: number[];
}

/** Flag bit of a data point whose series ended (metrics/v1 DataPointFlags); it carries no value. */
export const NO_RECORDED_VALUE = 1;

export function emptyDistribution(): Distribution {
  return { count: 0, sum: null, min: null, max: null, bounds: [], buckets: [] };
}

/**
 * Explicit bounds for exponential buckets (metrics/v1: base = 2^(2^-scale), bucket i covers (base^i, base^(i+1)]). Zero
 * and negative values go to the first bucket, below the lowest bound. No buckets when a bound is beyond a double.
 */
export function toExplicitBuckets(
  scale: number,
  positive: ExponentialBuckets,
  below: number,
): Pick<Distribution, 'bounds' | 'buckets'> {
  const exponent = 2 ** -scale;
  const bounds = positive.counts.map((_, at) => 2 ** ((positive.offset + at) * exponent));
  bounds.push(2 ** ((positive.offset + positive.counts.length) * exponent));
  if (positive.counts.length === 0 || !bounds.every(Number.isFinite)) return { bounds: [], buckets: [] };
  return { bounds, buckets: [below, ...positive.counts, 0] };
}

/** Lowest and highest value of a summary, which senders give as quantiles 0 and 1. */
export function applyQuantile(value: Distribution, quantile: number, at: number): void {
  if (quantile === 0) value.min = at;
  else if (quantile === 1) value.max = at;
}

/** AggregationTemporality of metrics/v1, as its number or, in JSON, its name. */
export function temporalityOf(value: unknown): MetricPoint['temporality'] {
  if (value === 1 || value === 'AGGREGATION_TEMPORALITY_DELTA') return 'delta';
  return value === 2 || value === 'AGGREGATION_TEMPORALITY_CUMULATIVE' ? 'cumulative' : undefined;
}
