import type { TelemetryBatch } from '../telemetry/records.ts';
import { DeliveryError, type Consumer, type ConsumeResult } from './consumer.ts';
import { Lane } from './lane.ts';
import type { Item, Writer } from './writer.ts';

/** Parts of the batcher that differ between uses. */
export interface BatcherOptions {
  /** One lane each: a lane derives while another waits for the database. */
  writers: readonly Writer[];
  /** Applied to every batch before anything else sees it. */
  redact(batch: TelemetryBatch): Promise<TelemetryBatch>;
  /** The trace a log record belongs to. */
  traceKeyOf(log: TelemetryBatch['logs'][number]): string;
  /** Called after each commit, so that live readers look at once. */
  committed(): void;
  /** Called with what went wrong when a batch could not be stored. */
  failed(error: unknown): void;
}

/** The {@link Consumer} in front of the database. All items of a trace take the same lane, so they never overtake. */
export class Batcher implements Consumer {
  readonly #options: BatcherOptions;
  readonly #lanes: readonly Lane[];
  readonly #active = new Set<Promise<ConsumeResult>>();
  #closed = false;

  constructor(options: BatcherOptions) {
    this.#options = options;
    this.#lanes = options.writers.map((writer) => new Lane(writer, () => options.committed()));
  }

  async consume(batch: TelemetryBatch): Promise<ConsumeResult> {
    if (this.#closed) throw new DeliveryError('the collector is stopping');
    const work = this.#store(batch);
    this.#active.add(work);
    return work.finally(() => this.#active.delete(work));
  }

  async #store(batch: TelemetryBatch): Promise<ConsumeResult> {
    const receivedAt = new Date();
    const items = this.#itemsOf(await this.#options.redact(batch));
    const writes = this.#lanes.map((lane, at) => {
      const own = this.#lanes.length === 1 ? items : items.filter((item) => this.#laneOf(item) === at);
      return own.length === 0 ? Promise.resolve(new Set<Item>()) : lane.write(own, receivedAt);
    });
    // Every lane must be done before the answer: the sender repeats the whole request or none of it.
    const results = await Promise.allSettled(writes);
    const failure = results.find((result) => result.status === 'rejected');
    if (failure) {
      this.#options.failed(failure.reason);
      throw new DeliveryError('the database is not available; send the request again', { cause: failure.reason });
    }
    return resultOf(
      results.map((result) => (result as PromiseFulfilledResult<ReadonlySet<Item>>).value),
      items,
    );
  }

  /** Refuses new work and resolves when what was taken is written. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#active);
    await Promise.all(this.#lanes.map((lane) => lane.idle()));
  }

  #laneOf(item: Item): number {
    return item.traceId === null ? 0 : Number.parseInt(item.traceId.slice(-4), 16) % this.#lanes.length;
  }

  #itemsOf(batch: TelemetryBatch): Item[] {
    return [
      ...batch.spans.map((record): Item => ({ signal: 'traces', traceId: record.traceId, record })),
      ...batch.logs.map((record): Item => ({ signal: 'logs', traceId: this.#options.traceKeyOf(record), record })),
      ...batch.metrics.map((record): Item => ({ signal: 'metrics', traceId: null, record })),
    ];
  }
}

function resultOf(refused: readonly ReadonlySet<Item>[], items: readonly Item[]): ConsumeResult {
  const rejected = items.filter((item) => refused.some((set) => set.has(item))).length;
  const onlyMetrics = items.every(({ signal }) => signal === 'metrics');
  const fate = onlyMetrics ? 'set aside in quarantine, or of more series than are kept' : 'set aside in quarantine';
  const message = rejected === 0 ? '' : `${rejected} item(s) cannot be stored: ${fate}`;
  return { rejected, message };
}
