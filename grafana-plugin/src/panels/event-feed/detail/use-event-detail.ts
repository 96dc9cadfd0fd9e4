import type { EventDetail } from '@signalbox/event-model';
import { useEffect, useState } from 'react';
import type { CollectorApi } from '../../../client/collector-api.ts';
import { type CollectorError, toCollectorError } from '../../../client/problem.ts';

/** Bodies of one event, on their way, here, or not to be had. */
export interface DetailState {
  detail: EventDetail | null;
  error: CollectorError | null;
}

/** Reads an event with its bodies, and again whenever a new revision of it is seen. */
export function useEventDetail(api: CollectorApi | null, id: string, revision: number): DetailState {
  const [state, setState] = useState<DetailState>({ detail: null, error: null });
  useEffect(() => {
    if (!api) return undefined;
    const abort = new AbortController();
    api.event(id, abort.signal).then(
      (detail) => setState({ detail, error: null }),
      (error: unknown) => {
        if (!abort.signal.aborted) setState((known) => ({ detail: known.detail, error: toCollectorError(error) }));
      },
    );
    return () => abort.abort();
  }, [api, id, revision]);
  return state;
}
