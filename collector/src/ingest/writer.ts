import type { CorrelationFact, StateFact } from '../mapping/derivation.ts';
import type { LogRecord, MetricPoint, SpanRecord } from '../telemetry/records.ts';
import { nearestBefore } from '../mapping/nearest-state.ts';
import type { TraceCache } from './trace-cache.ts';
import type { TraceEntry } from './trace-entry.ts';
import { PoisonError, StaleTraceError, type TraceChange, type TraceStore } from './trace-store.ts';

/** One received item and the trace it belongs to. */
export type Item =
  | { signal: 'traces'; traceId: string; record: SpanRecord }
  | { signal: 'logs'; traceId: string; record: LogRecord }
  | { signal: 'metrics'; traceId: null; record: MetricPoint };

/** How traces are derived again. */
export interface AgainOptions {
  /** Of traces with all their events as derived, the ids of those whose rows stand otherwise. */
  check: (traces: readonly TraceChange[]) => Promise<readonly string[]>;
  /** Sees the changes while the old rows still stand; once more where they are derived once more. */
  announce: (traces: readonly TraceChange[]) => Promise<void>;
  /** False only to see what would change. */
  write: boolean;
  now: Date;
}

const STALE_TRIES = 5;
/** Facts depend on their own trace alone, so exchanging them settles after one round; the rest is a safety net. */
const EXCHANGE_ROUNDS = 3;

/**
 * Turns items into stored events: opens their traces, derives, exchanges facts between traces, writes the
 * difference in one transaction. Must not run twice at the same time; several writers may, each with a cache of its own.
 */
export class Writer {
  readonly #store: TraceStore;
  readonly #cache: TraceCache;

  constructor(store: TraceStore, cache: TraceCache) {
    this.#store = store;
    this.#cache = cache;
  }

  /**
   * Stores the items, the oldest of which arrived at `receivedAt`; returns those set aside because no database can
   * hold them. Rejects when nothing was stored.
   */
  async write(items: readonly Item[], receivedAt: Date): Promise<Item[]> {
    for (let attempt = 1; ; attempt++) {
      try {
        const refused = new Set<Item['record']>(await this.#writeOnce(items, receivedAt));
        return refused.size === 0 ? [] : items.filter(({ record }) => refused.has(record));
      } catch (error) {
        if (error instanceof StaleTraceError && attempt < STALE_TRIES) this.#cache.drop(error.traceIds);
        else if (error instanceof PoisonError) return this.#isolate(items, receivedAt, error);
        else throw error;
      }
    }
  }

  /** Marks runs that went silent as lost; those that spoke meanwhile are left alone by the version guard. */
  async giveUp(traceIds: readonly string[], now: Date): Promise<void> {
    const touched = new Map<string, TraceEntry>();
    try {
      this.#cache.drop(traceIds);
      await this.#open(traceIds, touched, now);
      for (const entry of touched.values()) {
        entry.giveUp();
      }
      // What other traces told is not kept with a trace: without it, answered questions would open again.
      await this.#exchange(touched, [], now);
      await this.#commit(touched, [], now);
    } catch (error) {
      this.#cache.drop(touched.keys());
      if (!(error instanceof StaleTraceError)) throw error;
    }
  }

  /**
   * Derives traces again from what is stored of them, and writes the difference as an ingested change would be;
   * answers what differed, also of traces elsewhere that look at these. `check` sees every trace before.
   */
  async again(traceIds: readonly string[], options: AgainOptions): Promise<TraceChange[]> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#againOnce(traceIds, options);
      } catch (error) {
        if (!(error instanceof StaleTraceError) || attempt >= STALE_TRIES) throw error;
      }
    }
  }

  async #againOnce(traceIds: readonly string[], { check, announce, write, now }: AgainOptions): Promise<TraceChange[]> {
    const touched = new Map<string, TraceEntry>();
    try {
      this.#cache.drop(traceIds);
      await this.#open(traceIds, touched, now);
      const moved = [...touched.values()].flatMap((entry) => entry.movedStates());
      await this.#exchange(touched, moved, now);
      const entries = [...touched.values()];
      const wrong = new Set(await check(entries.map((entry) => ({ ...entry.changeAgain(), events: entry.rows() }))));
      for (const entry of entries) entry.distrust(wrong);
      const traces = entries.map((entry) => entry.changeAgain());
      await announce(traces);
      if (write) await this.#store.commit({ traces, metrics: [] });
      return traces;
    } finally {
      this.#cache.drop(touched.keys());
    }
  }

  async #writeOnce(items: readonly Item[], now: Date): Promise<readonly MetricPoint[]> {
    const touched = new Map<string, TraceEntry>();
    let refused: readonly MetricPoint[];
    try {
      await this.#open([...new Set(items.flatMap((item) => item.traceId ?? []))], touched, now);
      for (const item of items) {
        if (item.signal === 'traces') touched.get(item.traceId)?.addSpan(item.record);
        else if (item.signal === 'logs') touched.get(item.traceId)?.addLog(item.record);
      }
      const metrics = items.flatMap((item) => (item.signal === 'metrics' ? [item.record] : []));
      const moved = [...touched.values()].flatMap((entry) => entry.movedStates());
      await this.#exchange(touched, moved, now);
      refused = await this.#commit(touched, metrics, now);
      // A trace that another writer committed meanwhile saw nothing of ours, nor we of it; the later of the two looks
      // here and mends both.
      if (await this.#exchange(touched, moved, now)) await this.#commit(touched, [], now);
    } catch (error) {
      this.#cache.drop(touched.keys());
      throw error;
    }
    this.#cache.trim();
    return refused;
  }

  async #commit(
    touched: ReadonlyMap<string, TraceEntry>,
    metrics: MetricPoint[],
    now: Date,
  ): Promise<readonly MetricPoint[]> {
    const entries = [...touched.values()].filter((entry) => entry.hasNews);
    const traces = entries.map((entry) => entry.change(now));
    const isNews = traces.length > 0 || metrics.length > 0;
    const refused = isNews ? await this.#store.commit({ traces, metrics }) : [];
    entries.forEach((entry, at) => entry.committed(traces[at] as TraceChange));
    return refused;
  }

  async #open(traceIds: readonly string[], touched: Map<string, TraceEntry>, now: Date): Promise<void> {
    // Dropped should opening fail half-way, so that no half-restored entry stays behind.
    try {
      for (const [traceId, entry] of await this.#cache.open(traceIds, now)) touched.set(traceId, entry);
    } catch (error) {
      this.#cache.drop(traceIds);
      throw error;
    }
  }

  /**
   * Brings every touched trace the facts and states it looks at, and re-derives traces elsewhere that look at the new
   * ones. Returns true when anything was learned.
   */
  async #exchange(touched: Map<string, TraceEntry>, moved: readonly StateFact[], now: Date): Promise<boolean> {
    let changed = false;
    for (let round = 0; round < EXCHANGE_ROUNDS; round++) {
      const derivations = [...touched.values()].map((entry) => entry.derive());
      const offers = derivations.flatMap((derivation) => derivation.offers);
      const states = derivations.flatMap((derivation) => derivation.states);
      const wanted = [...new Set(derivations.flatMap((derivation) => derivation.wants))];
      const offered = [...new Set(offers.map((fact) => fact.key))];
      if (wanted.length + offered.length + states.length + moved.length === 0) return changed;
      // What a trace at hand offers now is newer than what the database has of it.
      const stored = (await this.#store.facts(wanted)).filter((fact) => !touched.has(fact.traceId));
      const facts = index([...stored, ...offers]);
      const waiting = [
        ...(await this.#store.wanting(offered)).map(({ traceId }) => traceId),
        ...(await this.#store.tracesAfter(moved)),
      ].filter((traceId) => !touched.has(traceId));
      await this.#open([...new Set(waiting)], touched, now);
      let learned = waiting.length > 0;
      const before = await this.#statesBefore(touched);
      for (const entry of touched.values()) {
        const relevant = entry.derive().wants.flatMap((key) => facts.get(key) ?? []);
        if (entry.learn(relevant)) learned = true;
        if (entry.learnStates(before.get(entry.traceId) ?? new Map())) learned = true;
      }
      if (!learned) return changed;
      changed = true;
    }
    return changed;
  }

  /** The nearest state of another trace before each state of the touched ones: by trace, then by key. */
  async #statesBefore(touched: ReadonlyMap<string, TraceEntry>): Promise<Map<string, Map<string, StateFact>>> {
    const states = [...touched.values()].flatMap((entry) => entry.derive().states);
    if (states.length === 0) return new Map();
    const stored = await this.#store.statesBefore(states, [...touched.keys()]);
    return nearestBefore(states, [...stored, ...states]);
  }

  /** Halves the batch until the items that cannot be stored are alone, and sets those aside. */
  async #isolate(items: readonly Item[], receivedAt: Date, error: PoisonError): Promise<Item[]> {
    const [only] = items;
    if (items.length === 1 && only) {
      await this.#store.quarantine([{ signal: only.signal, record: only.record, reason: error.message }]);
      return [only];
    }
    const middle = Math.ceil(items.length / 2);
    const refused = await this.write(items.slice(0, middle), receivedAt);
    return [...refused, ...(await this.write(items.slice(middle), receivedAt))];
  }
}

function index(facts: readonly CorrelationFact[]): Map<string, CorrelationFact[]> {
  const byKey = new Map<string, CorrelationFact[]>();
  for (const fact of facts) {
    const list = byKey.get(fact.key);
    if (list) list.push(fact);
    else byKey.set(fact.key, [fact]);
  }
  return byKey;
}
