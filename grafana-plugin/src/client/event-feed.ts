import type { EventFilter, EventRow, LiveFrame } from '@signalbox/event-model';
import type { CollectorApi } from './collector-api.ts';
import { EventStore } from './event-store.ts';
import { type ConnectionState, LiveConnection, type LivePorts } from './live-connection.ts';
import { type CollectorError, toCollectorError } from './problem.ts';

/** What a view draws; a new object after every change and the same one in between. */
export interface FeedSnapshot {
  rows: readonly EventRow[];
  /** `loading` until the first answer; `failed` when history could not be read and nothing is there to show. */
  phase: 'loading' | 'ready' | 'failed';
  error: CollectorError | null;
  connection: ConnectionState;
  /** Milliseconds between the collector's receipt and its sending, of the last batch; null before the first. */
  lagMs: number | null;
  /** Milliseconds between an event's end and its receipt (the sender's batching), of the last live batch. */
  senderDelayMs: number | null;
  hasOlder: boolean;
  loadingOlder: boolean;
  /** When the last answer or frame came, in milliseconds since the epoch. */
  updatedAt: number | null;
}

/** What one feed shows. */
export interface FeedOptions {
  filter: EventFilter;
  /** False reads history only. */
  live: boolean;
  /** Rows of the first page of history. */
  pageSize: number;
  capacity?: number;
}

/** How long history waits for the stream to say where it stands; without a stream it is read all the same. */
const HELLO_PATIENCE_MS = 1500;
/** At most ten repaints a second: every one re-renders the visible rows. */
const NOTIFY_EVERY_MS = 100;

/** One stream of events with its history, kept ordered and whole. */
export class EventFeed {
  readonly #api: CollectorApi;
  readonly #options: FeedOptions;
  readonly #ports: LivePorts;
  readonly #store: EventStore;
  readonly #connection: LiveConnection | null;
  readonly #listeners = new Set<() => void>();
  readonly #abort = new AbortController();
  /** Live rows that came while a page of history that may be older than them was being read. */
  #pending: EventRow[] | null = null;
  #historyAsked = false;
  /** Counts history reads: only the newest may set the rows. */
  #read = 0;
  #olderCursor: string | null = null;
  #state: Omit<FeedSnapshot, 'rows' | 'hasOlder'>;
  #snapshot: FeedSnapshot;
  #cancelNotify: (() => void) | null = null;
  #cancelPatience: (() => void) | null = null;
  #notifiedAt = 0;

  constructor(api: CollectorApi, options: FeedOptions, ports: LivePorts) {
    this.#api = api;
    this.#options = options;
    this.#ports = ports;
    this.#store = new EventStore(options.capacity);
    const listener = {
      onFrame: (frame: LiveFrame, continued: boolean) => this.#onFrame(frame, continued),
      onState: (state: ConnectionState) => this.#onState(state),
    };
    this.#connection = options.live
      ? new LiveConnection({ base: api.base, filter: options.filter, ports, listener })
      : null;
    this.#state = {
      phase: 'loading',
      error: null,
      connection: { kind: options.live ? 'connecting' : 'closed' },
      lagMs: null,
      senderDelayMs: null,
      loadingOlder: false,
      updatedAt: null,
    };
    this.#snapshot = { ...this.#state, rows: [], hasOlder: false };
  }

  start(): void {
    if (!this.#connection) return void this.#loadHistory();
    this.#connection.open();
    this.#cancelPatience = this.#ports.schedule(() => {
      if (!this.#historyAsked) void this.#loadHistory();
    }, HELLO_PATIENCE_MS);
  }

  stop(): void {
    this.#abort.abort();
    this.#cancelPatience?.();
    this.#cancelNotify?.();
    this.#connection?.close();
  }

  /** For `useSyncExternalStore`. */
  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** For `useSyncExternalStore`. */
  getSnapshot = (): FeedSnapshot => this.#snapshot;

  /** Tries again at once what waits for its next try. */
  retryNow(): void {
    this.#connection?.retryNow();
    if (this.#state.phase === 'failed') void this.#loadHistory();
  }

  /** Reads the page before the oldest one held. */
  async loadOlder(): Promise<void> {
    if (!this.#olderCursor || this.#state.loadingOlder || this.#store.isFull) return;
    this.#change({ loadingOlder: true });
    try {
      const request = { order: 'newest', limit: this.#options.pageSize, cursor: this.#olderCursor } as const;
      const page = await this.#api.events(this.#options.filter, request, this.#abort.signal);
      this.#olderCursor = page.nextCursor;
      this.#store.apply(page.events);
      this.#change({ loadingOlder: false, error: null });
    } catch (error) {
      this.#fail(error, { loadingOlder: false });
    }
  }

  async #loadHistory(): Promise<void> {
    this.#historyAsked = true;
    this.#pending ??= [];
    const read = ++this.#read;
    try {
      const request = { order: 'newest', limit: this.#options.pageSize } as const;
      const page = await this.#api.events(this.#options.filter, request, this.#abort.signal);
      if (read !== this.#read) return;
      this.#olderCursor = page.nextCursor;
      this.#store.replace(page.events);
      this.#takePending();
      this.#change({ phase: 'ready', error: null, updatedAt: this.#ports.now() });
    } catch (error) {
      if (read !== this.#read) return;
      this.#takePending();
      this.#historyAsked = false;
      this.#fail(error, { phase: this.#store.rows.length > 0 ? 'ready' : 'failed' });
    }
  }

  #takePending(): void {
    if (this.#pending) this.#store.apply(this.#pending);
    this.#pending = null;
  }

  #onFrame(frame: LiveFrame, continued: boolean): void {
    if (frame.type === 'hello' && (!continued || !this.#historyAsked)) void this.#loadHistory();
    if (frame.type !== 'events' || frame.rows.length === 0) return;
    if (this.#pending) this.#pending.push(...frame.rows);
    else this.#store.apply(frame.rows);
    const delay = senderDelayMs(frame.rows);
    this.#change({
      lagMs: frame.lagMs,
      updatedAt: this.#ports.now(),
      ...(delay === null ? {} : { senderDelayMs: delay }),
    });
  }

  #onState(connection: ConnectionState): void {
    const error = connection.kind === 'reconnecting' || connection.kind === 'denied' ? connection.error : null;
    this.#change({ connection, ...(error ? { error } : {}), ...(connection.kind === 'live' ? { error: null } : {}) });
    if (error && !this.#historyAsked && this.#state.phase === 'loading') void this.#loadHistory();
  }

  #fail(error: unknown, change: Partial<FeedSnapshot>): void {
    if (this.#abort.signal.aborted) return;
    this.#change({ ...change, error: toCollectorError(error) });
  }

  #change(change: Partial<FeedSnapshot>): void {
    this.#state = { ...this.#state, ...change };
    if (this.#cancelNotify || this.#abort.signal.aborted) return;
    const wait = Math.max(0, this.#notifiedAt + NOTIFY_EVERY_MS - this.#ports.now());
    this.#cancelNotify = this.#ports.schedule(() => {
      this.#cancelNotify = null;
      this.#notifiedAt = this.#ports.now();
      const hasOlder = this.#olderCursor !== null && !this.#store.isFull;
      this.#snapshot = { ...this.#state, rows: this.#store.rows, hasOlder };
      for (const listener of this.#listeners) listener();
    }, wait);
  }
}

/** The median over a batch: one straggler says little about how the sender exports. */
function senderDelayMs(rows: readonly EventRow[]): number | null {
  const delays = rows
    .map((row) => Date.parse(row.receivedAt) - Date.parse(row.endedAt ?? row.startedAt))
    .filter((delay) => Number.isFinite(delay))
    .sort((left, right) => left - right);
  const median = delays[Math.floor(delays.length / 2)];
  return median === undefined ? null : Math.max(0, median);
}
