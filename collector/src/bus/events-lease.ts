import type { Redis } from 'ioredis';

/** An entry as Redis gives it; without fields when it was trimmed. */
export type RawEntry = [id: string, fields: string[] | null];

export interface EventsLeaseOptions {
  redis: Redis;
  stream: string;
  group: string;
  /** Name of this collector in the group. */
  consumer: string;
}

const LEASE_MS = 5000;
const RENEW = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) else return 0 end`;
const RELEASE = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end`;
// Asking for the lease and taking entries is one step in Redis: a collector that was stopped in between, and wakes up when
// another one reads already, gets nothing.
const READ = `if redis.call('get', KEYS[2]) ~= ARGV[1] then return {0} end
redis.call('pexpire', KEYS[2], ARGV[2])
return {1, redis.call('xreadgroup', 'GROUP', ARGV[3], ARGV[1], 'COUNT', ARGV[4], 'STREAMS', KEYS[1], '>') or {}}`;
const CLAIM = `if redis.call('get', KEYS[2]) ~= ARGV[1] then return {0} end
return {1, redis.call('xautoclaim', KEYS[1], ARGV[3], ARGV[1], 0, ARGV[5], 'COUNT', ARGV[4])}`;

/**
 * The right to read a stream of events, held by one collector at a time. A text comes in pieces, and a secret that is cut
 * between two of them is only seen by whoever reads both.
 */
export class EventsLease {
  readonly #options: EventsLeaseOptions;
  readonly #key: string;

  constructor(options: EventsLeaseOptions) {
    this.#options = options;
    this.#key = `${options.stream}:reader`;
  }

  /** Takes the lease when it is free; false when another collector has it. */
  async take(): Promise<boolean> {
    const { redis, consumer } = this.#options;
    return (await this.renew()) || (await redis.set(this.#key, consumer, 'PX', LEASE_MS, 'NX')) === 'OK';
  }

  /** Keeps it for longer; false when it is lost. It is not taken anew, for another collector may have read meanwhile. */
  async renew(): Promise<boolean> {
    const { redis, consumer } = this.#options;
    return (await redis.eval(RENEW, 1, this.#key, consumer, LEASE_MS)) === 1;
  }

  async release(): Promise<void> {
    await this.#options.redis.eval(RELEASE, 1, this.#key, this.#options.consumer);
  }

  /** Entries nobody has read yet; null when the lease is lost. */
  async read(count: number): Promise<RawEntry[] | null> {
    const answer = await this.#run<[string, RawEntry[]][]>(READ, count, '');
    return answer === null ? null : answer.flatMap(([, entries]) => entries);
  }

  /** Takes over what others read and never stored, from `cursor` on; null when the lease is lost. */
  async claim(cursor: string, count: number): Promise<{ next: string; entries: RawEntry[] } | null> {
    const answer = await this.#run<[string, RawEntry[]]>(CLAIM, count, cursor);
    return answer === null ? null : { next: answer[0], entries: answer[1] };
  }

  async #run<T>(script: string, count: number, cursor: string): Promise<T | null> {
    const { redis, stream, group, consumer } = this.#options;
    const answer = await redis.eval(script, 2, stream, this.#key, consumer, LEASE_MS, group, count, cursor);
    const [isOurs, result] = answer as [number, T];
    return isOurs === 1 ? result : null;
  }
}
