import type { MetricSeries } from '@signalbox/event-model';
import type { MetricQuery } from '../api/metric-reader.ts';
import { timeFromNs } from '../telemetry/time.ts';

type Point = MetricSeries['points'][number];

/** What was measured in one step. */
export interface Measured {
  value: number | null;
  count: number;
  min: number | null;
  max: number | null;
}

/** Number of steps a query asks for. */
export function stepCount({ fromNs, toNs, stepSeconds }: MetricQuery): number {
  return Number((toNs - fromNs) / (BigInt(stepSeconds) * 1_000_000_000n));
}

/** A point for every step; null where nothing was measured. */
export function everyStep(query: MetricQuery, measured: ReadonlyMap<number, Measured>): Point[] {
  const stepNs = BigInt(query.stepSeconds) * 1_000_000_000n;
  return Array.from({ length: stepCount(query) }, (_, slot): Point => {
    const at = timeFromNs(query.fromNs + BigInt(slot) * stepNs);
    return { at, ...(measured.get(slot) ?? { value: null, count: 0, min: null, max: null }) };
  });
}

/** True when the labels asked for are all there. */
export function hasLabels(labels: Readonly<Record<string, string>>, wanted: MetricQuery['labels']): boolean {
  return Object.entries(wanted).every(([name, value]) => (labels[name] ?? '') === value);
}
