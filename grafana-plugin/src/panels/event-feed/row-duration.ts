import type { EventRow } from '@signalbox/event-model';
import { durationMs, timeToMs } from '../../shared/time.ts';

/** How long an event took, or has been taking by now; null for events that are a moment. */
export function rowDurationMs(row: EventRow, now: number): number | null {
  if (row.status === 'in_progress' || row.status === 'waiting') {
    const elapsed = Math.max(0, now - timeToMs(row.startedAt));
    return Math.floor(elapsed / 1000) * 1000;
  }
  const duration = durationMs(row.startedAt, row.endedAt);
  return duration === 0 ? null : duration;
}
