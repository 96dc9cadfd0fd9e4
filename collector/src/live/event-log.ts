import type { EventRow } from '@signalbox/event-model';

/** A place in the commit order of events. Ordered by `xid`, then `id`. */
export interface Position {
  xid: bigint;
  /** UUID in lower case. */
  id: string;
}

/** One event as the log holds it, with its place. */
export interface LoggedEvent {
  position: Position;
  row: EventRow;
  /** When the telemetry of this revision arrived; epoch milliseconds. */
  changedAtMs: number;
  /** Text that `q` looks in; empty unless asked for. */
  searchText: string;
}

/**
 * Events in commit order. A position once read is final: no event ever appears before it later. Port between the
 * live stream and the database.
 */
export interface EventLog {
  /** Names this database; a cursor of another one is void. */
  epoch(): Promise<string>;
  /** The place behind everything committed by now, and the highest transaction id given out. */
  end(): Promise<{ position: Position; newestXid: bigint }>;
  /** Up to `limit` events after `position`, in order. */
  after(position: Position, options: { limit: number; withText: boolean }): Promise<LoggedEvent[]>;
  /** Whether more than `most` events lie behind `position`. */
  isFurtherThan(position: Position, most: number): Promise<boolean>;
}

/** Negative, zero or positive as `a` lies before, at or after `b`. */
export function comparePositions(a: Position, b: Position): number {
  if (a.xid !== b.xid) return a.xid < b.xid ? -1 : 1;
  if (a.id === b.id) return 0;
  return a.id < b.id ? -1 : 1;
}
