import type { Attributes, AttributeValue } from '../telemetry/attributes.ts';
import type { LogRecord, MetricPoint, Scope, SpanRecord, TelemetryBatch } from '../telemetry/records.ts';

interface Parts {
  text(value: string): string;
  value(value: AttributeValue): AttributeValue;
  attributes(given: Attributes): Attributes;
}

/** Applies a redactor to every text of a batch. */
export function redactBatch(batch: TelemetryBatch, parts: Parts): TelemetryBatch {
  const origins = new OriginRedactor(parts);
  return {
    spans: batch.spans.map((span) => ({ ...redactSpan(span, parts), ...origins.redact(span) })),
    logs: batch.logs.map((log) => ({ ...redactLog(log, parts), ...origins.redact(log) })),
    metrics: batch.metrics.map((point) => ({ ...redactMetric(point, parts), ...origins.redact(point) })),
  };
}

/** Scopes and resources are shared by many records and redacted once. */
class OriginRedactor {
  readonly #parts: Parts;
  readonly #scopes = new Map<Scope, Scope>();
  readonly #resources = new Map<Attributes, Attributes>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  redact(record: { scope: Scope; resource: Attributes }): { scope: Scope; resource: Attributes } {
    const parts = this.#parts;
    return {
      scope: once(this.#scopes, record.scope, (scope) => ({
        name: parts.text(scope.name),
        version: parts.text(scope.version),
        attributes: parts.attributes(scope.attributes),
      })),
      resource: once(this.#resources, record.resource, (resource) => parts.attributes(resource)),
    };
  }
}

function redactSpan(span: SpanRecord, parts: Parts): SpanRecord {
  return {
    ...span,
    name: parts.text(span.name),
    statusMessage: parts.text(span.statusMessage),
    attributes: parts.attributes(span.attributes),
    events: span.events.map((event) => ({
      ...event,
      name: parts.text(event.name),
      attributes: parts.attributes(event.attributes),
    })),
    links: span.links.map((link) => ({ ...link, attributes: parts.attributes(link.attributes) })),
  };
}

function redactLog(log: LogRecord, parts: Parts): LogRecord {
  return {
    ...log,
    severityText: parts.text(log.severityText),
    eventName: parts.text(log.eventName),
    body: parts.value(log.body),
    attributes: parts.attributes(log.attributes),
  };
}

function redactMetric(point: MetricPoint, parts: Parts): MetricPoint {
  return {
    ...point,
    name: parts.text(point.name),
    unit: parts.text(point.unit),
    attributes: parts.attributes(point.attributes),
  };
}

function once<T>(done: Map<T, T>, given: T, redact: (given: T) => T): T {
  const known = done.get(given);
  if (known !== undefined) return known;
  const clean = redact(given);
  done.set(given, clean);
  return clean;
}
