import type { FeedSnapshot } from '../../client/event-feed.ts';

/** What the freshness chip says. */
export type Freshness =
  | { kind: 'connecting' }
  | { kind: 'live'; lagMs: number | null }
  /** Events arrive long after they happened: the sender holds them back. */
  | { kind: 'late'; delayMs: number }
  | { kind: 'reconnecting' }
  | { kind: 'denied' }
  | { kind: 'paused'; added: number }
  | { kind: 'finished' }
  | { kind: 'history' };

/** SDKs batch for five seconds by default; from this on the reader should know. */
const LATE_MS = 2000;

/** Judges how fresh the feed is. A broken connection outranks everything: whatever else is said may be old. */
export function judgeFreshness(
  snapshot: FeedSnapshot,
  view: { paused: boolean; added: number; finished: boolean },
): Freshness {
  const { connection } = snapshot;
  if (connection.kind === 'denied') return { kind: 'denied' };
  if (connection.kind === 'reconnecting') return { kind: 'reconnecting' };
  if (view.finished) return { kind: 'finished' };
  if (connection.kind === 'closed') return { kind: 'history' };
  if (view.paused) return { kind: 'paused', added: view.added };
  if (connection.kind === 'connecting') return { kind: 'connecting' };
  const delay = snapshot.senderDelayMs;
  if (delay !== null && delay >= LATE_MS) return { kind: 'late', delayMs: delay };
  return { kind: 'live', lagMs: snapshot.lagMs };
}
