import type { EventRow } from './event.ts';

/** First frame of `/ws/events`. `cursor` is where the stream stands; opaque. */
export interface HelloFrame {
  type: 'hello';
  cursor: string;
  /** RFC 3339 UTC, milliseconds. */
  serverTime: string;
}

/** A batch of rows in cursor order. `rows` may be empty: then the frame only moves the cursor. */
export interface EventsFrame {
  type: 'events';
  rows: EventRow[];
  /** Position after the last row; reconnect with it to miss nothing. */
  cursor: string;
  /** Milliseconds between receipt of the oldest row in the batch and this frame. */
  lagMs: number;
}

/** The reader's cursor cannot be continued (too old, or of another database): load history again, then reconnect. */
export interface ResyncFrame {
  type: 'resync';
  cursor: string;
  reason: 'cursor_expired' | 'cursor_invalid' | 'too_slow';
}

/** Everything the server sends on `/ws/events`. The client answers nothing but pings. */
export type LiveFrame = HelloFrame | EventsFrame | ResyncFrame;

/** Query parameters shared by `GET /api/events` and `/ws/events`. Lists are comma separated. */
export interface EventFilter {
  run?: string;
  session?: string;
  type?: string[];
  status?: string[];
  actor?: string[];
  workflow?: string[];
  model?: string[];
  tool?: string[];
  /** Every word must occur in the event's text; letter case does not matter. */
  q?: string;
  /** Inclusive lower bound of `startedAt`: RFC 3339 or milliseconds since the epoch. */
  from?: string;
  /** Exclusive upper bound of `startedAt`. */
  to?: string;
}
