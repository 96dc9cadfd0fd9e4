import type pg from 'pg';
import type { MetricReader } from '../api/metric-reader.ts';
import { derivedNames, derivedSeries, isDerived } from './derived-metrics.ts';
import { receivedNames, receivedSeries } from './received-metrics.ts';

/** The {@link MetricReader} on PostgreSQL. */
export function createPostgresMetricReader(pool: pg.Pool): MetricReader {
  return {
    series: (query) => (isDerived(query.name) ? derivedSeries(pool, query) : receivedSeries(pool, query)),
    names: async () => [...derivedNames(), ...(await receivedNames(pool))],
  };
}
