import type { LogRecord } from '../telemetry/records.ts';
import { BusWriter, type BusWriterOptions } from './bus-writer.ts';
import { PublishReader } from './publish-reader.ts';
import { StreamReader, type BusListener } from './stream-reader.ts';

/** Parts of the way in over Redis. */
export interface BusReaderOptions extends BusWriterOptions {
  url: string;
  prefix: string;
  /** Gets what was stored before this collector began to read. */
  remind(records: readonly LogRecord[]): void;
  /** Follows the events of the stream. */
  listener: BusListener;
}

/** The bus as a way in: the durable stream, and what is merely published. */
export interface BusReader {
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Reads both; a Redis that is away keeps nothing else from working. */
export function createBusReader(options: BusReaderOptions): BusReader {
  const { counters } = options;
  // Published messages come where no connection is counted; each way in waits for the database on its own.
  const stream = new StreamReader({ ...options, writer: new BusWriter(options) });
  const published = new PublishReader({ ...options, counters, writer: new BusWriter(options) });
  return {
    start: () => {
      stream.start();
      published.start();
      return Promise.resolve();
    },
    stop: async () => {
      await Promise.all([stream.stop(), published.stop()]);
    },
  };
}
