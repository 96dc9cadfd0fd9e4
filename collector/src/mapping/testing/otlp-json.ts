import { Attributes, NO_ATTRIBUTES, type AttributeValue } from '../../telemetry/attributes.ts';
import type { LogRecord, Scope, SpanRecord } from '../../telemetry/records.ts';

/* Reads recorded OTLP JSON into records: enough for fixtures, independent of the receiver under test elsewhere. */

type Json = Record<string, unknown>;

/** Spans and logs of one recorded request. */
export interface DecodedRequest {
  spans: SpanRecord[];
  logs: LogRecord[];
}

/** Decodes the JSON form of a trace or log request. */
export function decodeRequest(body: unknown): DecodedRequest {
  const request = body as Json;
  const spans: SpanRecord[] = [];
  const logs: LogRecord[] = [];
  for (const group of list(request['resourceSpans'])) {
    eachScope(group, 'scopeSpans', (item, scope, resource) => spans.push(toSpan(item, scope, resource)), 'spans');
  }
  for (const group of list(request['resourceLogs'])) {
    eachScope(group, 'scopeLogs', (item, scope, resource) => logs.push(toLog(item, scope, resource)), 'logRecords');
  }
  return { spans, logs };
}

function eachScope(
  group: Json,
  key: string,
  take: (item: Json, scope: Scope, resource: Attributes) => void,
  items: string,
): void {
  const resource = toAttributes(list((group['resource'] as Json | undefined)?.['attributes']));
  for (const scoped of list(group[key])) {
    const raw = (scoped['scope'] ?? {}) as Json;
    const scope = {
      name: text(raw['name']),
      version: text(raw['version']),
      attributes: toAttributes(list(raw['attributes'])),
    };
    for (const item of list(scoped[items])) take(item, scope, resource);
  }
}

function toSpan(item: Json, scope: Scope, resource: Attributes): SpanRecord {
  const status = (item['status'] ?? {}) as Json;
  return {
    traceId: text(item['traceId']).toLowerCase(),
    spanId: text(item['spanId']).toLowerCase(),
    parentSpanId: text(item['parentSpanId']).toLowerCase() || null,
    name: text(item['name']),
    kind: Number(item['kind'] ?? 0),
    startNs: BigInt(text(item['startTimeUnixNano']) || '0'),
    endNs: BigInt(text(item['endTimeUnixNano']) || '0'),
    statusCode: Number(status['code'] ?? 0),
    statusMessage: text(status['message']),
    attributes: toAttributes(list(item['attributes'])),
    events: list(item['events']).map((event) => ({
      name: text(event['name']),
      timeNs: BigInt(text(event['timeUnixNano']) || '0'),
      attributes: toAttributes(list(event['attributes'])),
    })),
    links: [],
    scope,
    resource,
  };
}

function toLog(item: Json, scope: Scope, resource: Attributes): LogRecord {
  const time = BigInt(text(item['timeUnixNano']) || '0');
  return {
    traceId: text(item['traceId']).toLowerCase() || null,
    spanId: text(item['spanId']).toLowerCase() || null,
    timeNs: time === 0n ? BigInt(text(item['observedTimeUnixNano']) || '0') : time,
    severityNumber: Number(item['severityNumber'] ?? 0),
    severityText: text(item['severityText']),
    eventName: text(item['eventName']),
    body: toValue(item['body'] as Json | undefined),
    attributes: toAttributes(list(item['attributes'])),
    scope,
    resource,
  };
}

function toAttributes(pairs: Json[]): Attributes {
  if (pairs.length === 0) return NO_ATTRIBUTES;
  return new Attributes(
    pairs.map((pair) => text(pair['key'])),
    pairs.map((pair) => toValue(pair['value'] as Json | undefined)),
  );
}

function toValue(value: Json | undefined): AttributeValue {
  if (value === undefined) return null;
  if ('stringValue' in value) return text(value['stringValue']);
  if ('boolValue' in value) return value['boolValue'] === true;
  if ('intValue' in value || 'doubleValue' in value) return Number(value['intValue'] ?? value['doubleValue']);
  if ('arrayValue' in value) return list((value['arrayValue'] as Json)['values']).map(toValue);
  if ('kvlistValue' in value) return toAttributes(list((value['kvlistValue'] as Json)['values']));
  return null;
}

function list(value: unknown): Json[] {
  return Array.isArray(value) ? (value as Json[]) : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}
