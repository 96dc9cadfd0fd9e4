import type { AttributeValue } from '../../telemetry/attributes.ts';
import type { LogRecord, SpanRecord } from '../../telemetry/records.ts';
import { CONVENTIONS } from '../conventions/list.ts';
import type { LogFacts, SpanFacts, StartNotice } from '../facts.ts';
import type { Report } from '../reports.ts';
import { asFields, asText, canonicalJson, firstField, toPlain } from '../reading/coerce.ts';
import { digest } from '../reading/identifiers.ts';
import { baseFacts } from '../reading/span-defaults.ts';
import { saneInterval, saneNs } from '../reading/timestamps.ts';
import type { SpanEntry } from './span-view.ts';

/** The start notice a span is, if any convention knows it as one. */
export function readStartNotice(span: SpanRecord): StartNotice | null {
  for (const convention of CONVENTIONS) {
    const notice = convention.startNotice?.(span) ?? null;
    if (notice !== null) return notice;
  }
  return null;
}

/** Reads a span through the first convention that claims it. */
export function toEntry(span: SpanRecord, notice: StartNotice | null): SpanEntry {
  const { startNs, endNs } = saneInterval(span.startNs, span.endNs);
  return {
    spanId: notice?.spanId ?? span.spanId,
    parentSpanId: notice === null ? span.parentSpanId : notice.parentSpanId,
    pending: notice !== null,
    inferred: false,
    scope: span.scope.name,
    service: asText(span.resource.get('service.name')),
    startNs,
    endNs,
    facts: readFacts(span),
  };
}

/** A convention's reader may meet any garbage; a span it cannot read is kept for its place in the tree. */
function readFacts(span: SpanRecord): SpanFacts {
  const facts = readClaimed(span);
  const reports = span.events.length === 0 ? [] : readEventReports(span);
  return reports.length === 0 ? facts : { ...facts, reports: [...facts.reports, ...reports] };
}

function readEventReports(span: SpanRecord): Report[] {
  try {
    return CONVENTIONS.flatMap((convention) => convention.eventReports?.(span) ?? []);
  } catch {
    return [];
  }
}

function readClaimed(span: SpanRecord): SpanFacts {
  try {
    const convention = CONVENTIONS.find((candidate) => candidate.claimsSpan(span));
    return convention?.spanFacts?.(span) ?? baseFacts('structure', span);
  } catch {
    return baseFacts('structure', span);
  }
}

/** A log record as the reducer holds it. */
export interface LogEntry {
  key: string;
  spanId: string | null;
  timeNs: bigint;
  severity: number;
  service: string | null;
  scope: string;
  /** Text of the body, for errors. */
  text: string;
  errorType: string | null;
  facts: LogFacts | null;
}

/** Identity of a log record: equal records are one. */
export function logKey(log: LogRecord): string {
  return digest(
    log.traceId ?? '',
    log.spanId ?? '',
    String(log.timeNs),
    log.eventName,
    canonicalJson(log.body),
    canonicalJson(log.attributes),
  );
}

/** Reads a log record through the first convention that knows it. */
export function toLogEntry(key: string, log: LogRecord): LogEntry {
  return {
    key,
    spanId: log.spanId,
    timeNs: saneNs(log.timeNs),
    severity: log.severityNumber,
    service: asText(log.resource.get('service.name')),
    scope: log.scope.name,
    text: asText(log.attributes.get('exception.message')) ?? bodyText(log.body),
    errorType: asText(log.attributes.get('exception.type')) ?? asText(log.attributes.get('error.type')),
    facts: readLogFacts(log),
  };
}

function readLogFacts(log: LogRecord): LogFacts | null {
  try {
    for (const convention of CONVENTIONS) {
      const facts = convention.logFacts?.(log) ?? null;
      if (facts !== null) return facts;
    }
  } catch {
    return null;
  }
  return null;
}

function bodyText(body: AttributeValue): string {
  const plain = toPlain(body);
  const stated = asText(plain) ?? firstField(asFields(plain), ['message', 'msg', 'error']);
  return stated ?? (plain === null || plain === undefined ? '' : canonicalJson(plain));
}

/** Orders log records by time, then as a conversation is written, then by identity. */
export function byLogTime(a: LogEntry, b: LogEntry): number {
  if (a.timeNs !== b.timeNs) return a.timeNs < b.timeNs ? -1 : 1;
  const rank = (a.facts?.rank ?? 0) - (b.facts?.rank ?? 0);
  if (rank !== 0) return rank;
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}
