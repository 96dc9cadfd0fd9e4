import { type Attributes, type HrTime, type SpanContext, type SpanKind, TraceFlags } from '@opentelemetry/api';

const NO_PARENT = '0'.repeat(16);
const UNSET_STATUS = { code: 0 } as const;

/** What is read from a span at its start, over SDK 1.x (`parentSpanId`, `instrumentationLibrary`), 2.x and 3.x. */
export interface StartedSpan {
  spanContext(): SpanContext;
  readonly name: string;
  readonly kind: SpanKind;
  readonly startTime: HrTime;
  readonly attributes: Attributes;
  readonly resource: unknown;
  readonly parentSpanContext?: SpanContext | undefined;
  readonly parentSpanId?: string | undefined;
  readonly instrumentationScope?: unknown;
  readonly instrumentationLibrary?: unknown;
}

/**
 * Builds the pending span of a running span, in the form Logfire introduced: a random id of its own, the real span as
 * its parent, the real parent in an attribute, start equal to end. It carries both spellings of the fields that SDK
 * versions renamed, so that any exporter can send it.
 */
export function buildPendingSpan(span: StartedSpan) {
  const real = span.spanContext();
  const parentId = span.parentSpanContext?.spanId ?? span.parentSpanId ?? NO_PARENT;
  const own: SpanContext = { ...real, spanId: randomSpanId(), traceFlags: TraceFlags.SAMPLED };
  const scope = span.instrumentationScope ?? span.instrumentationLibrary;
  return {
    name: span.name,
    kind: span.kind,
    spanContext: () => own,
    parentSpanContext: real,
    parentSpanId: real.spanId,
    startTime: span.startTime,
    endTime: span.startTime,
    duration: [0, 0] as HrTime,
    ended: true,
    status: UNSET_STATUS,
    attributes: {
      ...span.attributes,
      'logfire.span_type': 'pending_span',
      'logfire.pending_parent_id': parentId,
    },
    links: [],
    events: [],
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
    resource: span.resource,
    instrumentationScope: scope,
    instrumentationLibrary: scope,
  };
}

/** A pending span as exporters take it. */
export type PendingSpan = ReturnType<typeof buildPendingSpan>;

/** Eight random bytes in hex; `Math.random` as in the SDK's own generator: ids need no secrecy. */
function randomSpanId(): string {
  const digits = Array.from({ length: 16 }, () => Math.floor(Math.random() * 16).toString(16)).join('');
  return digits === NO_PARENT ? randomSpanId() : digits;
}
