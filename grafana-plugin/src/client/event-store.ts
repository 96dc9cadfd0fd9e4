import type { EventRow } from '@signalbox/event-model';
import { compareRows, lowerBound, mergeOrdered } from './event-order.ts';

/** What one batch changed. */
export interface StoreChange {
  added: number;
  updated: number;
  removed: number;
}

interface Replacement {
  /** The row as it stands in the ordered list. */
  before: EventRow;
  after: EventRow;
}

/** How many rows a reader keeps in memory unless told otherwise. */
export const DEFAULT_CAPACITY = 50_000;

/**
 * The rows a reader holds, ordered by start. A row keeps its place through its revisions: the highest revision wins,
 * whichever road it came by and however often; a removed row leaves and does not come back with an older page.
 */
export class EventStore {
  readonly #capacity: number;
  #byId = new Map<string, EventRow>();
  /** Highest revision at which an id was removed. */
  #removed = new Map<string, number>();
  #rows: EventRow[] = [];

  constructor(capacity = DEFAULT_CAPACITY) {
    this.#capacity = capacity;
  }

  /** Ordered, oldest first. A new array after every change, so that it can be handed to React as it is. */
  get rows(): readonly EventRow[] {
    return this.#rows;
  }

  get isFull(): boolean {
    return this.#rows.length >= this.#capacity;
  }

  get(id: string): EventRow | undefined {
    return this.#byId.get(id);
  }

  /** Starts over with the given rows. */
  replace(rows: readonly EventRow[]): void {
    this.#byId.clear();
    this.#removed.clear();
    this.#rows = [];
    this.apply(rows);
  }

  /** Takes in a batch, in any order and with any repetition. */
  apply(batch: readonly EventRow[]): StoreChange {
    const change: StoreChange = { added: 0, updated: 0, removed: 0 };
    const moved = new Set<string>();
    const replaced = new Map<string, Replacement>();
    const added = new Map<string, EventRow>();
    for (const row of batch) {
      if (!this.#isNews(row)) continue;
      const known = this.#byId.get(row.id);
      if (row.removed) {
        this.#forget(row);
        if (known) change.removed++;
        if (!added.delete(row.id)) moved.add(row.id);
        replaced.delete(row.id);
        continue;
      }
      this.#byId.set(row.id, row);
      if (!known || added.has(row.id)) {
        if (!known) change.added++;
        added.set(row.id, row);
      } else {
        change.updated++;
        replaced.set(row.id, { before: replaced.get(row.id)?.before ?? known, after: row });
      }
    }
    this.#rebuild({ added, replaced, moved });
    return change;
  }

  #isNews(row: EventRow): boolean {
    const known = this.#byId.get(row.id);
    if (known && known.revision >= row.revision) return false;
    return (this.#removed.get(row.id) ?? 0) < row.revision;
  }

  #forget(row: EventRow): void {
    this.#byId.delete(row.id);
    this.#removed.set(row.id, row.revision);
  }

  #rebuild(work: { added: Map<string, EventRow>; replaced: Map<string, Replacement>; moved: Set<string> }): void {
    const { added, replaced, moved } = work;
    if (added.size + replaced.size + moved.size === 0) return;
    let rows = this.#rows.slice();
    for (const [id, { before, after }] of replaced) {
      const index = lowerBound(rows, before);
      if (before.startedAt === after.startedAt && rows[index]?.id === id) rows[index] = after;
      else {
        moved.add(id);
        added.set(id, after);
      }
    }
    if (moved.size > 0) rows = rows.filter((row) => !moved.has(row.id));
    if (added.size > 0) rows = append(rows, [...added.values()].sort(compareRows));
    this.#rows = this.#evict(rows);
  }

  #evict(rows: EventRow[]): EventRow[] {
    const surplus = rows.length - this.#capacity;
    if (surplus <= 0) return rows;
    for (const row of rows.slice(0, surplus)) this.#byId.delete(row.id);
    return rows.slice(surplus);
  }
}

/** The usual batch is newer than everything held; only others pay for a merge. */
function append(rows: EventRow[], added: EventRow[]): EventRow[] {
  const last = rows.at(-1);
  const first = added[0];
  if (!last || !first || compareRows(last, first) < 0) return rows.concat(added);
  return mergeOrdered(rows, added);
}
