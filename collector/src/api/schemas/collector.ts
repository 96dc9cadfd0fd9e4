import type { CollectorStatus, MetricSeries, MetricsView, Problem } from '@signalbox/event-model';
import { z } from 'zod';
import type { MetricName } from '../metric-reader.ts';
import { model } from './model.ts';

export const problem = model<Problem>()(
  'Problem',
  z.object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string().describe('Stable; for programs.'),
    detail: z.string().describe('For people.'),
    hint: z.exactOptional(z.string()),
    subject: z.exactOptional(z.string()).describe('Of several things: id of the one at fault.'),
  }),
);

const received = z.object({ spans: z.int(), logs: z.int(), rejected: z.int(), unauthorized: z.int() });

export const collectorStatus = model<CollectorStatus>()(
  'CollectorStatus',
  z.object({
    version: z.string(),
    serverTime: z.string(),
    database: z.enum(['ok', 'unreachable']),
    otlp: z.object({ grpc: z.string(), http: z.string() }),
    received: received.describe('Since the collector started.'),
    demo: z.boolean(),
  }),
);

const point = z.object({
  at: z.string(),
  value: z.number().nullable(),
  count: z.number(),
  min: z.number().nullable(),
  max: z.number().nullable(),
});

const metricSeries = model<MetricSeries>()(
  'MetricSeries',
  z.object({
    name: z.string(),
    unit: z.string(),
    labels: z.record(z.string(), z.string()),
    origin: z.enum(['received', 'derived']),
    points: z.array(point),
  }),
);

export const metricsView = model<MetricsView>()(
  'MetricsView',
  z.object({ step: z.int().describe('Seconds of one step.'), series: z.array(metricSeries) }),
);

export const metricName = model<MetricName>()(
  'MetricName',
  z.object({
    name: z.string(),
    unit: z.string(),
    origin: z.enum(['received', 'derived']),
    labels: z.array(z.string()),
  }),
);
