import type { EventRow } from '@signalbox/event-model';
import { timeToMs } from '../../shared/time.ts';

/** What the time column counts from. */
export type TimeMode = 'clock' | 'run' | 'delta';

/** The order the column's button steps through. */
export const TIME_MODES: readonly TimeMode[] = ['clock', 'run', 'delta'];

/** Start of each run among the rows at hand, in milliseconds since the epoch. */
export function runStarts(rows: readonly EventRow[]): Map<string, number> {
  const starts = new Map<string, number>();
  for (const row of rows) {
    if (!starts.has(row.runId)) starts.set(row.runId, timeToMs(row.startedAt));
  }
  return starts;
}

/** Milliseconds the column shows for a row; null stands for the clock time. */
export function timeOffset(
  mode: TimeMode,
  row: EventRow,
  context: { runStart?: number; before?: EventRow },
): number | null {
  if (mode === 'clock') return null;
  const start = timeToMs(row.startedAt);
  if (mode === 'run') return start - (context.runStart ?? start);
  return context.before ? start - timeToMs(context.before.startedAt) : 0;
}
