import type { Item, Writer } from './writer.ts';

/** Items written in one transaction at the most; gains of larger batches end long before. */
const BATCH_LIMIT = 4000;

interface Waiting {
  items: readonly Item[];
  receivedAt: Date;
  resolve(refused: ReadonlySet<Item>): void;
  reject(error: unknown): void;
}

/**
 * A queue in front of one writer. What arrives while a write is under way shares the next one, so a quiet collector
 * answers at once and a busy one writes large batches; there is no timer to wait for.
 */
export class Lane {
  readonly #writer: Writer;
  readonly #committed: () => void;
  #queue: Waiting[] = [];
  #running: Promise<void> | undefined;

  constructor(writer: Writer, committed: () => void) {
    this.#writer = writer;
    this.#committed = committed;
  }

  /** Resolves when the items are durable, with those that were set aside. */
  write(items: readonly Item[], receivedAt: Date): Promise<ReadonlySet<Item>> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ items, receivedAt, resolve, reject });
      this.#running ??= this.#drain().finally(() => (this.#running = undefined));
    });
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #drain(): Promise<void> {
    // Requests of the same tick share a batch.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#queue.length > 0) await this.#flush(this.#take());
  }

  #take(): Waiting[] {
    let size = 0;
    const rest = this.#queue.findIndex((waiting, at) => {
      size += waiting.items.length;
      return at > 0 && size > BATCH_LIMIT;
    });
    return this.#queue.splice(0, rest < 0 ? this.#queue.length : rest);
  }

  async #flush(requests: Waiting[]): Promise<void> {
    try {
      const items = requests.flatMap((request) => request.items);
      const refused = new Set(await this.#writer.write(items, requests[0]?.receivedAt ?? new Date()));
      this.#committed();
      for (const request of requests) request.resolve(refused);
    } catch (error) {
      for (const request of requests) request.reject(error);
    }
  }
}
