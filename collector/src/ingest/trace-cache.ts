import type { TraceReducer } from '../mapping/derivation.ts';
import { TraceEntry } from './trace-entry.ts';
import type { TraceStore } from './trace-store.ts';

/** Spans and logs kept in memory over all traces; beyond it the traces idle longest are dropped. */
const ITEM_LIMIT = 60_000;

/** Bounded memory of the traces being written; what is dropped is read from the store when needed again. */
export class TraceCache {
  readonly #entries = new Map<string, TraceEntry>();
  readonly #store: TraceStore;
  readonly #createReducer: (traceId: string) => TraceReducer;
  readonly #itemLimit: number;

  constructor(store: TraceStore, createReducer: (traceId: string) => TraceReducer, itemLimit = ITEM_LIMIT) {
    this.#store = store;
    this.#createReducer = createReducer;
    this.#itemLimit = itemLimit;
  }

  /** The entries of the traces, from memory, from the store, or new. */
  async open(traceIds: readonly string[], now: Date): Promise<Map<string, TraceEntry>> {
    const missing = traceIds.filter((traceId) => !this.#entries.has(traceId));
    const stored = missing.length > 0 ? await this.#store.load(missing) : [];
    for (const traceId of missing) this.#entries.set(traceId, new TraceEntry(this.#createReducer(traceId), now));
    for (const trace of stored) this.#entries.get(trace.traceId)?.restore(trace);
    const opened = new Map<string, TraceEntry>();
    for (const traceId of traceIds) {
      const entry = this.#entries.get(traceId);
      if (!entry) continue;
      // Re-inserting moves the entry to the young end.
      this.#entries.delete(traceId);
      this.#entries.set(traceId, entry);
      opened.set(traceId, entry);
    }
    return opened;
  }

  /** Forgets traces whose memory may no longer match the store. */
  drop(traceIds: Iterable<string>): void {
    for (const traceId of traceIds) this.#entries.delete(traceId);
  }

  /** Drops the oldest entries beyond the limit. */
  trim(): void {
    let items = 0;
    for (const entry of this.#entries.values()) items += entry.size + 1;
    for (const [traceId, entry] of this.#entries) {
      if (items <= this.#itemLimit) return;
      items -= entry.size + 1;
      this.#entries.delete(traceId);
    }
  }
}
