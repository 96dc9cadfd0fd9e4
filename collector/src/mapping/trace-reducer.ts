import type { LogRecord } from '../telemetry/records.ts';
import type { CorrelationFact, Derivation, TraceReducer } from './derivation.ts';
import { deriveTrace } from './derive/derive-trace.ts';
import { logKey, readStartNotice, toLogEntry, type LogEntry } from './derive/entries.ts';
import { HeldSpans } from './derive/held-spans.ts';
import type { RowMemo } from './derive/scene.ts';

/**
 * Collects one trace. Start notices and final spans are kept apart, so that a notice that comes late cannot hide the
 * span it announced.
 */
export function createTraceReducer(traceId: string): TraceReducer {
  const finals = new HeldSpans();
  const notices = new HeldSpans();
  const logs = new Map<string, LogEntry>();
  let memo: RowMemo = new Map();
  return {
    traceId,
    get size() {
      return finals.size + notices.size + logs.size;
    },
    addSpan(span) {
      const notice = readStartNotice(span);
      (notice === null ? finals : notices).add(span, notice);
    },
    addLog(log: LogRecord) {
      const key = logKey(log);
      if (!logs.has(key)) logs.set(key, toLogEntry(key, log));
    },
    derive(foreign: readonly CorrelationFact[]): Derivation {
      const waiting = notices.entries([]).filter(({ spanId }) => !finals.has(spanId));
      const above = [
        ...waiting.flatMap(({ parentSpanId }) => parentSpanId ?? []),
        ...[...logs.values()].flatMap(({ spanId }) => spanId ?? []),
      ];
      const entries = [...finals.entries(above), ...waiting];
      const { derivation, memo: now } = deriveTrace({ traceId, entries, logs: [...logs.values()], foreign, memo });
      memo = now;
      return derivation;
    },
  };
}
