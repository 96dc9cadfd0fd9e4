import type { EventFilter, EventRow } from '@signalbox/event-model';
import { useEffect, useMemo, useState } from 'react';
import { filterKey, narrowFilter } from '../../client/event-query.ts';
import type { FeedSnapshot } from '../../client/event-feed.ts';
import type { FeedSource } from '../../client/feed-hub.ts';
import {
  choiceToFilter,
  countFacets,
  type Facets,
  type FilterChoice,
  keepFitting,
  narrowHere,
  narrowsHere,
} from './filter-choice.ts';
import { type Freshness, judgeFreshness } from './freshness.ts';
import { type PausedAt, pauseAt, rowsToDraw } from './reading-position.ts';
import type { TimeMode } from './row-time.ts';
import { type UsedFeed, useFeed } from './use-feed.ts';
import { useRunFinished } from './use-run-finished.ts';

/** What the reader chose; the page keeps it in the address, the panel in memory. */
export interface FeedState {
  filter: FilterChoice;
  selectedId: string | null;
  time: TimeMode;
  /** Events stand below the run they belong to. */
  grouped: boolean;
  /** Runs whose events are folded away. */
  closed: string[];
}

/** Where a feed view gets its rows from. */
export interface FeedInput {
  source: FeedSource;
  /** Narrowing that belongs to the view itself, such as the panel's query. */
  scope: EventFilter;
  live: boolean;
  state: FeedState;
}

/** Everything a feed view draws and does. */
export interface FeedModel {
  rows: readonly EventRow[];
  /** All rows of the scope at hand, whatever the filter. */
  scopeRows: readonly EventRow[];
  facets: Facets;
  snapshot: FeedSnapshot;
  freshness: Freshness;
  following: boolean;
  added: number;
  pause: () => void;
  follow: () => void;
  loadOlder: () => void;
  retryNow: () => void;
}

/** Brings feed, filter and reading position together. */
export function useFeedModel({ source, scope, live, state }: FeedInput): FeedModel {
  const filter = narrowFilter(scope, choiceToFilter(state.filter));
  const key = filterKey(filter);
  const scoped = useFeed(source, scope, live);
  const feed = useFeed(source, filter, live);
  const [paused, setPaused] = useState<{ key: string; at: PausedAt } | null>(null);
  const pausedAt = paused?.key === key ? paused.at : null;

  const scopeRows = scoped.snapshot.rows;
  // Until the collector has answered for a new filter, what is at hand is shown; only text it must search itself.
  const bridging = feed.snapshot.phase === 'loading' && !filter.q;
  const feedRows = bridging ? scopeRows : feed.snapshot.rows;
  const { minMs, hidden } = state.filter;
  const fitting = useMemo(
    () => narrowHere(keepFitting(feedRows, scopeRows, paramsOf(key)), { minMs, hidden }),
    [feedRows, scopeRows, key, minMs, hidden],
  );
  useEnoughRows(feed, narrowsHere({ minMs, hidden }) && fitting.length < ENOUGH_ROWS);
  const rows = useMemo(() => rowsToDraw(fitting, pausedAt), [fitting, pausedAt]);
  const facets = useMemo(() => countFacets(scopeRows), [scopeRows]);
  const finished = useRunFinished(source.api, filter.run ?? null, feed.snapshot.updatedAt);
  const added = fitting.length - rows.length;

  return {
    rows,
    scopeRows,
    facets,
    snapshot: feed.snapshot,
    freshness: judgeFreshness(feed.snapshot, { paused: pausedAt !== null, added, finished }),
    following: pausedAt === null,
    added,
    pause: () => setPaused((current) => (current?.key === key ? current : { key, at: pauseAt(fitting) })),
    follow: () => setPaused(null),
    loadOlder: feed.loadOlder,
    retryNow: () => {
      feed.retryNow();
      scoped.retryNow();
    },
  };
}

/** A screen full. */
const ENOUGH_ROWS = 40;
/** Looking further back than this without a find is left to the reader. */
const MOST_ROWS = 20_000;

/** Reads older pages while what is taken out here leaves too little to show: the collector does not know of it. */
function useEnoughRows(feed: UsedFeed, wanted: boolean): void {
  const { snapshot, loadOlder } = feed;
  const ready = snapshot.hasOlder && !snapshot.loadingOlder && snapshot.rows.length < MOST_ROWS;
  useEffect(() => {
    if (wanted && ready) loadOlder();
    // The function is new with every render and always does the same.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [wanted, ready]);
}

/** The lists of a filter, read back from its key: a value that only changes when the filter does. */
function paramsOf(key: string): EventFilter {
  const params = new URLSearchParams(key);
  const list = (name: string) => params.get(name)?.split(',') ?? [];
  return {
    type: list('type'),
    status: list('status'),
    actor: list('actor'),
    tool: list('tool'),
    run: params.get('run') ?? '',
  };
}
