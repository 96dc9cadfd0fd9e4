import { type CollectorError, toCollectorError } from './problem.ts';

/** What was read last, and whether reading still works; a new object after every change. */
export interface Polled<T> {
  value: T | null;
  /** Set while the newest read failed; `value` is then what was known before. */
  error: CollectorError | null;
  /** When `value` was read, in milliseconds since the epoch. */
  readAt: number | null;
}

/** What a poller needs of its surroundings. */
export interface PollerOptions<T> {
  read: (signal: AbortSignal) => Promise<T>;
  /** Milliseconds until the next read, by what was read; null ends the polling until somebody asks again. */
  every: (value: T | null) => number | null;
  /** Runs a function later and returns how to call it off. */
  schedule: (run: () => void, delayMs: number) => () => void;
  now: () => number;
}

/** Reads something again and again while somebody looks at it. */
export class Poller<T> {
  readonly #options: PollerOptions<T>;
  readonly #listeners = new Set<() => void>();
  #snapshot: Polled<T> = { value: null, error: null, readAt: null };
  #cancel: (() => void) | null = null;
  #abort: AbortController | null = null;
  #again = false;

  constructor(options: PollerOptions<T>) {
    this.#options = options;
  }

  /** For `useSyncExternalStore`. The first reader starts the reading, the last one ends it. */
  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) this.refresh();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#cancel?.();
      this.#abort?.abort();
      this.#abort = null;
    };
  };

  /** For `useSyncExternalStore`. */
  getSnapshot = (): Polled<T> => this.#snapshot;

  /** Reads at once; what is being read may be older than what is asked about, so it is then read once more. */
  refresh = (): void => {
    if (this.#listeners.size === 0) return;
    if (this.#abort) this.#again = true;
    else void this.#read();
  };

  /** Puts in what an answer told beside the reads. */
  put(value: T): void {
    this.#set({ value, error: null, readAt: this.#options.now() });
  }

  async #read(): Promise<void> {
    this.#cancel?.();
    const abort = new AbortController();
    this.#abort = abort;
    try {
      const value = await this.#options.read(abort.signal);
      if (abort.signal.aborted) return;
      this.#set({ value, error: null, readAt: this.#options.now() });
    } catch (error) {
      if (abort.signal.aborted) return;
      this.#set({ ...this.#snapshot, error: toCollectorError(error) });
    }
    this.#abort = null;
    this.#next();
  }

  #next(): void {
    if (this.#again) {
      this.#again = false;
      return void this.#read();
    }
    const delay = this.#options.every(this.#snapshot.value);
    if (delay === null || this.#listeners.size === 0) return;
    this.#cancel = this.#options.schedule(() => void this.#read(), delay);
  }

  #set(snapshot: Polled<T>): void {
    // An equal answer is no news: whoever draws it need not draw again.
    if (same(snapshot.value, this.#snapshot.value) && snapshot.error === this.#snapshot.error) {
      this.#snapshot.readAt = snapshot.readAt;
      return;
    }
    this.#snapshot = snapshot;
    for (const listener of this.#listeners) listener();
  }
}

function same(left: unknown, right: unknown): boolean {
  return left === right || JSON.stringify(left) === JSON.stringify(right);
}
