import { z } from 'zod';
import { nsFromTime } from '../../telemetry/time.ts';
import type { MetricReader } from '../metric-reader.ts';
import { ProblemError } from '../problem.ts';
import { text, time, whole } from '../routing/parameters.ts';
import { badParameter, queryOf } from '../routing/read-request.ts';
import { route, type Route } from '../routing/route.ts';
import { metricName, metricsView } from '../schemas/collector.ts';

/** Points of one answer; what Prometheus and Grafana's own sources allow. */
const MAX_POINTS = 11_000;
const MAX_LABELS = 20;
const SECOND_NS = 1_000_000_000n;
const MINUTE = 60;
const DAY = 86_400;
/** The database's whole numbers end some decades later. */
const LATEST_NS = 7_258_118_400n * SECOND_NS;
const DEFAULT_SPAN_NS = 3600n * SECOND_NS;
const DEFAULT_POINTS = 240;

const step = whole(MINUTE, DAY, 'a number of seconds').refine((seconds) => seconds % MINUTE === 0, {
  error: 'a number of seconds from 60 to 86400, in whole minutes',
});
const seriesQuery = z.object({
  name: z.exactOptional(text).describe('Name of the metric; needed.'),
  from: z.exactOptional(time),
  to: z.exactOptional(time),
  step: z.exactOptional(step).describe('Seconds of one step, in whole minutes.'),
});

/** Series of metrics, and the names that can be asked for. */
export function metricSeriesRoutes(reader: MetricReader, now: () => number = Date.now): Route[] {
  return [
    route({
      path: '/api/metrics/names',
      id: 'listMetrics',
      tag: 'Metrics',
      summary: 'Metrics that can be asked for.',
      access: 'reader',
      answer: z.object({ metrics: z.array(metricName) }),
      handle: async () => ({ metrics: await reader.names() }),
    }),
    route({
      path: '/api/metrics',
      id: 'getMetric',
      tag: 'Metrics',
      summary: 'Series of one metric, step by step.',
      access: 'reader',
      query: seriesQuery,
      openQuery: { prefix: 'label.', description: 'Labels a series must have, for example label.model=qwen3.' },
      answer: metricsView,
      problems: ['too_many_points'],
      async handle({ query, request }) {
        const { name } = query;
        if (name === undefined) throw badParameter('name', 'the name of a metric; GET /api/metrics/names lists them');
        const range = rangeOf(query, now());
        const labels = labelsOf(queryOf(request.url));
        const answer = await reader.series({ name, labels, ...range, maxPoints: MAX_POINTS });
        if (answer.series === undefined) throw tooMany(answer.tooMany);
        return { step: range.stepSeconds, series: answer.series };
      },
    }),
  ];
}

function tooMany(points: number): ProblemError {
  return new ProblemError(
    400,
    'too_many_points',
    `That would be ${points} points; one answer holds ${MAX_POINTS}.`,
    'Ask for a longer step, a shorter time, or one series by its labels.',
  );
}

interface Range {
  fromNs: bigint;
  toNs: bigint;
  stepSeconds: number;
}

/** Steps begin at whole multiples of their length, so that the same step is the same in every answer. */
function rangeOf({ from, to, step: asked }: z.output<typeof seriesQuery>, nowMs: number): Range {
  const toNs = to === undefined ? BigInt(nowMs) * 1_000_000n : nsFromTime(to);
  const fromNs = from === undefined ? toNs - DEFAULT_SPAN_NS : nsFromTime(from);
  if (fromNs >= toNs) throw badParameter('from', 'before "to"');
  if (toNs > LATEST_NS) throw badParameter('to', 'a time before the year 2200');
  const stepSeconds = asked ?? fittingStep(Number((toNs - fromNs) / SECOND_NS));
  const stepNs = BigInt(stepSeconds) * SECOND_NS;
  const first = (fromNs / stepNs) * stepNs;
  const steps = (toNs - first + stepNs - 1n) / stepNs;
  if (steps > BigInt(MAX_POINTS)) throw tooMany(Number(steps));
  return { fromNs: first, toNs: first + steps * stepNs, stepSeconds };
}

function fittingStep(seconds: number): number {
  return Math.max(1, Math.ceil(seconds / DEFAULT_POINTS / MINUTE)) * MINUTE;
}

function labelsOf(query: URLSearchParams): Record<string, string> {
  const entries = [...query.keys()]
    .filter((key) => key.startsWith('label.') && key.length > 'label.'.length)
    .map((key): [string, string] => [key.slice('label.'.length), labelValue(query, key)]);
  if (entries.length > MAX_LABELS) throw badParameter('label.*', `given at most ${MAX_LABELS} times`);
  return Object.fromEntries(entries);
}

function labelValue(query: URLSearchParams, key: string): string {
  const value = text.safeParse(query.get(key) ?? '');
  if (!value.success) throw badParameter(key, value.error.issues[0]?.message ?? 'text');
  return value.data;
}
