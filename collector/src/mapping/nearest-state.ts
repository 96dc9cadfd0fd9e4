import type { CorrelationFact, StateFact } from './derivation.ts';

/** For each state the nearest of another trace before it, among `candidates`: by trace, then by key. */
export function nearestBefore(
  states: readonly StateFact[],
  candidates: readonly StateFact[],
): Map<string, Map<string, StateFact>> {
  const byKey = Map.groupBy(candidates, (candidate) => candidate.key);
  const nearest = new Map<string, Map<string, StateFact>>();
  for (const state of states) {
    const earlier = (byKey.get(state.key) ?? []).filter(
      (candidate) => candidate.data !== null && candidate.traceId !== state.traceId && isBefore(candidate, state),
    );
    const last = earlier.reduce<StateFact | null>((best, each) => (best && isBefore(each, best) ? best : each), null);
    if (last === null) continue;
    const own = nearest.get(state.traceId) ?? new Map<string, StateFact>();
    nearest.set(state.traceId, own.set(state.key, last));
  }
  return nearest;
}

/** States of other traces as derivation takes them. */
export function stateFacts(before: Iterable<StateFact>): CorrelationFact[] {
  return [...before].map(({ key, kind, traceId, data }) => ({ key, kind, traceId, data: data ?? {} }));
}

function isBefore(a: StateFact, b: StateFact): boolean {
  return a.atNs === b.atNs ? a.traceId < b.traceId : a.atNs < b.atNs;
}
