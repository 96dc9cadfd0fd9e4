import { useEffect, useState } from 'react';
import type { CollectorApi } from '../../client/collector-api.ts';
import { timeToMs } from '../../shared/time.ts';

/** A run's start does not change, so each is asked for once. */
const known = new WeakMap<CollectorApi, Map<string, number>>();

/**
 * Starts of runs in milliseconds since the epoch: the run's own where the collector tells it, else that of its oldest
 * event at hand.
 */
export function useRunStarts(
  api: CollectorApi | null,
  loaded: ReadonlyMap<string, number>,
  wanted: boolean,
): ReadonlyMap<string, number> {
  const [starts, setStarts] = useState<ReadonlyMap<string, number>>(new Map());
  const ids = wanted ? [...loaded.keys()].sort().join(',') : '';
  useEffect(() => {
    if (!api || ids === '') return undefined;
    const cache = known.get(api) ?? new Map<string, number>();
    known.set(api, cache);
    const abort = new AbortController();
    const ask = (id: string) =>
      api.run(id, abort.signal).then(
        (run) => void (typeof run.startedAt === 'string' && cache.set(id, timeToMs(run.startedAt))),
        () => undefined,
      );
    const missing = ids.split(',').filter((id) => !cache.has(id));
    void Promise.all(missing.map(ask)).then(() => {
      if (!abort.signal.aborted) setStarts(new Map(cache));
    });
    return () => abort.abort();
  }, [api, ids]);
  return starts.size > 0 ? new Map([...loaded, ...starts]) : loaded;
}
