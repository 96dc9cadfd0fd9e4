import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { connectionOptions } from './connection.ts';

/** Parts of the channel. */
export interface AgentChannelOptions {
  url: string;
  /** First part of every name on the bus. */
  prefix: string;
  /** After how long what a silent collector took is taken over. */
  claimAfterMs: number;
  /** Takes one frame of an agent; rejects when it could not be stored, and then gets it again. */
  take(agentId: string, frame: unknown): Promise<void>;
  report(error: unknown): void;
}

const GROUP = 'collector';
const BATCH = 32;
const BLOCK_MS = 1000;
const RETRY_MS = 250;
const MAX_BYTES = 1024 * 1024;
const MAX_NAME = 200;
/** Orders an agent has not fetched; more means that nobody is there to fetch them. */
const MOST_WAITING = 10_000;

type RawEntry = [id: string, fields: string[] | null];

/**
 * The agent link over Redis, for agents without a way to the collector's port: frames come in on `<prefix>:agents`, orders
 * go out on `<prefix>:cmd:<agent>`. Both are streams, so neither side needs to be there when the other writes.
 */
export class AgentChannel {
  readonly #options: AgentChannelOptions;
  readonly #stream: string;
  readonly #consumer = `${hostname()}-${process.pid}-${randomBytes(4).toString('hex')}`;
  readonly #reader: Redis;
  readonly #commands: Redis;
  readonly #abort = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #reported = false;

  constructor(options: AgentChannelOptions) {
    this.#options = options;
    this.#stream = `${options.prefix}:agents`;
    this.#reader = new Redis(options.url, connectionOptions);
    this.#commands = new Redis(options.url, connectionOptions);
    for (const client of [this.#reader, this.#commands]) client.on('error', (error: unknown) => this.#complain(error));
  }

  /** Begins to read; a Redis that is away is waited for. */
  start(): void {
    for (const client of [this.#reader, this.#commands]) client.connect().catch(() => undefined);
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    this.#reader.disconnect();
    await this.#running;
    this.#commands.disconnect();
  }

  /** Appends a frame to an agent's stream; rejects when Redis is away. */
  async send(agentId: string, frame: unknown): Promise<void> {
    const data = JSON.stringify(frame);
    await this.#commands.xadd(`${this.#options.prefix}:cmd:${agentId}`, 'MAXLEN', '~', MOST_WAITING, '*', 'data', data);
  }

  async #run(): Promise<void> {
    while (!this.#abort.signal.aborted) {
      try {
        if (this.#reader.status === 'ready' && this.#commands.status === 'ready') await this.#follow();
      } catch (error) {
        this.#complain(error);
      }
      await pause(RETRY_MS, undefined, { signal: this.#abort.signal }).catch(() => undefined);
    }
  }

  async #follow(): Promise<void> {
    await this.#commands.xgroup('CREATE', this.#stream, GROUP, '0', 'MKSTREAM').catch((error: unknown) => {
      if (!/^BUSYGROUP/.test((error as Error).message)) throw error;
    });
    let claimAt = 0;
    // What was handed out before a break of the connection, or could not be stored, comes again first.
    let from: '0' | '>' = '0';
    while (!this.#abort.signal.aborted) {
      if (Date.now() >= claimAt) {
        await this.#claim();
        claimAt = Date.now() + this.#options.claimAfterMs / 2;
      }
      const entries = await this.#read(from);
      if (entries.length === 0) from = '>';
      await this.#take(entries);
      this.#reported = false;
    }
  }

  async #read(from: '0' | '>'): Promise<RawEntry[]> {
    const answer = await this.#reader.xreadgroup(
      ...(['GROUP', GROUP, this.#consumer, 'COUNT', BATCH, 'BLOCK', BLOCK_MS, 'STREAMS', this.#stream, from] as const),
    );
    return ((answer ?? []) as [string, RawEntry[]][]).flatMap(([, entries]) => entries);
  }

  async #claim(): Promise<void> {
    const { claimAfterMs } = this.#options;
    const answer = await this.#commands.xautoclaim(
      ...([this.#stream, GROUP, this.#consumer, claimAfterMs, '0-0', 'COUNT', BATCH] as const),
    );
    await this.#take((answer as [string, RawEntry[]])[1]);
  }

  /** In order: a later frame of an agent may depend on the one before it. */
  async #take(entries: readonly RawEntry[]): Promise<void> {
    for (const [id, fields] of entries) {
      const message = fields === null ? null : readMessage(fields);
      if (message !== null) await this.#options.take(message.agentId, message.frame);
      await this.#commands.xack(this.#stream, GROUP, id);
    }
  }

  #complain(error: unknown): void {
    if (!this.#reported && !this.#abort.signal.aborted) this.#options.report(error);
    this.#reported = true;
  }
}

/** A message `{v: 1, agentId, frame}` in the field `data`; null when it is none, for then nobody can be told. */
function readMessage(fields: readonly string[]): { agentId: string; frame: unknown } | null {
  const at = fields.indexOf('data');
  const data = at < 0 ? undefined : fields[at + 1];
  if (data === undefined || Buffer.byteLength(data) > MAX_BYTES) return null;
  try {
    const { v, agentId, frame } = JSON.parse(data) as { v?: unknown; agentId?: unknown; frame?: unknown };
    const isNamed = typeof agentId === 'string' && agentId !== '' && agentId.length <= MAX_NAME;
    return v === 1 && isNamed ? { agentId, frame } : null;
  } catch {
    return null;
  }
}
