import type { EventChange, Stored, TraceChange } from '../ingest/trace-store.ts';
import type { LogRecord, Scope, SpanRecord } from '../telemetry/records.ts';
import { type CopyBuffer } from './copy-binary.ts';
import { contentHash, encodeAttributes, encodeValue, type Bodies } from './record-codec.ts';
import { nsFromTime, runIdOf } from '../telemetry/time.ts';

/** Column lists of the COPY statements, in the order the encoders write. */
export const SPAN_COLUMNS =
  'bucket, run_id, span_id, version_hash, parent_span_id, name, kind, started_ns, ended_ns, status_code, status_message, attributes, events, links, scope, resource_hash, received_at';
export const LOG_COLUMNS =
  'bucket, run_id, log_hash, has_trace, span_id, time_ns, severity_number, severity_text, event_name, body, attributes, scope, resource_hash, received_at';
export const EVENT_COLUMNS =
  'bucket, id, run_id, session_id, workflow, span_id, parent_id, type, actor_kind, actor_name, target_kind, target_name, status, started_ns, ended_ns, received_at, changed_at, revision, summary, model, tool, usage, convention, basis, search_text, fingerprint, removed';

const MAX_BIGINT = 9_223_372_036_854_775_807n;

/** PostgreSQL has no unsigned integers; times beyond the year 2262 are clamped. */
function clampNs(ns: bigint): bigint {
  return ns > MAX_BIGINT ? MAX_BIGINT : ns;
}

/** A resource or scope repeats with every record, so it is a content of its own. */
function resourceHash(record: SpanRecord | LogRecord, bodies: Bodies): Buffer {
  const text = JSON.stringify(encodeAttributes(record.resource, bodies));
  const hash = contentHash(text);
  bodies.set(hash, text);
  return Buffer.from(hash, 'base64url');
}

function scopeJson(scope: Scope, bodies: Bodies): string | null {
  if (scope.name === '' && scope.version === '' && scope.attributes.size === 0) return null;
  const attributes = scope.attributes.size > 0 ? { a: encodeAttributes(scope.attributes, bodies) } : {};
  return JSON.stringify({ n: scope.name, v: scope.version, ...attributes });
}

function jsonList<T>(items: readonly T[], encode: (item: T) => unknown): string | null {
  return items.length === 0 ? null : JSON.stringify(items.map(encode));
}

/** Writes one span row; long texts go to `bodies`. */
export function encodeSpan(copy: CopyBuffer, change: TraceChange, stored: Stored<SpanRecord>, bodies: Bodies): void {
  const span = stored.record;
  copy.row(17);
  copy.date(change.bucket);
  copy.uuid(change.traceId);
  copy.text(span.spanId);
  copy.bytes(Buffer.from(stored.hash, 'base64url'));
  copy.text(span.parentSpanId);
  copy.text(span.name);
  copy.smallint(span.kind);
  copy.bigint(clampNs(span.startNs));
  copy.bigint(clampNs(span.endNs));
  copy.smallint(span.statusCode);
  copy.text(span.statusMessage);
  copy.text(JSON.stringify(encodeAttributes(span.attributes, bodies)));
  copy.text(
    jsonList(span.events, (event) => [event.name, String(event.timeNs), encodeAttributes(event.attributes, bodies)]),
  );
  copy.text(jsonList(span.links, (link) => [link.traceId, link.spanId, encodeAttributes(link.attributes, bodies)]));
  copy.text(scopeJson(span.scope, bodies));
  copy.bytes(resourceHash(span, bodies));
  copy.timestamp(change.lastSeen);
}

/** Writes one log row; long texts go to `bodies`. */
export function encodeLog(copy: CopyBuffer, change: TraceChange, stored: Stored<LogRecord>, bodies: Bodies): void {
  const log = stored.record;
  copy.row(14);
  copy.date(change.bucket);
  copy.uuid(change.traceId);
  copy.bytes(Buffer.from(stored.hash, 'base64url'));
  copy.boolean(log.traceId !== null);
  copy.text(log.spanId);
  copy.bigint(clampNs(log.timeNs));
  copy.smallint(log.severityNumber);
  copy.text(log.severityText);
  copy.text(log.eventName);
  copy.text(JSON.stringify(encodeValue(log.body, bodies)));
  copy.text(JSON.stringify(encodeAttributes(log.attributes, bodies)));
  copy.text(scopeJson(log.scope, bodies));
  copy.bytes(resourceHash(log, bodies));
  copy.timestamp(change.lastSeen);
}

/** Writes one event row. */
export function encodeEvent(copy: CopyBuffer, change: TraceChange, { event, known }: EventChange): void {
  copy.row(27);
  copy.date(change.bucket);
  copy.uuid(event.id);
  copy.uuid(change.traceId);
  copy.text(event.sessionId);
  copy.text(event.workflow);
  copy.text(event.spanId);
  copy.uuid(event.parentId);
  copy.text(event.type);
  copy.text(event.actor.kind);
  copy.text(event.actor.name);
  copy.text(event.target?.kind ?? null);
  copy.text(event.target?.name ?? null);
  copy.text(event.status);
  copy.bigint(clampNs(nsFromTime(event.startedAt)));
  copy.bigint(event.endedAt === null ? null : clampNs(nsFromTime(event.endedAt)));
  copy.timestamp(known.receivedAt);
  copy.timestamp(change.lastSeen);
  copy.integer(known.revision);
  copy.text(event.summary);
  copy.text(event.model);
  copy.text(event.tool);
  copy.text(event.usage === null ? null : JSON.stringify(event.usage));
  copy.text(event.source.convention);
  copy.text(event.source.basis);
  copy.text(event.searchText);
  copy.bytes(Buffer.from(known.fingerprint, 'base64url'));
  copy.boolean(known.removed);
}

/** The same event as one element of the upsert's JSON parameter. */
export function eventParameter(change: TraceChange, { event, known }: EventChange): Record<string, unknown> {
  return {
    bucket: change.bucket,
    id: event.id,
    run_id: runIdOf(change.traceId),
    session_id: event.sessionId,
    workflow: event.workflow,
    span_id: event.spanId,
    parent_id: event.parentId,
    type: event.type,
    actor_kind: event.actor.kind,
    actor_name: event.actor.name,
    target_kind: event.target?.kind ?? null,
    target_name: event.target?.name ?? null,
    status: event.status,
    started_ns: String(clampNs(nsFromTime(event.startedAt))),
    ended_ns: event.endedAt === null ? null : String(clampNs(nsFromTime(event.endedAt))),
    received_at: known.receivedAt.toISOString(),
    changed_at: change.lastSeen.toISOString(),
    revision: known.revision,
    summary: event.summary,
    model: event.model,
    tool: event.tool,
    usage: event.usage,
    convention: event.source.convention,
    basis: event.source.basis,
    search_text: event.searchText,
    fingerprint: `\\x${Buffer.from(known.fingerprint, 'base64url').toString('hex')}`,
    removed: known.removed,
  };
}
