import { DeliveryError, type Consumer, type ConsumeResult } from './consumer.ts';
import type { TelemetryBatch } from '../telemetry/records.ts';
import type { Item, Writer } from './writer.ts';

/** Items written in one transaction at the most; gains of larger batches end long before. */
const BATCH_LIMIT = 4000;

interface Waiting {
  items: Item[];
  receivedAt: Date;
  resolve(result: ConsumeResult): void;
  reject(error: unknown): void;
}

/** Parts of the batcher that differ between uses. */
export interface BatcherOptions {
  writer: Writer;
  /** Applied to every batch before anything else sees it. */
  redact(batch: TelemetryBatch): TelemetryBatch;
  /** The trace a log record belongs to. */
  traceKeyOf(log: TelemetryBatch['logs'][number]): string;
  /** Called after each commit, so that live readers look at once. */
  committed(): void;
  /** Called with what went wrong when a batch could not be stored. */
  failed(error: unknown): void;
}

/**
 * The {@link Consumer} in front of the database. Requests that arrive while a write is under way share the next
 * one, so a quiet collector answers at once and a busy one writes large batches; there is no timer to wait for.
 */
export class Batcher implements Consumer {
  readonly #options: BatcherOptions;
  #queue: Waiting[] = [];
  #running: Promise<void> | undefined;
  #closed = false;

  constructor(options: BatcherOptions) {
    this.#options = options;
  }

  consume(batch: TelemetryBatch): Promise<ConsumeResult> {
    if (this.#closed) return Promise.reject(new DeliveryError('the collector is stopping'));
    const receivedAt = new Date();
    const items = this.#itemsOf(this.#options.redact(batch));
    if (items.length === 0) return Promise.resolve({ rejected: 0, message: '' });
    return new Promise((resolve, reject) => {
      this.#queue.push({ items, receivedAt, resolve, reject });
      this.#running ??= this.#drain().finally(() => (this.#running = undefined));
    });
  }

  /** Refuses new work and resolves when what was taken is written. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  async #drain(): Promise<void> {
    // Requests of the same tick share a batch.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#queue.length > 0) await this.#flush(this.#take());
  }

  #take(): Waiting[] {
    const taken: Waiting[] = [];
    let size = 0;
    for (let next = this.#queue[0]; next; next = this.#queue[0]) {
      if (taken.length > 0 && size + next.items.length > BATCH_LIMIT) break;
      size += next.items.length;
      taken.push(next);
      this.#queue.shift();
    }
    return taken;
  }

  async #flush(requests: Waiting[]): Promise<void> {
    try {
      const items = requests.flatMap((request) => request.items);
      const refused = new Set(await this.#options.writer.write(items, requests[0]?.receivedAt ?? new Date()));
      this.#options.committed();
      for (const request of requests) request.resolve(resultOf(request.items, refused));
    } catch (error) {
      this.#options.failed(error);
      const answer = new DeliveryError('the database is not available; nothing of this request was stored', {
        cause: error,
      });
      for (const request of requests) request.reject(answer);
    }
  }

  #itemsOf(batch: TelemetryBatch): Item[] {
    return [
      ...batch.spans.map((record): Item => ({ signal: 'traces', traceId: record.traceId, record })),
      ...batch.logs.map((record): Item => ({ signal: 'logs', traceId: this.#options.traceKeyOf(record), record })),
      ...batch.metrics.map((record): Item => ({ signal: 'metrics', traceId: null, record })),
    ];
  }
}

function resultOf(items: readonly Item[], refused: ReadonlySet<Item>): ConsumeResult {
  const rejected = items.filter((item) => refused.has(item)).length;
  return {
    rejected,
    message: rejected === 0 ? '' : `${rejected} item(s) cannot be stored and were set aside in quarantine`,
  };
}
