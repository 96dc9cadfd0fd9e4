import type { EventFilter } from '@signalbox/event-model';
import type { CollectorApi } from './collector-api.ts';
import { EventFeed, type FeedOptions } from './event-feed.ts';
import { filterKey } from './event-query.ts';
import type { LivePorts } from './live-connection.ts';

/** What a view needs of a feed; an {@link EventFeed} or rows that came another way. */
export type Feed = Pick<EventFeed, 'subscribe' | 'getSnapshot' | 'loadOlder' | 'retryNow'>;

/** A feed on loan; `release` gives it back. */
export interface FeedLease {
  feed: Feed;
  release: () => void;
}

/** How a feed is read, beside its filter. */
export type LeaseOptions = Partial<Omit<FeedOptions, 'filter'>>;

/** Where a view gets its feeds from. `api` is null when there is no collector behind the rows. */
export interface FeedSource {
  readonly api: CollectorApi | null;
  lease: (filter: EventFilter, options?: LeaseOptions) => FeedLease;
  /** The feed of a filter if someone holds it, without starting anything. */
  peek: (filter: EventFilter, options?: LeaseOptions) => Feed | null;
}

interface Shared {
  feed: EventFeed;
  leases: number;
  cancelLinger: (() => void) | null;
}

/**
 * Dashboards drop and repeat their queries on every refresh, and several panels often ask for the same events: a feed
 * without readers stays this long, so that a refresh finds it as it was.
 */
const LINGER_MS = 10_000;

/** The feeds of one collector: one socket for each filter, shared by all who read it. */
export class FeedHub implements FeedSource {
  readonly api: CollectorApi;
  readonly #ports: LivePorts;
  readonly #shared = new Map<string, Shared>();

  constructor(api: CollectorApi, ports: LivePorts) {
    this.api = api;
    this.#ports = ports;
  }

  /** Lends the feed of a filter and starts it for its first reader. */
  lease(filter: EventFilter, options: LeaseOptions = {}): FeedLease {
    const full = withDefaults(filter, options);
    const key = keyOf(full);
    const shared = this.#shared.get(key) ?? this.#start(key, full);
    shared.leases++;
    shared.cancelLinger?.();
    shared.cancelLinger = null;
    let released = false;
    const release = () => {
      if (released) return;
      released = true;
      this.#giveBack(key, shared);
    };
    return { feed: shared.feed, release };
  }

  peek(filter: EventFilter, options: LeaseOptions = {}): Feed | null {
    return this.#shared.get(keyOf(withDefaults(filter, options)))?.feed ?? null;
  }

  /** Tries again at once whatever waits for its next try. */
  retryNow(): void {
    for (const { feed } of this.#shared.values()) feed.retryNow();
  }

  #start(key: string, options: FeedOptions): Shared {
    const shared: Shared = { feed: new EventFeed(this.api, options, this.#ports), leases: 0, cancelLinger: null };
    this.#shared.set(key, shared);
    shared.feed.start();
    return shared;
  }

  #giveBack(key: string, shared: Shared): void {
    shared.leases--;
    if (shared.leases > 0) return;
    shared.cancelLinger = this.#ports.schedule(() => {
      this.#shared.delete(key);
      shared.feed.stop();
    }, LINGER_MS);
  }

  /** Keeps the hub out of saved snapshots, where frames that carry it may end up. */
  toJSON(): undefined {
    return undefined;
  }
}

function withDefaults(filter: EventFilter, options: LeaseOptions): FeedOptions {
  return { live: true, pageSize: 500, ...options, filter };
}

function keyOf(options: FeedOptions): string {
  return `${options.live}|${options.pageSize}|${filterKey(options.filter)}`;
}
