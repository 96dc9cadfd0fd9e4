import type { MetricsView } from '@signalbox/event-model';
import { Router } from 'express';
import { nsFromTime } from '../../telemetry/time.ts';
import type { MetricReader } from '../metric-reader.ts';
import { ProblemError } from '../problem.ts';
import { queryOf, textOf, timeOf, type Query } from '../query.ts';

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

/** `GET /api/metrics` and `GET /api/metrics/names`. */
export function metricSeriesRoutes(reader: MetricReader, now: () => number = Date.now): Router {
  const router = Router();

  router.get('/metrics/names', async (_request, response) => {
    response.json({ metrics: await reader.names() });
  });

  router.get('/metrics', async (request, response) => {
    const query = queryOf(request.url);
    const name = textOf(query, 'name');
    if (name === undefined) throw invalid('name', 'the name of a metric; GET /api/metrics/names lists them');
    const range = rangeOf(query, now());
    const answer = await reader.series({ name, labels: labelsOf(query), ...range, maxPoints: MAX_POINTS });
    if (answer.series === undefined) throw tooMany(answer.tooMany);
    const view: MetricsView = { step: range.stepSeconds, series: answer.series };
    response.json(view);
  });

  return router;
}

function invalid(name: string, expected: string): ProblemError {
  return new ProblemError(400, 'invalid_request', `The parameter "${name}" must be ${expected}.`);
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
function rangeOf(query: Query, nowMs: number): Range {
  const to = timeOf(query, 'to');
  const from = timeOf(query, 'from');
  const toNs = to === undefined ? BigInt(nowMs) * 1_000_000n : nsFromTime(to);
  const fromNs = from === undefined ? toNs - DEFAULT_SPAN_NS : nsFromTime(from);
  if (fromNs >= toNs) throw invalid('from', 'before "to"');
  if (toNs > LATEST_NS) throw invalid('to', 'a time before the year 2200');
  const stepSeconds = stepOf(query) ?? fittingStep(Number((toNs - fromNs) / SECOND_NS));
  const stepNs = BigInt(stepSeconds) * SECOND_NS;
  const first = (fromNs / stepNs) * stepNs;
  const steps = (toNs - first + stepNs - 1n) / stepNs;
  if (steps > BigInt(MAX_POINTS)) throw tooMany(Number(steps));
  return { fromNs: first, toNs: first + steps * stepNs, stepSeconds };
}

function fittingStep(seconds: number): number {
  return Math.max(1, Math.ceil(seconds / DEFAULT_POINTS / MINUTE)) * MINUTE;
}

function stepOf(query: Query): number | undefined {
  const text = textOf(query, 'step');
  if (text === undefined) return undefined;
  const step = Number(text);
  if (!Number.isInteger(step) || step % MINUTE !== 0 || step < MINUTE || step > DAY)
    throw invalid('step', 'a number of seconds from 60 to 86400, in whole minutes');
  return step;
}

function labelsOf(query: Query): Record<string, string> {
  const entries = [...query.keys()]
    .filter((key) => key.startsWith('label.') && key.length > 'label.'.length)
    .map((key): [string, string] => [key.slice('label.'.length), textOf(query, key) ?? '']);
  if (entries.length > MAX_LABELS) throw invalid('label.*', `given at most ${MAX_LABELS} times`);
  return Object.fromEntries(entries);
}
