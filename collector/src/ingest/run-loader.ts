import type { CorrelationFact, Derivation, TraceReducer } from '../mapping/derivation.ts';
import { nearestBefore } from '../mapping/nearest-state.ts';
import { TraceEntry } from './trace-entry.ts';
import type { TraceStore } from './trace-store.ts';

/** Derives runs again from what is stored of them: by trace id, those left out that nobody knows. */
export type RunLoader = (traceIds: readonly string[]) => Promise<Map<string, Derivation>>;

/**
 * A loader over a store. It gives what ingest derived last, facts of other traces and given-up runs included, without
 * writing anything.
 */
export function createRunLoader(
  store: Pick<TraceStore, 'load' | 'facts' | 'statesBefore'>,
  createReducer: (traceId: string) => TraceReducer,
): RunLoader {
  return async (traceIds) => {
    const traces = await store.load(traceIds);
    const entries = traces.map((trace) => {
      const entry = new TraceEntry(createReducer(trace.traceId), trace.firstSeen);
      entry.restore(trace);
      return entry;
    });
    await tellOfOthers(store, entries);
    return new Map(entries.map((entry) => [entry.traceId, entry.derive()]));
  };
}

async function tellOfOthers(
  store: Pick<TraceStore, 'facts' | 'statesBefore'>,
  entries: readonly TraceEntry[],
): Promise<void> {
  const wants = [...new Set(entries.flatMap((entry) => entry.derive().wants))];
  const states = entries.flatMap((entry) => entry.derive().states);
  const facts: CorrelationFact[] = wants.length === 0 ? [] : await store.facts(wants);
  const near = nearestBefore(states, await statesAround(store, entries));
  for (const entry of entries) {
    const wanted = new Set(entry.derive().wants);
    entry.learn(facts.filter(({ key }) => wanted.has(key)));
    entry.learnStates(near.get(entry.traceId) ?? new Map());
  }
}

/** The stored states before those of each trace; each asks for itself, as others may be the nearest to it. */
async function statesAround(store: Pick<TraceStore, 'statesBefore'>, entries: readonly TraceEntry[]) {
  const found = await Promise.all(
    entries.map(async (entry) => {
      const { states } = entry.derive();
      return states.length === 0 ? [] : store.statesBefore(states, [entry.traceId]);
    }),
  );
  return found.flat();
}
