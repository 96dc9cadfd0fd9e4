import type { DataFrame } from '@grafana/data';
import type { EventFilter, EventRow } from '@signalbox/event-model';
import type { FeedSource } from '../../client/feed-hub.ts';
import { FEED_HANDLE, type FeedHandle } from '../../shared/feed-handle.ts';
import { createStaticSource } from './static-source.ts';

/** Where a panel's rows come from, read from its query's answer; null when there are none. */
export function readFeedFrames(frames: readonly DataFrame[]): FeedHandle<FeedSource> | null {
  for (const frame of frames) {
    const handle: unknown = frame.meta?.custom?.[FEED_HANDLE];
    if (isHandle(handle)) return handle;
  }
  const rows = frames.flatMap(rowsOf);
  return rows.length > 0 ? { source: createStaticSource(rows), scope: NO_SCOPE, live: false } : null;
}

const NO_SCOPE: EventFilter = {};

function rowsOf(frame: DataFrame): EventRow[] {
  const values: unknown[] = frame.fields.find((field) => field.name === 'event')?.values ?? [];
  return values.filter(isRow);
}

function isRow(value: unknown): value is EventRow {
  if (typeof value !== 'object' || value === null) return false;
  const row = value as Partial<EventRow>;
  return typeof row.id === 'string' && typeof row.startedAt === 'string' && typeof row.actor === 'object';
}

function isHandle(value: unknown): value is FeedHandle<FeedSource> {
  if (typeof value !== 'object' || value === null) return false;
  const source = (value as Partial<FeedHandle<FeedSource>>).source;
  return typeof source?.lease === 'function';
}
