import { hash } from 'node:crypto';
import { Attributes, type AttributeValue } from '../telemetry/attributes.ts';
import type { LogRecord, SpanRecord } from '../telemetry/records.ts';

/** Base64url digits kept: 120 bits, a whole number of bytes. */
const DIGITS = 20;
/** Stands between the parts of a canonical text; decoding leaves no such character in any string. */
const SEPARATOR = '\u0000';

/**
 * Digest of a span with everything it carries: the same span sent twice gives the same digest. The canonical text is
 * put together by hand because `JSON.stringify` with a replacer took a tenth of the whole ingest path.
 */
export function spanHash(span: SpanRecord): string {
  const parts = [
    span.traceId,
    span.spanId,
    span.parentSpanId ?? '',
    span.name,
    `${span.kind} ${span.startNs} ${span.endNs}`,
  ];
  parts.push(`${span.statusCode}`, span.statusMessage, span.scope.name, span.scope.version);
  addAttributes(parts, span.scope.attributes);
  addAttributes(parts, span.resource);
  addAttributes(parts, span.attributes);
  for (const event of span.events) {
    parts.push(`event ${event.timeNs}`, event.name);
    addAttributes(parts, event.attributes);
  }
  for (const link of span.links) {
    parts.push('link', link.traceId, link.spanId);
    addAttributes(parts, link.attributes);
  }
  return textHash(parts.join(SEPARATOR));
}

/** Digest of a log record with everything it carries. */
export function logHash(log: LogRecord): string {
  const parts = [
    log.traceId ?? '',
    log.spanId ?? '',
    `${log.timeNs} ${log.severityNumber}`,
    log.severityText,
    log.eventName,
  ];
  parts.push(log.scope.name, log.scope.version);
  addAttributes(parts, log.scope.attributes);
  addAttributes(parts, log.resource);
  addAttributes(parts, log.attributes);
  addValue(parts, log.body);
  return textHash(parts.join(SEPARATOR));
}

/** Digest of any JSON value. */
export function digest(value: unknown): string {
  return textHash(JSON.stringify(value));
}

function textHash(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, DIGITS);
}

function addAttributes(parts: string[], attributes: Attributes): void {
  parts.push(`map ${attributes.size}`);
  for (const [key, value] of attributes.entries()) {
    parts.push(key);
    addValue(parts, value);
  }
}

/** Each kind of value has a mark of its own, so that the text "1" and the number 1 differ. */
function addValue(parts: string[], value: AttributeValue): void {
  if (typeof value === 'string') parts.push('s', value);
  else if (value instanceof Attributes) addAttributes(parts, value);
  else if (value instanceof Uint8Array) parts.push('b', Buffer.from(value).toString('base64'));
  else if (Array.isArray(value)) {
    parts.push(`list ${value.length}`);
    for (const item of value) addValue(parts, item);
  } else parts.push(`${typeof value} ${String(value)}`);
}
