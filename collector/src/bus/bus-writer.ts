import { DeliveryError, type Consumer } from '../ingest/consumer.ts';
import type { LogRecord } from '../telemetry/records.ts';
import type { BusCounters } from './bus-counters.ts';

/** A record nobody can store, and why. */
export interface SetAside {
  reason: string;
  record: LogRecord;
}

/** Parts of the writer. */
export interface BusWriterOptions {
  consumer: Consumer;
  /** Puts records into quarantine; resolves when they are durable there. */
  setAside(records: readonly SetAside[]): Promise<void>;
  counters: BusCounters;
  /** Hears of a failure once, until something succeeds again. */
  report(error: unknown): void;
}

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5000;

/**
 * Brings what came over the bus into the store, in order, however long the database is away. A record that the store
 * refuses is set aside alone; the others go on.
 */
export class BusWriter {
  readonly #options: BusWriterOptions;
  #reported = false;

  constructor(options: BusWriterOptions) {
    this.#options = options;
  }

  /** Resolves true when everything is durable, false when `signal` ended the attempt. */
  async write(records: readonly LogRecord[], unreadable: readonly SetAside[], signal: AbortSignal): Promise<boolean> {
    const { counters } = this.#options;
    const isAside = await this.#untilDone(signal, () => this.#setAside(unreadable));
    if (!isAside) return false;
    counters.entries('unreadable', unreadable.length);
    return records.length === 0 || (await this.#untilDone(signal, () => this.#store(records)));
  }

  async #setAside(records: readonly SetAside[]): Promise<void> {
    if (records.length > 0) await this.#options.setAside(records);
  }

  async #store(records: readonly LogRecord[]): Promise<void> {
    const { consumer, counters } = this.#options;
    try {
      const { rejected } = await consumer.consume({ spans: [], logs: [...records], metrics: [] });
      counters.entries('stored', records.length - rejected);
      counters.entries('refused', rejected);
    } catch (error) {
      if (error instanceof DeliveryError && error.retryable) throw error;
      await this.#isolate(records, error);
    }
  }

  /** What was refused for good is found by halving. */
  async #isolate(records: readonly LogRecord[], error: unknown): Promise<void> {
    const [only] = records;
    if (only !== undefined && records.length === 1) {
      await this.#setAside([{ reason: `refused: ${(error as Error).name}`, record: only }]);
      this.#options.counters.entries('refused', 1);
      return;
    }
    const middle = Math.ceil(records.length / 2);
    await this.#store(records.slice(0, middle));
    await this.#store(records.slice(middle));
  }

  async #untilDone(signal: AbortSignal, work: () => Promise<void>): Promise<boolean> {
    for (let wait = FIRST_WAIT_MS; !signal.aborted; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
      try {
        await work();
        this.#reported = false;
        return true;
      } catch (error) {
        this.#options.counters.retried();
        if (!this.#reported) this.#options.report(error);
        this.#reported = true;
        await pause(wait, signal);
      }
    }
    return false;
  }
}

/** Resolves after `ms`, or as soon as the signal ends the wait. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}
