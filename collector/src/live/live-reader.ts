import type { EventRow, LiveFrame } from '@signalbox/event-model';
import { encodeCursor } from './cursor.ts';
import { comparePositions, type EventLog, type LoggedEvent, type Position } from './event-log.ts';
import type { EventTail } from './event-tail.ts';

const PAGE = 500;
/** A reader further behind than this is told to load history again instead of being fed it all. */
const FURTHEST_BEHIND = 50_000;
/** With a filter that matches nothing, the reader's cursor still moves on this often. */
const CURSOR_EVERY_MS = 5000;

/** Where frames go. `ready` is false while the receiver cannot take more. */
export interface FrameSink {
  send(frame: LiveFrame): void;
  readonly ready: boolean;
}

/** Parts of one reader. */
export interface LiveReaderOptions {
  epoch: string;
  log: EventLog;
  tail: EventTail;
  /** What of an event goes to the client; see `chooseRow`. */
  choose: (row: EventRow, text: string) => EventRow | undefined;
  withText: boolean;
  sink: FrameSink;
}

/**
 * Carries one client along the event log: pages from the database while it is behind, from the tail's memory once
 * it is near. The only state is the position of the last event handed over, so nothing is skipped or repeated.
 */
export class LiveReader {
  readonly #options: LiveReaderOptions;
  #position: Position;
  #lastFrameAt = Date.now();
  #busy = false;
  #again = false;
  #closed = false;

  constructor(options: LiveReaderOptions, position: Position) {
    this.#options = options;
    this.#position = position;
  }

  close(): void {
    this.#closed = true;
  }

  /** Hands over everything up to the end. Safe to call at any time; calls while it runs are folded into one more. */
  async pump(): Promise<void> {
    this.#again = true;
    if (this.#busy) return;
    this.#busy = true;
    try {
      while (this.#again && !this.#closed && this.#options.sink.ready) {
        this.#again = false;
        await this.#catchUp();
      }
    } finally {
      this.#busy = false;
    }
  }

  async #catchUp(): Promise<void> {
    const { tail, log, withText } = this.#options;
    while (!this.#closed && this.#options.sink.ready) {
      const end = tail.end;
      if (!end || comparePositions(this.#position, end) >= 0) return;
      const near = tail.after(this.#position, PAGE);
      const events = near ?? (await this.#page(log, withText));
      if (!events) return;
      const last = events.at(-1);
      if (!last) return;
      this.#hand(events, last.position);
    }
  }

  /** A page from the database; undefined when the reader was sent away instead. */
  async #page(log: EventLog, withText: boolean): Promise<readonly LoggedEvent[] | undefined> {
    if (await log.isFurtherThan(this.#position, FURTHEST_BEHIND)) {
      this.resync('too_slow');
      return undefined;
    }
    return log.after(this.#position, { limit: PAGE, withText });
  }

  /** Tells the client to load history again, and goes on from the end. */
  resync(reason: 'cursor_expired' | 'cursor_invalid' | 'too_slow'): void {
    const end = this.#options.tail.end ?? this.#position;
    this.#position = end;
    this.#options.sink.send({ type: 'resync', cursor: encodeCursor(this.#options.epoch, end), reason });
  }

  #hand(events: readonly LoggedEvent[], position: Position): void {
    const { choose, sink, epoch } = this.#options;
    this.#position = position;
    const now = Date.now();
    const rows: EventRow[] = [];
    let oldest = now;
    for (const event of events) {
      const row = choose(event.row, event.searchText);
      if (!row) continue;
      rows.push(row);
      oldest = Math.min(oldest, event.changedAtMs);
    }
    if (rows.length === 0 && now - this.#lastFrameAt < CURSOR_EVERY_MS) return;
    this.#lastFrameAt = now;
    sink.send({
      type: 'events',
      rows,
      cursor: encodeCursor(epoch, position),
      lagMs: now - oldest,
    });
  }
}
