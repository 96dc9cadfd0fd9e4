import type { LogRecord, SpanRecord, TelemetryBatch } from '../telemetry/records.ts';
import { withoutContent } from './content/without-content.ts';
import type { Redactor } from './redactor.ts';
import { chunkOfEvent, chunkOfLog, withChunkText, withEventText, type StreamChunk } from './streams/stream-chunks.ts';
import { StreamGuard, type Later } from './streams/stream-guard.ts';

/** The one way in: nothing is stored, published, logged or shown that did not pass here. */
export interface RedactionGate {
  /** Resolves with what may be stored. A batch whose last piece of a text may be half a secret waits a moment. */
  batch(batch: TelemetryBatch): Promise<TelemetryBatch>;
  /** For texts that come another way than as telemetry: chat, commands. */
  text(value: string): string;
  /** Pieces of streamed texts that another collector stored: what follows is judged as their continuation. */
  remind(logs: readonly LogRecord[]): void;
  /** Lets go of everything that waits; batches pass without waiting from now on. */
  close(): void;
}

export interface RedactionGateOptions {
  redactor: Redactor;
  /** `metadata` keeps nothing of what was said. Default: `full`. */
  content?: 'full' | 'metadata';
  later?: Later;
  now?: () => number;
}

/** Makes the gate. */
export function createRedactionGate(options: RedactionGateOptions): RedactionGate {
  const { redactor } = options;
  const guard = new StreamGuard({
    rules: redactor.stream,
    later: options.later ?? afterMs,
    now: options.now ?? (() => performance.now()),
  });
  return {
    text: (value) => redactor.text(value),
    close: () => guard.close(),
    remind: (logs) => {
      const chunks = options.content === 'metadata' ? [] : logs.flatMap((log) => chunkOfLog(log) ?? []);
      // What becomes of them is stored already; only their place in the text counts.
      void guard.redact(chunks);
    },
    async batch(batch) {
      if (options.content === 'metadata') return redactor.batch(withoutContent(batch));
      const pieces = new Pieces();
      const clean = redactor.batch({
        ...batch,
        logs: batch.logs.map((log) => pieces.ofLog(log)),
        spans: batch.spans.map((span) => pieces.ofSpan(span)),
      });
      if (pieces.chunks.length === 0) return clean;
      const texts = await guard.redact(pieces.chunks);
      return pieces.putBack(clean, batch, texts);
    },
  };
}

/** Takes the pieces of streamed texts out of a batch, so that each is judged with its neighbours instead of alone. */
class Pieces {
  readonly chunks: StreamChunk[] = [];

  ofLog(log: LogRecord): LogRecord {
    const chunk = chunkOfLog(log);
    if (chunk === undefined) return log;
    this.chunks.push(chunk);
    return withChunkText(log, '');
  }

  ofSpan(span: SpanRecord): SpanRecord {
    if (span.events.every((event) => chunkOfEvent(event, span.spanId) === undefined)) return span;
    const events = span.events.map((event) => {
      const chunk = chunkOfEvent(event, span.spanId);
      if (chunk === undefined) return event;
      this.chunks.push(chunk);
      return withEventText(event, '');
    });
    return { ...span, events };
  }

  /** In the order they were taken out. `given` tells where, for its names are still as they were sent. */
  putBack(clean: TelemetryBatch, given: TelemetryBatch, texts: readonly string[]): TelemetryBatch {
    const rest = texts.values();
    const next = (): string => rest.next().value ?? '';
    const logs = clean.logs.map((log, at) =>
      chunkOfLog(given.logs[at] as LogRecord) === undefined ? log : withChunkText(log, next()),
    );
    const spans = clean.spans.map((span, at) => {
      const before = given.spans[at] as SpanRecord;
      if (before.events.every((event) => chunkOfEvent(event, before.spanId) === undefined)) return span;
      const events = span.events.map((event, index) => {
        const sent = before.events[index];
        return sent !== undefined && chunkOfEvent(sent, before.spanId) !== undefined
          ? withEventText(event, next())
          : event;
      });
      return { ...span, events };
    });
    return { ...clean, logs, spans };
  }
}

function afterMs(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms);
  timer.unref();
  return () => clearTimeout(timer);
}
