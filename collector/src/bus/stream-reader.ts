import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { Redis } from 'ioredis';
import type { LogRecord } from '../telemetry/records.ts';
import { readEntry, type BusEntry, type BusEvent } from './bus-entry.ts';
import type { BusCounters } from './bus-counters.ts';
import { entryTime, toPoison, toRecord } from './bus-record.ts';
import { pause, type BusWriter, type SetAside } from './bus-writer.ts';
import { connectionOptions } from './connection.ts';
import { EventsLease, type RawEntry } from './events-lease.ts';
import { RunFinder } from './run-finder.ts';

/** An event of a component, with the trace its run has. */
export interface HeardEntry {
  id: string;
  agentId: string;
  workflowId: string;
  threadId: string | null;
  traceId: string;
  /** Tells runs of a workflow apart. */
  runKey: string;
  event: BusEvent;
}

/** Whoever follows the events beside the store. */
export interface BusListener {
  /** Entries that were stored before this collector began to read. */
  remind(entries: readonly HeardEntry[]): void;
  /** Entries in the order of the stream, once they are durable. Rejects to get them again. */
  heard(entries: readonly HeardEntry[]): Promise<void>;
}

/** Parts of the reader. */
export interface StreamReaderOptions {
  url: string;
  /** First part of every name on the bus. */
  prefix: string;
  writer: BusWriter;
  counters: BusCounters;
  /** Gets what other collectors stored last: the beginnings of texts whose rest comes here. */
  remind(records: readonly LogRecord[]): void;
  listener: BusListener;
  /** Hears of a failure once, until the connection stands again. */
  report(error: unknown): void;
}

const GROUP = 'collector';
const BATCH = 64;
/**
 * Batches under way at a time. Redaction may hold the end of a streamed text until its next piece is there, which is
 * in the next batch. Together with the bytes this bounds what is held in memory.
 */
const MAX_BATCHES = 16;
const MAX_BYTES = 32 * 1024 * 1024;
const BLOCK_MS = 1000;
const RENEW_MS = 1500;
const STANDBY_MS = 500;
/** How far back texts are looked for that are not over; the stream keeps what was stored. */
const REMINDED = 4096;
const REMINDED_PAGE = 512;
const RETRY_MS = 250;

/** Entries on their way into the store. */
interface Batch {
  ids: string[];
  bytes: number;
  records: LogRecord[];
  unreadable: SetAside[];
  trimmed: number;
  heard: HeardEntry[];
}

/**
 * Reads `<prefix>:events` as the one member of the group `collector` that holds the lease; others stand by. An entry is
 * acknowledged only after it was committed; who gets the lease takes over what was taken and never acknowledged.
 */
export class StreamReader {
  readonly #options: StreamReaderOptions;
  readonly #stream: string;
  readonly #consumer = `${hostname()}-${process.pid}-${randomBytes(4).toString('hex')}`;
  /** Waits for entries; a connection of its own, since the wait blocks it. */
  readonly #reader: Redis;
  readonly #commands: Redis;
  readonly #runs: RunFinder;
  readonly #lease: EventsLease;
  readonly #abort = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #reported = false;
  #lastId = '0-0';
  #hearing: Promise<void> = Promise.resolve();
  readonly #underWay = new Set<Promise<void>>();
  #bytes = 0;
  #failure: Error | undefined;

  constructor(options: StreamReaderOptions) {
    this.#options = options;
    this.#stream = `${options.prefix}:events`;
    this.#reader = new Redis(options.url, connectionOptions);
    this.#commands = new Redis(options.url, connectionOptions);
    this.#runs = new RunFinder(this.#commands, this.#stream);
    this.#lease = new EventsLease({
      redis: this.#commands,
      stream: this.#stream,
      group: GROUP,
      consumer: this.#consumer,
    });
    for (const client of [this.#reader, this.#commands]) client.on('error', (error: unknown) => this.#complain(error));
  }

  /** Begins to read; a Redis that is away is waited for. */
  start(): void {
    for (const client of [this.#reader, this.#commands]) client.connect().catch(() => undefined);
    this.#running = this.#run();
  }

  /** Ends reading; resolves when the batch under way is acknowledged or given up. */
  async stop(): Promise<void> {
    this.#abort.abort();
    this.#reader.disconnect();
    await this.#running;
    await this.#lease.release().catch(() => undefined);
    this.#commands.disconnect();
  }

  get #stopping(): boolean {
    return this.#abort.signal.aborted;
  }

  async #run(): Promise<void> {
    while (!this.#stopping) {
      try {
        if (this.#reader.status === 'ready' && this.#commands.status === 'ready') await this.#follow();
      } catch (error) {
        this.#complain(error);
      }
      this.#options.counters.connected(false);
      await Promise.all(this.#underWay);
      this.#failure = undefined;
      await pause(RETRY_MS, this.#abort.signal);
    }
    await this.#leave().catch(() => undefined);
  }

  async #follow(): Promise<void> {
    await this.#ensureGroup();
    this.#options.counters.connected(true);
    this.#reported = false;
    while (!this.#stopping && !(await this.#lease.take())) await pause(STANDBY_MS, this.#abort.signal);
    if (this.#stopping) return;
    const renewing = setInterval(() => void this.#lease.renew().catch(() => undefined), RENEW_MS).unref();
    try {
      await this.#remind();
      await this.#claim();
      while (!this.#stopping && (await this.#readOn()));
    } finally {
      clearInterval(renewing);
    }
  }

  /** False when the lease is lost. */
  async #readOn(): Promise<boolean> {
    const entries = await this.#lease.read(BATCH);
    if (entries === null) return false;
    await this.#begin(entries);
    this.#lastId = entries.at(-1)?.[0] ?? this.#lastId;
    // Takes nothing, only waits until there is something to take.
    if (entries.length === 0)
      await this.#reader.xread('COUNT', 1, 'BLOCK', BLOCK_MS, 'STREAMS', this.#stream, this.#lastId);
    return true;
  }

  /** Shows redaction the last entries that were handed out, so that it knows every text as if it had read it itself. */
  async #remind(): Promise<void> {
    const groups = (await this.#commands.xinfo('GROUPS', this.#stream)) as (string | number | null)[][];
    const ours = groups.find((fields) => fields[fields.indexOf('name') + 1] === GROUP) ?? [];
    this.#lastId = String(ours[ours.indexOf('last-delivered-id') + 1] ?? '0-0');
    const last: RawEntry[] = [];
    for (let end = this.#lastId; last.length < REMINDED; end = `(${last.at(-1)?.[0] ?? ''}`) {
      const page = await this.#commands.xrevrange(this.#stream, end, '-', 'COUNT', REMINDED_PAGE);
      last.push(...page);
      if (page.length < REMINDED_PAGE) break;
    }
    const { records, heard } = await this.#prepare(last.reverse());
    this.#options.remind(records);
    this.#options.listener.remind(heard);
  }

  /** Stores a batch while the next ones are read, as long as there is room. */
  async #begin(entries: readonly RawEntry[]): Promise<void> {
    if (entries.length === 0) return this.#throwFailure();
    const batch = await this.#prepare(entries);
    this.#bytes += batch.bytes;
    const work = this.#finish(batch)
      .catch((error: unknown) => (this.#failure = error as Error))
      .then(() => {
        this.#bytes -= batch.bytes;
        this.#underWay.delete(work);
      });
    this.#underWay.add(work);
    while (this.#underWay.size >= MAX_BATCHES || (this.#underWay.size > 0 && this.#bytes > MAX_BYTES))
      await Promise.race(this.#underWay);
    this.#throwFailure();
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #ensureGroup(): Promise<void> {
    try {
      // From the beginning: what was sent before the first collector came is read too.
      await this.#commands.xgroup('CREATE', this.#stream, GROUP, '0', 'MKSTREAM');
      this.#runs.forget();
    } catch (error) {
      if (!/^BUSYGROUP/.test((error as Error).message)) throw error;
    }
  }

  /** Takes over what other collectors, or this one before, left behind. */
  async #claim(): Promise<void> {
    for (let cursor = '0-0'; !this.#stopping;) {
      const claimed = await this.#lease.claim(cursor, BATCH);
      if (claimed === null) return;
      this.#options.counters.claimed(await this.#take(claimed.entries));
      cursor = claimed.next;
      if (cursor === '0-0') return;
    }
  }

  /** Stores and acknowledges; answers how many entries there were. */
  async #take(entries: readonly RawEntry[]): Promise<number> {
    if (entries.length > 0) await this.#finish(await this.#prepare(entries));
    return entries.length;
  }

  async #prepare(entries: readonly RawEntry[]): Promise<Batch> {
    const read = entries.flatMap(([id, fields]) => (fields === null ? [] : [{ id, fields, ...readEntry(id, fields) }]));
    const known = read.flatMap(({ entry }) => entry ?? []);
    const runs = await this.#runs.runsOf(known);
    const records = known.map((entry, at) => toRecord(entry, runs[at] ?? null));
    return {
      ids: entries.map(([id]) => id),
      bytes: read.reduce((sum, { fields }) => fields.reduce((total, text) => total + text.length, sum), 0),
      records,
      heard: known.map((entry, at) => toHeard(entry, records[at]?.traceId ?? '', runs[at] ?? null)),
      unreadable: read.flatMap(({ id, fields, reason }): SetAside[] =>
        reason === undefined ? [] : [{ reason, record: toPoison(id, fields.join(' '), entryTime(id)) }],
      ),
      trimmed: entries.length - read.length,
    };
  }

  async #finish({ ids, records, unreadable, trimmed, heard }: Batch): Promise<void> {
    const before = this.#hearing;
    const written = this.#options.writer.write(records, unreadable, this.#abort.signal);
    // Batches are stored side by side, but told of one after the other.
    const told = before.then(async () =>
      (await written) ? this.#options.listener.heard(heard).then(() => true) : false,
    );
    this.#hearing = told.then(nothing, nothing);
    if (!(await told)) return;
    await this.#commands.xack(this.#stream, GROUP, ...ids);
    this.#options.counters.entries('trimmed', trimmed);
  }

  /** A member that holds nothing leaves the group; one that does stays, so that its entries can be taken over. */
  async #leave(): Promise<void> {
    if (this.#commands.status !== 'ready') return;
    const pending = await this.#commands.xpending(this.#stream, GROUP, '-', '+', 1, this.#consumer);
    if (pending.length === 0) await this.#commands.xgroup('DELCONSUMER', this.#stream, GROUP, this.#consumer);
  }

  #complain(error: unknown): void {
    if (!this.#reported && !this.#stopping) this.#options.report(error);
    this.#reported = true;
  }
}

function nothing(): void {
  // Whoever waits only waits.
}

function toHeard(
  { id, agentId, workflowId, threadId, event }: BusEntry,
  traceId: string,
  runId: string | null,
): HeardEntry {
  return { id, agentId, workflowId, threadId, traceId, runKey: `${workflowId}/${runId ?? traceId}`, event };
}
