import type { AttributeValue } from '../../telemetry/attributes.ts';
import type { LogRecord } from '../../telemetry/records.ts';
import { knownSeverity } from './numbers.ts';
import { AttributeList, readValue } from './read-attributes.ts';
import type { Origin } from './read-envelope.ts';
import type { WireReader } from './wire-reader.ts';

/**
 * Reads one `LogRecord` (opentelemetry-proto logs/v1). Invalid ids mean "no trace context" there, so no record is
 * refused for them.
 */
// One switch on the raw tag, as for spans.
// eslint-disable-next-line complexity, max-lines-per-function
export function readLogRecord(reader: WireReader, end: number, origin: Origin): LogRecord {
  let timeNs = 0n;
  let observedNs = 0n;
  let severityNumber = 0;
  let severityText = '';
  let eventName = '';
  let body: AttributeValue = null;
  let traceId: string | null = null;
  let spanId: string | null = null;
  const attributes = new AttributeList();
  while (reader.pos < end) {
    const tag = reader.tag(end);
    switch (tag) {
      case 9:
        timeNs = reader.timeNs(end);
        break;
      case 16:
        severityNumber = reader.varint32(end);
        break;
      case 26:
        severityText = reader.text(end);
        break;
      case 42:
        body = readValue(reader, end);
        break;
      case 50:
        attributes.read(reader, end);
        break;
      case 74:
        traceId = reader.id(16, end);
        break;
      case 82:
        spanId = reader.id(8, end);
        break;
      case 89:
        observedNs = reader.timeNs(end);
        break;
      case 98:
        eventName = reader.text(end);
        break;
      default:
        reader.skip(tag, end);
    }
  }
  return {
    traceId: traceId === '' ? null : traceId,
    spanId: spanId === '' ? null : spanId,
    timeNs: timeNs === 0n ? observedNs : timeNs,
    severityNumber: knownSeverity(severityNumber),
    severityText,
    eventName,
    body,
    attributes: attributes.done(),
    scope: origin.scope,
    resource: origin.resource,
  };
}
