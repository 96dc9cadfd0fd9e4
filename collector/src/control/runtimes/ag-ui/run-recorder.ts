import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Consumer } from '../../../ingest/consumer.ts';
import type { LogRecord } from '../../../telemetry/records.ts';
import type { ProtocolEvent } from './protocol-events.ts';
import { untilDone } from './until-done.ts';

/** Place of an event that the collector adds at the end of a run: after everything the agent may have said. */
export const LAST = 9_000_000_000_000_000;

/** An event and where it belongs. */
export interface RecordedEvent {
  agent: string;
  threadId: string;
  runId: string;
  seq: number;
  /** When it came, in nanoseconds since the epoch; later events of a run have later times. */
  atNs: bigint;
  event: ProtocolEvent;
}

/** What the recorder writes with. */
export interface RecorderParts {
  consumer: Consumer;
  /** The record an event stands in the store as. The same event makes the same record. */
  toRecord: (event: RecordedEvent) => LogRecord;
  report: (error: unknown) => void;
}

/** Batches under way at once: redaction may hold the end of a text until its next piece is there. */
const MOST_BATCHES = 16;
const MOST_BYTES = 8 * 1024 * 1024;

/** Brings the events of one run into the store, in order and each once, however long the database is away. */
export class RunRecorder {
  readonly #parts: RecorderParts;
  readonly #signal: AbortSignal;
  readonly #underWay = new Set<Promise<void>>();
  #batch: LogRecord[] = [];
  #batchBytes = 0;
  #bytes = 0;
  #sending: Promise<void> | undefined;

  /** `signal` ends every try: the collector stops. */
  constructor(parts: RecorderParts, signal: AbortSignal) {
    this.#parts = parts;
    this.#signal = signal;
  }

  /** Resolves when there is room for more. */
  async push(event: RecordedEvent, bytes: number): Promise<void> {
    this.#batch.push(this.#parts.toRecord(event));
    this.#batchBytes += bytes;
    this.#sending ??= nextTurn().then(() => this.#send());
    while (this.#underWay.size >= MOST_BATCHES || this.#bytes > MOST_BYTES) await Promise.race(this.#underWay);
  }

  /** Resolves when everything is stored. */
  async flush(): Promise<void> {
    await this.#sending;
    await Promise.all(this.#underWay);
  }

  #send(): void {
    this.#sending = undefined;
    const [logs, bytes] = [this.#batch, this.#batchBytes];
    this.#batch = [];
    this.#batchBytes = 0;
    this.#bytes += bytes;
    const work = this.#store(logs).then(() => {
      this.#bytes -= bytes;
      this.#underWay.delete(work);
    });
    this.#underWay.add(work);
  }

  async #store(logs: LogRecord[]): Promise<void> {
    const { consumer, report } = this.#parts;
    await untilDone({ signal: this.#signal, report }, async () => {
      try {
        await consumer.consume({ spans: [], logs, metrics: [] });
      } catch (error) {
        // What is refused for good is refused again each time.
        if ((error as { retryable?: boolean }).retryable !== false) throw error;
        report(error);
      }
    });
  }
}
