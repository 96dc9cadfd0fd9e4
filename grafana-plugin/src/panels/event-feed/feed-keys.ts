import type { EventRow } from '@signalbox/event-model';

/** What a key asks for while the feed has the focus. */
export type FeedAction =
  { kind: 'move'; index: number } | { kind: 'open' | 'back' | 'search' | 'link' | 'copy' | 'follow' | 'help' };

/** Where the reader stands in the list. */
export interface KeyContext {
  rows: readonly EventRow[];
  /** Index of the row with the focus. */
  active: number;
  pageSize: number;
}

/** Reads a key press; null for keys that mean nothing here, so that Grafana's own shortcuts keep working. */
export function readKey(
  event: { key: string; ctrlKey: boolean; metaKey: boolean; altKey: boolean },
  context: KeyContext,
): FeedAction | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const step = STEPS[event.key];
  if (step) return move(context, context.active + step);
  switch (event.key) {
    case 'PageUp':
      return move(context, context.active - context.pageSize);
    case 'PageDown':
      return move(context, context.active + context.pageSize);
    case 'Home':
      return move(context, 0);
    case '[':
      return seek(context, -1);
    case ']':
      return seek(context, 1);
    default: {
      const kind = PLAIN[event.key];
      return kind ? { kind } : null;
    }
  }
}

const STEPS: Record<string, number> = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };

const PLAIN: Record<string, Exclude<FeedAction['kind'], 'move'>> = {
  Enter: 'open',
  Escape: 'back',
  '/': 'search',
  y: 'link',
  c: 'copy',
  End: 'follow',
  '?': 'help',
};

function move({ rows }: KeyContext, index: number): FeedAction | null {
  if (rows.length === 0) return null;
  return { kind: 'move', index: Math.min(rows.length - 1, Math.max(0, index)) };
}

/** The next row in a direction that went wrong. */
function seek(context: KeyContext, direction: 1 | -1): FeedAction | null {
  const { rows, active } = context;
  for (let index = active + direction; index >= 0 && index < rows.length; index += direction) {
    if (rows[index]?.status === 'error') return { kind: 'move', index };
  }
  return null;
}
