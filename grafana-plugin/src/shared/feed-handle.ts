import type { EventFilter } from '@signalbox/event-model';

/** Name under which the data source's frames carry their handle in `meta.custom`. */
export const FEED_HANDLE = 'signalboxFeed';

/**
 * What the data source hands the feed panel beside the rows: the very feed the rows come from. The panel reads it
 * directly, so it searches, pages and follows without a second socket and without copying rows on every refresh.
 * Frames that were saved and loaded again have none; then their rows are all there is.
 */
export interface FeedHandle<Source> {
  source: Source;
  scope: EventFilter;
  live: boolean;
}
