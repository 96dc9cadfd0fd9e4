import type { MetricSeries } from '@signalbox/event-model';

/** What `GET /api/metrics` asks for. */
export interface MetricQuery {
  name: string;
  /** Labels a series must have. */
  labels: Readonly<Record<string, string>>;
  /** Start of the first step and end of the last one, nanoseconds since the epoch. */
  fromNs: bigint;
  toNs: bigint;
  stepSeconds: number;
  /** Points given at the most, over all series. */
  maxPoints: number;
}

/** A metric that can be asked for. */
export interface MetricName {
  name: string;
  unit: string;
  origin: MetricSeries['origin'];
  /** Names of the labels its series have. */
  labels: string[];
}

/** The series, or how many points there would be. */
export type MetricAnswer = { series: MetricSeries[]; tooMany?: undefined } | { series?: undefined; tooMany: number };

/** What the API reads of metrics. Port between the route and the database. */
export interface MetricReader {
  series(query: MetricQuery): Promise<MetricAnswer>;
  names(): Promise<MetricName[]>;
}
