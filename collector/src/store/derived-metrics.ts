import type { MetricSeries } from '@signalbox/event-model';
import type pg from 'pg';
import type { MetricAnswer, MetricName, MetricQuery } from '../api/metric-reader.ts';
import { everyStep, hasLabels, stepCount, type Measured } from './metric-steps.ts';

/** A metric made from what is stored when somebody asks. */
interface Derived {
  unit: string;
  labels: string[];
  /** Rows of `slot`, the labels in order as `labels`, and `value`, `count`, `min`, `max`. */
  sql: string;
}

/*
 * $1 and $2 bound the time, $3 is the step, all in nanoseconds. The bounds stand on `started_ns`, which the tables are
 * indexed by.
 */
const SLOT = '((started_ns - $1::bigint) / $3::bigint)::integer';
const WHEN = 'started_ns >= $1::bigint and started_ns < $2::bigint';
const EVENTS = `from events where ${WHEN} and not removed`;
const SECONDS = '(ended_ns - started_ns) / 1e9';

function counted(table: string, labels: string): string {
  return `select ${SLOT} as slot, array[${labels}] as labels, count(*)::float8 as value, count(*) as count,
    null::float8 as min, null::float8 as max ${table} group by 1, 2`;
}

function durations(type: string, label: string): string {
  return `select slot, array[label, quantile] as labels,
      case quantile when 'p50' then p50 else p95 end as value, count, min, max
    from (
      select ${SLOT} as slot, coalesce(${label}, '') as label, count(*) as count, min(${SECONDS}) as min,
        max(${SECONDS}) as max, percentile_cont(0.5) within group (order by ${SECONDS}) as p50,
        percentile_cont(0.95) within group (order by ${SECONDS}) as p95
      ${EVENTS} and type = '${type}' and ended_ns is not null group by 1, 2
    ) as measured cross join (values ('p50'), ('p95')) as q(quantile)`;
}

const DERIVED: Readonly<Record<string, Derived>> = {
  'signalbox.tokens': {
    unit: '{token}',
    labels: ['model', 'kind'],
    sql: `select ${SLOT} as slot, array[coalesce(model, ''), u.key] as labels, sum(u.value::float8) as value,
        count(*) as count, min(u.value::float8) as min, max(u.value::float8) as max
      from events cross join lateral json_each_text(usage) as u
      where ${WHEN} and not removed and type = 'model_response' and usage is not null group by 1, 2`,
  },
  'signalbox.model.duration': { unit: 's', labels: ['model', 'quantile'], sql: durations('model_request', 'model') },
  'signalbox.tool.duration': { unit: 's', labels: ['tool', 'quantile'], sql: durations('tool_call', 'tool') },
  'signalbox.events': {
    unit: '{event}',
    labels: ['workflow'],
    sql: counted(EVENTS, `coalesce(workflow, '')`),
  },
  'signalbox.errors': {
    unit: '{event}',
    labels: ['workflow'],
    sql: counted(`${EVENTS} and type = 'error'`, `coalesce(workflow, '')`),
  },
  'signalbox.runs': {
    unit: '{run}',
    labels: ['workflow', 'status'],
    sql: counted(`from runs where ${WHEN}`, `coalesce(workflow, ''), status`),
  },
};

/** Metrics made from the stored events. */
export function derivedNames(): MetricName[] {
  return Object.entries(DERIVED).map(([name, { unit, labels }]) => ({ name, unit, origin: 'derived', labels }));
}

/** True for the name of a metric made from the stored events. */
export function isDerived(name: string): boolean {
  return Object.hasOwn(DERIVED, name);
}

interface Row extends Omit<Measured, 'count'> {
  slot: number;
  labels: string[];
  count: bigint;
}

/** Series of one derived metric. */
export async function derivedSeries(pool: pg.Pool, query: MetricQuery): Promise<MetricAnswer> {
  const derived = DERIVED[query.name];
  if (derived === undefined) return { series: [] };
  const step = String(BigInt(query.stepSeconds) * 1_000_000_000n);
  const { rows } = await pool.query<Row>(derived.sql, [String(query.fromNs), String(query.toNs), step]);
  const found = new Map<string, { labels: Record<string, string>; measured: Map<number, Measured> }>();
  for (const { slot, labels: values, count, ...rest } of rows) {
    const labels = Object.fromEntries(derived.labels.map((label, at) => [label, values[at] ?? '']));
    if (!hasLabels(labels, query.labels)) continue;
    const key = JSON.stringify(values);
    const series = found.get(key) ?? { labels, measured: new Map<number, Measured>() };
    found.set(key, series);
    series.measured.set(slot, { ...rest, count: Number(count) });
  }
  const points = found.size * stepCount(query);
  if (points > query.maxPoints) return { tooMany: points };
  const ordered = [...found].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    series: ordered.map(([, { labels, measured }]): MetricSeries => {
      const { name } = query;
      return { name, unit: derived.unit, labels, origin: 'derived', points: everyStep(query, measured) };
    }),
  };
}
