import type { EventRow } from '@signalbox/event-model';

/** What a reader who paused keeps looking at. */
export interface PausedAt {
  ids: ReadonlySet<string>;
  /** Start of the oldest row held then: older pages read later still belong to the view. */
  oldest: string;
}

/** Remembers the rows at hand. */
export function pauseAt(rows: readonly EventRow[]): PausedAt {
  return { ids: new Set(rows.map((row) => row.id)), oldest: rows[0]?.startedAt ?? '' };
}

/**
 * The rows to draw. While paused no row joins, so that nothing moves under the reader's eyes; rows already there still
 * show their newest revision.
 */
export function rowsToDraw(rows: readonly EventRow[], paused: PausedAt | null): readonly EventRow[] {
  if (!paused) return rows;
  return rows.filter((row) => paused.ids.has(row.id) || row.startedAt < paused.oldest);
}
