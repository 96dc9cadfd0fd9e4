import { context, createContextKey, ROOT_CONTEXT, TraceFlags } from '@opentelemetry/api';
import { buildPendingSpan, type PendingSpan, type StartedSpan } from './pending-span.ts';

/** The key all SDK versions look at to leave exports untraced. */
const SUPPRESS_TRACING = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

/** Shorter spans are never announced; longer ones are on screen well within 200 ms. */
const DEFAULT_DELAY_MS = 40;
const DEFAULT_QUEUE_SIZE = 1024;
const BATCH_SIZE = 256;

/** What the processor needs of an exporter; every OpenTelemetry span exporter has it. */
export interface PendingSpanExporter {
  export(spans: never[], done: (result: { code: number; error?: Error }) => void): void;
  shutdown(): Promise<void>;
}

/** What the processor needs of another processor, such as the SDK's `BatchSpanProcessor`. */
export interface PendingSpanTarget {
  onEnd(span: never): void;
}

/** Where pending spans go, and how many may wait. */
export interface PendingSpanProcessorOptions {
  /** Sends pending spans in small batches of their own. Shut down with the processor. */
  exporter?: PendingSpanExporter;
  /** Takes each pending span at once, instead of `exporter`. Stays the application's: it is not shut down here. */
  processor?: PendingSpanTarget;
  /** Time between a span's start and its announcement; a span that ends before is not announced. Default 40 ms. */
  delayMs?: number;
  /** Starts that may wait for the exporter; more are dropped and counted. Default 1024. */
  maxQueueSize?: number;
}

/** Counters of one processor. */
export interface PendingSpanCounts {
  /** Pending spans handed to the exporter or processor. */
  sent: number;
  /** Starts dropped because too many waited. */
  dropped: number;
  /** Failed exports, and faults kept away from the application. */
  failed: number;
}

/**
 * A span processor that announces running spans, so that they are seen before they end. The real span goes the usual
 * way, by a processor of the application. With an exporter, a start waits `delayMs`: spans that end sooner cost
 * nothing, and attributes set right after the start are included. Nothing here ever throws into the application.
 */
export class PendingSpanProcessor {
  readonly #exporter: PendingSpanExporter | undefined;
  readonly #processor: PendingSpanTarget | undefined;
  readonly #delayMs: number;
  readonly #limit: number;
  readonly #waiting = new Map<string, StartedSpan>();
  readonly #counts: PendingSpanCounts = { sent: 0, dropped: 0, failed: 0 };
  #timer: NodeJS.Timeout | undefined;
  #exporting: Promise<void> | undefined;
  #stopped = false;

  constructor(options: PendingSpanProcessorOptions) {
    this.#exporter = options.exporter;
    this.#processor = options.processor;
    this.#delayMs = options.delayMs ?? DEFAULT_DELAY_MS;
    this.#limit = options.maxQueueSize ?? DEFAULT_QUEUE_SIZE;
  }

  /** What has happened so far. */
  get counts(): Readonly<PendingSpanCounts> {
    return { ...this.#counts };
  }

  /** Called by the SDK when a span starts. */
  onStart(span: StartedSpan): void {
    this.#guard(() => {
      const { spanId, traceFlags } = span.spanContext();
      if (this.#stopped || (traceFlags & TraceFlags.SAMPLED) === 0) return;
      if (this.#processor) return this.#hand(this.#processor, span);
      if (this.#waiting.size >= this.#limit) return void this.#counts.dropped++;
      this.#waiting.set(spanId, span);
      this.#schedule();
    });
  }

  /** Called by the SDK when a span ends: its start is no news any more. */
  onEnd(span: { spanContext(): { spanId: string } }): void {
    this.#guard(() => void this.#waiting.delete(span.spanContext().spanId));
  }

  /** Sends every waiting start. Never rejects. */
  async forceFlush(): Promise<void> {
    await this.#exporting;
    while (this.#waiting.size > 0 && this.#exporter) await this.#exportBatch(this.#exporter);
  }

  /** Sends what waits and stops; the exporter is shut down too. Never rejects. */
  async shutdown(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    await this.forceFlush();
    clearTimeout(this.#timer);
    await this.#exporter?.shutdown().catch(() => void this.#counts.failed++);
  }

  #hand(processor: PendingSpanTarget, span: StartedSpan): void {
    processor.onEnd(buildPendingSpan(span) as never);
    this.#counts.sent++;
  }

  /** One timer and one export at a time, so that an absent collector costs one queue and one request. */
  #schedule(): void {
    if (this.#timer ?? this.#exporting) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (!this.#exporter || this.#waiting.size === 0) return;
      this.#exporting = this.#exportBatch(this.#exporter).then(() => {
        this.#exporting = undefined;
        if (this.#waiting.size > 0) this.#schedule();
      });
    }, this.#delayMs);
    this.#timer.unref();
  }

  #exportBatch(exporter: PendingSpanExporter): Promise<void> {
    const batch: PendingSpan[] = [];
    for (const [id, span] of this.#waiting) {
      if (batch.length === BATCH_SIZE) break;
      this.#waiting.delete(id);
      this.#guard(() => void batch.push(buildPendingSpan(span)));
    }
    return new Promise((resolve) => {
      const done = ({ code }: { code: number }): void => {
        if (code === 0) this.#counts.sent += batch.length;
        else this.#counts.failed++;
        resolve();
      };
      // The export belongs to no span, whatever was active when the timer was set.
      const untraced = ROOT_CONTEXT.setValue(SUPPRESS_TRACING, true);
      const started = this.#guard(() => context.with(untraced, () => exporter.export(batch as never[], done)));
      if (!started) resolve();
    });
  }

  #guard(work: () => void): boolean {
    try {
      work();
      return true;
    } catch {
      this.#counts.failed++;
      return false;
    }
  }
}
