import type { EventFilter } from '@signalbox/event-model';
import type { FeedHub } from '../client/feed-hub.ts';
import { RunBar } from '../control/RunBar.tsx';
import { runName } from '../panels/event-feed/run-name.ts';
import { useFeed } from '../panels/event-feed/use-feed.ts';

const EVERYTHING: EventFilter = {};

/** The head of the run the feed is narrowed to. It reads the very rows the feed below reads. */
export function WatchedRun({ runId, hub }: { runId: string; hub: FeedHub }) {
  const { rows } = useFeed(hub, EVERYTHING, true).snapshot;
  return <RunBar runId={runId} name={runName(runId, rows)} rows={rows} />;
}
