import type { EventFilter } from '@signalbox/event-model';
import { useCallback, useMemo, useSyncExternalStore } from 'react';
import type { FeedSnapshot } from '../../client/event-feed.ts';
import { filterKey } from '../../client/event-query.ts';
import type { FeedSource } from '../../client/feed-hub.ts';

const NOTHING_YET: FeedSnapshot = {
  rows: [],
  phase: 'loading',
  error: null,
  connection: { kind: 'connecting' },
  lagMs: null,
  senderDelayMs: null,
  hasOlder: false,
  loadingOlder: false,
  updatedAt: null,
};

/** A feed as a view uses it. */
export interface UsedFeed {
  snapshot: FeedSnapshot;
  loadOlder: () => void;
  retryNow: () => void;
}

/** Holds the feed of a filter for as long as the component is there. */
export function useFeed(source: FeedSource, filter: EventFilter, live: boolean): UsedFeed {
  const key = filterKey(filter);
  // The key stands for the filter: an equal filter in a new object is the same feed.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const stable = useMemo(() => filter, [key]);
  const subscribe = useCallback(
    (notify: () => void) => {
      const lease = source.lease(stable, { live });
      const unsubscribe = lease.feed.subscribe(notify);
      return () => {
        unsubscribe();
        lease.release();
      };
    },
    [source, stable, live],
  );
  const getSnapshot = useCallback(
    () => source.peek(stable, { live })?.getSnapshot() ?? NOTHING_YET,
    [source, stable, live],
  );
  const snapshot = useSyncExternalStore(subscribe, getSnapshot);
  return {
    snapshot,
    loadOlder: () => void source.peek(stable, { live })?.loadOlder(),
    retryNow: () => source.peek(stable, { live })?.retryNow(),
  };
}
