import type { Attributes, AttributeValue } from './attributes.ts';

/** Instrumentation scope of spans or logs. */
export interface Scope {
  name: string;
  version: string;
  attributes: Attributes;
}

/** Timed event inside a span. */
export interface SpanEvent {
  name: string;
  /** Nanoseconds since the epoch. */
  timeNs: bigint;
  attributes: Attributes;
}

/** Link from a span to a span of this or another trace; ids in lower-case hex. */
export interface SpanLink {
  traceId: string;
  spanId: string;
  attributes: Attributes;
}

/** One decoded OTLP span (opentelemetry-proto trace/v1). */
export interface SpanRecord {
  /** 32 lower-case hex digits. */
  traceId: string;
  /** 16 lower-case hex digits. */
  spanId: string;
  /** Null for a root span. */
  parentSpanId: string | null;
  name: string;
  /** SpanKind number. */
  kind: number;
  /** Nanoseconds since the epoch. */
  startNs: bigint;
  /** Nanoseconds since the epoch; 0 when the sender gave none. */
  endNs: bigint;
  /** 0 unset, 1 ok, 2 error. */
  statusCode: number;
  statusMessage: string;
  attributes: Attributes;
  events: readonly SpanEvent[];
  links: readonly SpanLink[];
  scope: Scope;
  resource: Attributes;
}

/** One decoded OTLP log record (opentelemetry-proto logs/v1). */
export interface LogRecord {
  /** Null when the record has no trace context. */
  traceId: string | null;
  spanId: string | null;
  /** Nanoseconds since the epoch: the record's time, else its observed time, else 0. */
  timeNs: bigint;
  severityNumber: number;
  severityText: string;
  /** Top-level `event_name`; the older attribute `event.name` stays in `attributes`. */
  eventName: string;
  body: AttributeValue;
  attributes: Attributes;
  scope: Scope;
  resource: Attributes;
}

/** Latest value of one metric series, reduced from whatever point kind the sender used. */
export interface MetricPoint {
  name: string;
  unit: string;
  kind: 'gauge' | 'sum' | 'histogram' | 'exponential_histogram' | 'summary';
  /** Nanoseconds since the epoch. */
  timeNs: bigint;
  /** How values of sums and histograms add up, where the sender says: each alone, or all since `startNs`. */
  temporality?: 'delta' | 'cumulative' | undefined;
  /** True for sums that only ever grow. */
  monotonic?: boolean | undefined;
  /** When a cumulative series began, nanoseconds since the epoch; absent when the sender does not say. */
  startNs?: bigint | undefined;
  /** Number for gauges and sums; count and sum (with buckets where given) for the others. */
  value:
    | number
    | {
        count: number;
        sum: number | null;
        min: number | null;
        max: number | null;
        bounds: number[];
        buckets: number[];
      };
  attributes: Attributes;
  scope: Scope;
  resource: Attributes;
}

/** Everything one OTLP request carried. */
export interface TelemetryBatch {
  spans: SpanRecord[];
  logs: LogRecord[];
  metrics: MetricPoint[];
}
