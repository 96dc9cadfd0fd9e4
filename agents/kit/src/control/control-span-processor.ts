import { type Context, trace, TraceFlags } from '@opentelemetry/api';
import type { Control } from './control.ts';

/** Spans that never end must not be remembered for ever. */
const MOST_OPEN = 10_000;
/** Runs that are over sooner are not worth a word. */
const ANNOUNCE_AFTER_MS = 20;

interface SpanLike {
  spanContext(): { traceId: string; spanId: string; traceFlags: number };
}

/**
 * A span processor that tells the collector when runs begin and end: with the first and last sampled span that has no
 * parent in this process. Nothing here throws into the application.
 */
export class ControlSpanProcessor {
  readonly #control: Pick<Control, 'runStarted' | 'runEnded'>;
  /** Open roots by span id; with a timer while they are not announced. */
  readonly #roots = new Map<string, NodeJS.Timeout | undefined>();

  constructor(control: Pick<Control, 'runStarted' | 'runEnded'>) {
    this.#control = control;
  }

  /** Called by the SDK when a span starts. */
  onStart(span: SpanLike, parentContext: Context): void {
    const parent = trace.getSpanContext(parentContext);
    const { traceId, spanId, traceFlags } = span.spanContext();
    if ((traceFlags & TraceFlags.SAMPLED) === 0 || this.#roots.size >= MOST_OPEN) return;
    // A parent of another trace is none: the span was started as a root.
    if (parent !== undefined && parent.isRemote !== true && parent.traceId === traceId) return;
    const announce = (): void => {
      this.#roots.set(spanId, undefined);
      this.#control.runStarted(traceId);
    };
    this.#roots.set(spanId, setTimeout(announce, ANNOUNCE_AFTER_MS).unref());
  }

  /** Called by the SDK when a span ends. */
  onEnd(span: SpanLike): void {
    const { traceId, spanId } = span.spanContext();
    if (!this.#roots.has(spanId)) return;
    clearTimeout(this.#roots.get(spanId));
    this.#roots.delete(spanId);
    // Also when its start was not announced: the agent may have asked or looked in the meantime.
    this.#control.runEnded(traceId);
  }

  /** Nothing waits here. */
  forceFlush(): Promise<void> {
    return Promise.resolve();
  }

  /** The control is closed by whoever connected it. */
  shutdown(): Promise<void> {
    for (const timer of this.#roots.values()) clearTimeout(timer);
    this.#roots.clear();
    return Promise.resolve();
  }
}
