import { NO_ATTRIBUTES } from '../../telemetry/attributes.ts';
import type { LogRecord, MetricPoint, Scope, SpanLink, SpanRecord } from '../../telemetry/records.ts';
import { asEnum, asId, asObject, asObjects, asText, asTimeNs, field, type JsonObject } from './json-fields.ts';
import { readJsonAttributes, readJsonValue } from './json-attributes.ts';
import { readJsonMetric } from './json-metrics.ts';
import { knownSeverity, knownSpanKind, knownStatusCode } from './numbers.ts';
import { NO_SCOPE, type Origin } from './read-envelope.ts';
import { INVALID_SPAN_ID, type Rejections } from './rejections.ts';

const KINDS = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];
const STATUS_CODES = ['UNSET', 'OK', 'ERROR'];
const SEVERITIES = ['UNSPECIFIED', ...['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'].flatMap(withSteps)];

/** Spans of an `ExportTraceServiceRequest`; spans with invalid ids are counted as rejected. */
export function readJsonSpans(request: JsonObject, out: SpanRecord[], rejections: Rejections): void {
  forEachItem(request, { resources: 'Spans', items: 'spans' }, (span, origin) => {
    const record = readSpan(span, origin);
    if (record === null) rejections.add(INVALID_SPAN_ID);
    else out.push(record);
  });
}

/** Records of an `ExportLogsServiceRequest`. */
export function readJsonLogs(request: JsonObject, out: LogRecord[]): void {
  forEachItem(request, { resources: 'Logs', items: 'logRecords', protoItems: 'log_records' }, (record, origin) => {
    out.push(readLogRecord(record, origin));
  });
}

/** Points of an `ExportMetricsServiceRequest`. */
export function readJsonMetrics(request: JsonObject, out: MetricPoint[]): void {
  forEachItem(request, { resources: 'Metrics', items: 'metrics' }, (metric, origin) => {
    for (const point of readJsonMetric(metric)) out.push({ ...point, ...origin });
  });
}

interface Names {
  resources: 'Spans' | 'Logs' | 'Metrics';
  items: string;
  protoItems?: string;
}

function forEachItem(request: JsonObject, names: Names, read: (item: JsonObject, origin: Origin) => void): void {
  const suffix = names.resources;
  const protoSuffix = suffix.toLowerCase();
  for (const below of asObjects(field(request, `resource${suffix}`, `resource_${protoSuffix}`), `resource${suffix}`)) {
    const resource = readResource(field(below, 'resource'));
    for (const group of asObjects(field(below, `scope${suffix}`, `scope_${protoSuffix}`), `scope${suffix}`)) {
      const origin = { resource, scope: readScope(field(group, 'scope')) };
      for (const item of asObjects(field(group, names.items, names.protoItems), names.items)) read(item, origin);
    }
  }
}

function readResource(value: unknown): Origin['resource'] {
  return value === undefined ? NO_ATTRIBUTES : readJsonAttributes(field(asObject(value, 'resource'), 'attributes'));
}

function readScope(value: unknown): Scope {
  if (value === undefined) return NO_SCOPE;
  const scope = asObject(value, 'scope');
  return {
    name: asText(field(scope, 'name'), 'scope.name'),
    version: asText(field(scope, 'version'), 'scope.version'),
    attributes: readJsonAttributes(field(scope, 'attributes')),
  };
}

function readSpan(span: JsonObject, origin: Origin): SpanRecord | null {
  const traceId = asId(field(span, 'traceId', 'trace_id'), 32);
  const spanId = asId(field(span, 'spanId', 'span_id'), 16);
  const parentSpanId = asId(field(span, 'parentSpanId', 'parent_span_id'), 16);
  if (!traceId || !spanId || parentSpanId === null) return null;
  const status = asObject(field(span, 'status') ?? {}, 'status');
  return {
    traceId,
    spanId,
    parentSpanId: parentSpanId === '' ? null : parentSpanId,
    name: asText(field(span, 'name'), 'name'),
    kind: knownSpanKind(asEnum(field(span, 'kind'), 'SPAN_KIND_', KINDS)),
    startNs: asTimeNs(field(span, 'startTimeUnixNano', 'start_time_unix_nano'), 'startTimeUnixNano'),
    endNs: asTimeNs(field(span, 'endTimeUnixNano', 'end_time_unix_nano'), 'endTimeUnixNano'),
    statusCode: knownStatusCode(asEnum(field(status, 'code'), 'STATUS_CODE_', STATUS_CODES)),
    statusMessage: asText(field(status, 'message'), 'status.message'),
    attributes: readJsonAttributes(field(span, 'attributes')),
    events: asObjects(field(span, 'events'), 'events').map((event) => ({
      name: asText(field(event, 'name'), 'event.name'),
      timeNs: asTimeNs(field(event, 'timeUnixNano', 'time_unix_nano'), 'event.timeUnixNano'),
      attributes: readJsonAttributes(field(event, 'attributes')),
    })),
    links: asObjects(field(span, 'links'), 'links').flatMap(readLink),
    scope: origin.scope,
    resource: origin.resource,
  };
}

function readLink(link: JsonObject): SpanLink[] {
  const traceId = asId(field(link, 'traceId', 'trace_id'), 32);
  const spanId = asId(field(link, 'spanId', 'span_id'), 16);
  if (!traceId || !spanId) return [];
  return [{ traceId, spanId, attributes: readJsonAttributes(field(link, 'attributes')) }];
}

function readLogRecord(record: JsonObject, origin: Origin): LogRecord {
  const timeNs = asTimeNs(field(record, 'timeUnixNano', 'time_unix_nano'), 'timeUnixNano');
  const observedNs = asTimeNs(field(record, 'observedTimeUnixNano', 'observed_time_unix_nano'), 'observedTimeUnixNano');
  return {
    traceId: asId(field(record, 'traceId', 'trace_id'), 32) || null,
    spanId: asId(field(record, 'spanId', 'span_id'), 16) || null,
    timeNs: timeNs === 0n ? observedNs : timeNs,
    severityNumber: knownSeverity(
      asEnum(field(record, 'severityNumber', 'severity_number'), 'SEVERITY_NUMBER_', SEVERITIES),
    ),
    severityText: asText(field(record, 'severityText', 'severity_text'), 'severityText'),
    eventName: asText(field(record, 'eventName', 'event_name'), 'eventName'),
    body: readJsonValue(field(record, 'body')),
    attributes: readJsonAttributes(field(record, 'attributes')),
    scope: origin.scope,
    resource: origin.resource,
  };
}

function withSteps(name: string): string[] {
  return [name, `${name}2`, `${name}3`, `${name}4`];
}
