import { useEffect, useState } from 'react';
import type { CollectorApi } from '../../client/collector-api.ts';

const ASK_EVERY_MS = 5000;

/** Whether the run being read has ended: a finished run must never look live. */
export function useRunFinished(api: CollectorApi | null, runId: string | null, updatedAt: number | null): boolean {
  const [finished, setFinished] = useState<string | null>(null);
  const tick = updatedAt === null ? 0 : Math.floor(updatedAt / ASK_EVERY_MS);
  useEffect(() => {
    if (!api || !runId) return undefined;
    const abort = new AbortController();
    api.run(runId, abort.signal).then(
      (run) => setFinished(run.status === 'in_progress' || run.status === 'waiting' ? null : runId),
      () => undefined,
    );
    return () => abort.abort();
  }, [api, runId, tick]);
  return runId !== null && finished === runId;
}
