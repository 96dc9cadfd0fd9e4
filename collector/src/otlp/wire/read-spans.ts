import type { SpanEvent, SpanLink, SpanRecord } from '../../telemetry/records.ts';
import { knownSpanKind, knownStatusCode } from './numbers.ts';
import { AttributeList } from './read-attributes.ts';
import type { Origin } from './read-envelope.ts';
import type { WireReader } from './wire-reader.ts';

const NO_EVENTS: readonly SpanEvent[] = [];
const NO_LINKS: readonly SpanLink[] = [];

interface Status {
  code: number;
  message: string;
}

const UNSET: Status = { code: 0, message: '' };

/** Reads one `Span` (opentelemetry-proto trace/v1); null when its ids are invalid. */
// One switch on the raw tag and locals instead of a record filled field by field: 1.2 times as fast as one function a field.
// eslint-disable-next-line complexity, max-lines-per-function
export function readSpan(reader: WireReader, end: number, origin: Origin): SpanRecord | null {
  let traceId: string | null = '';
  let spanId: string | null = '';
  let parentSpanId: string | null = '';
  let name = '';
  let kind = 0;
  let startNs = 0n;
  let endNs = 0n;
  let status = UNSET;
  const attributes = new AttributeList();
  let events = NO_EVENTS as SpanEvent[];
  let links = NO_LINKS as SpanLink[];
  while (reader.pos < end) {
    const tag = reader.tag(end);
    switch (tag) {
      case 10:
        traceId = reader.id(16, end);
        break;
      case 18:
        spanId = reader.id(8, end);
        break;
      case 34:
        parentSpanId = reader.id(8, end);
        break;
      case 42:
        name = reader.text(end);
        break;
      case 48:
        kind = reader.varint32(end);
        break;
      case 57:
        startNs = reader.timeNs(end);
        break;
      case 65:
        endNs = reader.timeNs(end);
        break;
      case 74:
        attributes.read(reader, end);
        break;
      case 90:
        if (events === NO_EVENTS) events = [];
        events.push(readEvent(reader, reader.until(end)));
        break;
      case 106:
        if (links === NO_LINKS) links = [];
        readLink(reader, reader.until(end), links);
        break;
      case 122:
        status = readStatus(reader, reader.until(end));
        break;
      default:
        reader.skip(tag, end);
    }
  }
  if (traceId === null || spanId === null || parentSpanId === null || traceId === '' || spanId === '') {
    return null;
  }
  return {
    traceId,
    spanId,
    parentSpanId: parentSpanId === '' ? null : parentSpanId,
    name,
    kind: knownSpanKind(kind),
    startNs,
    endNs,
    statusCode: knownStatusCode(status.code),
    statusMessage: status.message,
    attributes: attributes.done(),
    events,
    links,
    scope: origin.scope,
    resource: origin.resource,
  };
}

function readStatus(reader: WireReader, end: number): Status {
  let code = 0;
  let message = '';
  while (reader.pos < end) {
    const tag = reader.tag(end);
    if (tag === 18) message = reader.text(end);
    else if (tag === 24) code = reader.varint32(end);
    else reader.skip(tag, end);
  }
  return { code, message };
}

function readEvent(reader: WireReader, end: number): SpanEvent {
  let timeNs = 0n;
  let name = '';
  const attributes = new AttributeList();
  while (reader.pos < end) {
    const tag = reader.tag(end);
    if (tag === 9) timeNs = reader.timeNs(end);
    else if (tag === 18) name = reader.text(end);
    else if (tag === 26) attributes.read(reader, end);
    else reader.skip(tag, end);
  }
  return { name, timeNs, attributes: attributes.done() };
}

// A link without valid ids points nowhere: it is left out and the span kept, as trace/v1 lets receivers do.
function readLink(reader: WireReader, end: number, links: SpanLink[]): void {
  let traceId: string | null = '';
  let spanId: string | null = '';
  const attributes = new AttributeList();
  while (reader.pos < end) {
    const tag = reader.tag(end);
    if (tag === 10) traceId = reader.id(16, end);
    else if (tag === 18) spanId = reader.id(8, end);
    else if (tag === 34) attributes.read(reader, end);
    else reader.skip(tag, end);
  }
  if (traceId && spanId) links.push({ traceId, spanId, attributes: attributes.done() });
}
