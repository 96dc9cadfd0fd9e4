import { Attributes, NO_ATTRIBUTES, type AttributeValue } from '../../telemetry/attributes.ts';
import type { LogRecord, SpanRecord } from '../../telemetry/records.ts';
import type { CorrelationFact, Derivation, DerivedEvent } from '../derivation.ts';
import { createTraceReducer } from '../trace-reducer.ts';

/** Nanoseconds of `ms` milliseconds after a fixed morning. */
export function at(ms: number): bigint {
  return 1_790_000_000_000_000_000n + BigInt(ms) * 1_000_000n;
}

/** Attributes from a plain object; nested objects become kvlists, undefined ones are left out. */
export function attributesOf(values: Record<string, unknown>): Attributes {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return new Attributes(
    entries.map(([key]) => key),
    entries.map(([, value]) => toValue(value)),
  );
}

function toValue(value: unknown): AttributeValue {
  if (Array.isArray(value)) return value.map(toValue);
  if (typeof value === 'object' && value !== null) return attributesOf(value as Record<string, unknown>);
  return value as AttributeValue;
}

export const TRACE = 'a'.repeat(32);

/** What a test says about a span; everything else is plain. */
export interface SpanSketch {
  id: string;
  parent?: string;
  name?: string;
  scope?: string;
  trace?: string;
  from?: number;
  to?: number;
  error?: string;
  attributes?: Record<string, unknown>;
  events?: { name: string; attributes: Record<string, unknown> }[];
}

/** A span record from a sketch. */
export function span(sketch: SpanSketch): SpanRecord {
  const from = sketch.from ?? 0;
  return {
    traceId: sketch.trace ?? TRACE,
    spanId: sketch.id,
    parentSpanId: sketch.parent ?? null,
    name: sketch.name ?? sketch.id,
    kind: 1,
    startNs: at(from),
    endNs: at(sketch.to ?? from + 1),
    statusCode: sketch.error === undefined ? 0 : 2,
    statusMessage: sketch.error ?? '',
    attributes: attributesOf(sketch.attributes ?? {}),
    events: (sketch.events ?? []).map((event) => ({
      name: event.name,
      timeNs: at(from),
      attributes: attributesOf(event.attributes),
    })),
    links: [],
    scope: { name: sketch.scope ?? 'test', version: '', attributes: NO_ATTRIBUTES },
    resource: attributesOf({ 'service.name': 'svc' }),
  };
}

/** A log record with a body and attributes. */
export function log(fields: Partial<LogRecord> & { values?: Record<string, unknown>; content?: unknown }): LogRecord {
  const { values, content, ...rest } = fields;
  return {
    traceId: TRACE,
    spanId: null,
    timeNs: at(0),
    severityNumber: 9,
    severityText: 'INFO',
    eventName: '',
    body: content === undefined ? null : toValue(content),
    attributes: attributesOf(values ?? {}),
    scope: { name: 'test', version: '', attributes: NO_ATTRIBUTES },
    resource: attributesOf({ 'service.name': 'svc' }),
    ...rest,
  };
}

/** Derivation of the spans and logs of one trace. */
export function derive(
  spans: readonly SpanRecord[],
  logs: readonly LogRecord[] = [],
  foreign: readonly CorrelationFact[] = [],
): Derivation {
  const reducer = createTraceReducer(spans[0]?.traceId ?? logs[0]?.traceId ?? TRACE);
  for (const item of spans) reducer.addSpan(item);
  for (const item of logs) reducer.addLog(item);
  return reducer.derive(foreign);
}

/** Events of one type. */
export function ofType(derivation: Derivation, type: string): DerivedEvent[] {
  return derivation.events.filter((event) => event.type === type);
}
