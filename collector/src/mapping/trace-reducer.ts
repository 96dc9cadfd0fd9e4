import type { LogRecord, SpanRecord } from '../telemetry/records.ts';
import type { CorrelationFact, Derivation, TraceReducer } from './derivation.ts';
import { deriveTrace } from './derive/derive-trace.ts';
import { logKey, readStartNotice, toEntry, toLogEntry, type LogEntry } from './derive/entries.ts';
import type { RowMemo } from './derive/scene.ts';
import type { SpanEntry } from './derive/span-view.ts';
import { canonicalJson } from './reading/coerce.ts';

interface HeldSpan {
  record: SpanRecord;
  entry: SpanEntry;
}

/**
 * Collects one trace. Start notices and final spans are kept apart, so that a notice that comes late cannot hide the
 * span it announced.
 */
export function createTraceReducer(traceId: string): TraceReducer {
  const finals = new Map<string, HeldSpan>();
  const notices = new Map<string, HeldSpan>();
  const logs = new Map<string, LogEntry>();
  let memo: RowMemo = new Map();
  return {
    traceId,
    get size() {
      return finals.size + notices.size + logs.size;
    },
    addSpan(span) {
      const notice = readStartNotice(span);
      const held = notice === null ? finals : notices;
      const known = held.get(notice?.spanId ?? span.spanId);
      if (known !== undefined && !replaces(span, known.record)) return;
      const entry = toEntry(span, notice);
      held.set(entry.spanId, { record: span, entry });
    },
    addLog(log: LogRecord) {
      const key = logKey(log);
      if (!logs.has(key)) logs.set(key, toLogEntry(key, log));
    },
    derive(foreign: readonly CorrelationFact[]): Derivation {
      const entries: SpanEntry[] = [];
      for (const { entry } of finals.values()) entries.push(entry);
      for (const { entry } of notices.values()) if (!finals.has(entry.spanId)) entries.push(entry);
      const { derivation, memo: now } = deriveTrace({ traceId, entries, logs: [...logs.values()], foreign, memo });
      memo = now;
      return derivation;
    },
  };
}

/** Of two versions of one span the later end wins, then the greater text: any rule that ignores arrival order. */
function replaces(candidate: SpanRecord, known: SpanRecord): boolean {
  if (candidate.endNs !== known.endNs) return candidate.endNs > known.endNs;
  return canonicalJson(candidate) > canonicalJson(known);
}
