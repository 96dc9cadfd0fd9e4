import type { EventFilter, EventRow } from '@signalbox/event-model';
import type { FeedSnapshot } from '../../client/event-feed.ts';
import { compareRows } from '../../client/event-order.ts';
import { filterKey } from '../../client/event-query.ts';
import type { Feed, FeedSource } from '../../client/feed-hub.ts';
import { fitsFilter } from './filter-choice.ts';

/** Serves rows that are there once and for all (a snapshot of a dashboard, say) the way a collector's are served. */
export function createStaticSource(rows: readonly EventRow[]): FeedSource {
  const ordered = rows.slice().sort(compareRows);
  const feeds = new Map<string, Feed>();
  const feedOf = (filter: EventFilter): Feed => {
    const key = filterKey(filter);
    const known = feeds.get(key);
    if (known) return known;
    const snapshot = snapshotOf(ordered.filter((row) => fits(row, filter)));
    const feed: Feed = {
      subscribe: () => () => undefined,
      getSnapshot: () => snapshot,
      loadOlder: () => Promise.resolve(),
      retryNow: () => undefined,
    };
    feeds.set(key, feed);
    return feed;
  };
  return { api: null, lease: (filter) => ({ feed: feedOf(filter), release: () => undefined }), peek: feedOf };
}

function snapshotOf(rows: EventRow[]): FeedSnapshot {
  return {
    rows,
    phase: 'ready',
    error: null,
    connection: { kind: 'closed' },
    lagMs: null,
    senderDelayMs: null,
    hasOlder: false,
    loadingOlder: false,
    updatedAt: null,
  };
}

function fits(row: EventRow, filter: EventFilter): boolean {
  const words = (filter.q ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const text = row.summary.toLowerCase();
  return (
    (!filter.run || row.runId === filter.run) && fitsFilter(row, filter) && words.every((word) => text.includes(word))
  );
}
