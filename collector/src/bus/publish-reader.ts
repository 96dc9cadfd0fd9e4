import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import type { LogRecord } from '../telemetry/records.ts';
import { readMessage, type BusEntry } from './bus-entry.ts';
import type { BusCounters } from './bus-counters.ts';
import { entryTime, toPoison, toRecord } from './bus-record.ts';
import type { BusWriter, SetAside } from './bus-writer.ts';
import { connectionOptions } from './connection.ts';
import { keyOf } from './run-finder.ts';

/** Parts of the reader. */
export interface PublishReaderOptions {
  url: string;
  prefix: string;
  writer: BusWriter;
  counters: BusCounters;
  report(error: unknown): void;
}

const LEASE_MS = 5000;
const RENEW_MS = 1500;
const FLUSH_MS = 1000;
const BATCH = 128;
const QUEUE_BYTES = 16 * 1024 * 1024;
const MAX_AGENTS = 10_000;

// Both touch the lease only while it is ours.
const RENEW = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) else return 0 end`;
const RELEASE = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end`;

interface Heard {
  id: string;
  text: string;
  bytes: number;
}

/**
 * Hears `<prefix>:pub:*`, for components that can only PUBLISH. Redis keeps nothing of it: what is sent while nobody
 * listens is lost, and so is what waits in memory when the collector dies. Every subscriber hears every message, so
 * one collector holds a lease and listens for all.
 */
export class PublishReader {
  readonly #options: PublishReaderOptions;
  readonly #name = randomBytes(8).toString('hex');
  readonly #lease: string;
  readonly #pattern: string;
  readonly #subscriber: Redis;
  readonly #commands: Redis;
  readonly #abort = new AbortController();
  readonly #runs = new Map<string, string>();
  #queue: Heard[] = [];
  #bytes = 0;
  #count = 0;
  #lastMs = 0;
  #draining: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #renewing: Promise<void> = Promise.resolve();
  #listening = false;

  constructor(options: PublishReaderOptions) {
    this.#options = options;
    this.#lease = `${options.prefix}:pub-reader`;
    this.#pattern = `${options.prefix}:pub:*`;
    this.#subscriber = new Redis(options.url, connectionOptions);
    this.#commands = new Redis(options.url, connectionOptions);
    for (const client of [this.#subscriber, this.#commands]) client.on('error', () => undefined);
    this.#subscriber.on('close', () => (this.#listening = false));
    this.#subscriber.on('ready', () => this.#renew());
    this.#commands.on('ready', () => this.#renew());
    this.#subscriber.on('pmessage', (_pattern, _channel, text: string) => this.#hear(text));
  }

  /** Begins to listen as soon as the lease is free. */
  start(): void {
    for (const client of [this.#subscriber, this.#commands]) client.connect().catch(() => undefined);
    this.#timer = setInterval(() => this.#renew(), RENEW_MS).unref();
  }

  /** Ends listening; resolves when what was heard is stored or given up. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#subscriber.disconnect();
    // Nobody sends it again: what was heard is worth a moment's wait.
    const end = setTimeout(() => this.#abort.abort(), FLUSH_MS);
    await this.#renewing;
    await this.#draining;
    clearTimeout(end);
    this.#abort.abort();
    await this.#commands.eval(RELEASE, 1, this.#lease, this.#name).catch(() => undefined);
    this.#commands.disconnect();
  }

  #renew(): void {
    this.#renewing = this.#renewing.then(() => this.#holdLease()).catch(() => undefined);
  }

  async #holdLease(): Promise<void> {
    if (this.#abort.signal.aborted || this.#commands.status !== 'ready' || this.#subscriber.status !== 'ready') return;
    const mine =
      (await this.#commands.eval(RENEW, 1, this.#lease, this.#name, LEASE_MS)) === 1 ||
      (await this.#commands.set(this.#lease, this.#name, 'PX', LEASE_MS, 'NX')) === 'OK';
    if (mine === this.#listening) return;
    if (mine) await this.#subscriber.psubscribe(this.#pattern);
    else await this.#subscriber.punsubscribe(this.#pattern);
    this.#listening = mine;
  }

  #hear(text: string): void {
    const bytes = Buffer.byteLength(text);
    if (this.#bytes + bytes > QUEUE_BYTES) return this.#options.counters.dropped(1);
    this.#queue.push({ id: this.#nextId(), text, bytes });
    this.#bytes += bytes;
    this.#draining ??= this.#drain()
      .catch((error: unknown) => this.#options.report(error))
      .finally(() => (this.#draining = undefined));
  }

  /** A place of its own, as a stream would give: two equal tokens without a number are two. */
  #nextId(): string {
    const now = Math.max(Date.now(), this.#lastMs);
    this.#count = now === this.#lastMs ? this.#count + 1 : 0;
    this.#lastMs = now;
    return `${now}-${this.#name}.${this.#count}`;
  }

  async #drain(): Promise<void> {
    // Messages of the same moment share a batch.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#queue.length > 0) {
      const batch = this.#queue.splice(0, BATCH);
      const records: LogRecord[] = [];
      const unreadable: SetAside[] = [];
      for (const { id, text } of batch) {
        const { entry, reason } = readMessage(id, text);
        if (entry === undefined) unreadable.push({ reason, record: toPoison(id, text, entryTime(id)) });
        else records.push(toRecord(entry, this.#runOf(entry)));
      }
      const isStored = await this.#options.writer.write(records, unreadable, this.#abort.signal);
      if (!isStored) return this.#options.counters.dropped(batch.length + this.#queue.length);
      this.#bytes -= batch.reduce((sum, { bytes }) => sum + bytes, 0);
    }
  }

  /** AG-UI names the run in its first and last event; those between belong to the run begun last. */
  #runOf(entry: BusEntry): string | null {
    const key = keyOf(entry);
    if (entry.runId === null) return this.#runs.get(key) ?? null;
    if (entry.event.type === 'RUN_STARTED') {
      this.#runs.delete(key);
      this.#runs.set(key, entry.runId);
      const oldest = this.#runs.size > MAX_AGENTS ? this.#runs.keys().next().value : undefined;
      if (oldest !== undefined) this.#runs.delete(oldest);
    }
    return entry.runId;
  }
}
