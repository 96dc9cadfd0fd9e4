import { Redis } from 'ioredis';
import { connectionOptions } from './connection.ts';

/** Parts of the board. */
export interface AgentBoardOptions {
  url: string;
  /** First part of every name on the bus. */
  prefix: string;
  report: (error: unknown) => void;
}

/** Orders an agent has not fetched; more means that nobody is there to fetch them. */
const MOST_WAITING = 10_000;

/**
 * What agents keep on the bus beside their events: `<prefix>:agent:<id>`, a hash with a time to live that says who is
 * there; `<prefix>:cmd:<id>`, the stream of orders; `<prefix>:ack:<command>`, what became of one.
 */
export class AgentBoard {
  readonly #redis: Redis;
  readonly #prefix: string;

  constructor({ url, prefix, report }: AgentBoardOptions) {
    this.#prefix = prefix;
    this.#redis = new Redis(url, connectionOptions);
    let isReported = false;
    this.#redis.on('error', (error: unknown) => {
      if (!isReported) report(error);
      isReported = true;
    });
    this.#redis.on('ready', () => (isReported = false));
  }

  start(): void {
    this.#redis.connect().catch(() => undefined);
  }

  stop(): void {
    this.#redis.disconnect();
  }

  /** Hashes of those agents whose key stands, by agent. Nobody is there while Redis is away. */
  async present(agentIds: readonly string[]): Promise<Map<string, Record<string, string>>> {
    if (this.#redis.status !== 'ready') return new Map();
    const hashes = await Promise.all(
      agentIds.map((agentId) => this.#redis.hgetall(`${this.#prefix}:agent:${agentId}`)),
    );
    return new Map(
      agentIds.flatMap((agentId, at) => {
        const fields = hashes[at] ?? {};
        return Object.keys(fields).length === 0 ? [] : [[agentId, fields] as const];
      }),
    );
  }

  /** Appends an order; rejects when Redis is away. */
  async send(agentId: string, command: unknown): Promise<void> {
    const data = JSON.stringify(command);
    await this.#redis.xadd(`${this.#prefix}:cmd:${agentId}`, 'MAXLEN', '~', MOST_WAITING, '*', 'data', data);
  }

  /** What agents wrote about commands, by command. */
  async acks(ids: readonly string[]): Promise<Map<string, string>> {
    if (this.#redis.status !== 'ready' || ids.length === 0) return new Map();
    const values = await this.#redis.mget(ids.map((id) => `${this.#prefix}:ack:${id}`));
    return new Map(ids.flatMap((id, at) => (values[at] ? [[id, values[at]] as const] : [])));
  }
}
