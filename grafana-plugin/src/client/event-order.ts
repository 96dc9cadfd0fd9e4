import type { EventRow } from '@signalbox/event-model';

/**
 * Orders rows by start, then by id. Starts are compared as text without the `Z`: fractions may differ in length, and
 * a number would lose the nanoseconds.
 */
export function compareRows(left: EventRow, right: EventRow): number {
  return compareText(withoutZone(left.startedAt), withoutZone(right.startedAt)) || compareText(left.id, right.id);
}

/** Index of the first row that does not come before `row` in an ordered list. */
export function lowerBound(rows: readonly EventRow[], row: EventRow): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const candidate = rows[middle];
    if (candidate && compareRows(candidate, row) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Merges two ordered lists into one. */
export function mergeOrdered(left: readonly EventRow[], right: readonly EventRow[]): EventRow[] {
  const merged: EventRow[] = [];
  let i = 0;
  for (const row of right) {
    for (let next = left[i]; next && compareRows(next, row) <= 0; next = left[++i]) merged.push(next);
    merged.push(row);
  }
  for (; i < left.length; i++) {
    const row = left[i];
    if (row) merged.push(row);
  }
  return merged;
}

function withoutZone(time: string): string {
  return time.endsWith('Z') ? time.slice(0, -1) : time;
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
