/** What a key asks for while the feed has the focus. */
export type FeedAction =
  { kind: 'move'; index: number } | { kind: 'open' | 'back' | 'search' | 'link' | 'copy' | 'follow' | 'help' };

/** Where the reader stands in the list. */
export interface KeyContext {
  /** Heads of runs have no status. */
  rows: readonly { id: string; status?: string }[];
  /** Index of the row with the focus. */
  active: number;
  pageSize: number;
  /** A text is searched for, so every event shown is a hit. */
  searching?: boolean;
}

/** Reads a key press; null for keys that mean nothing here, so that Grafana's own shortcuts keep working. */
export function readKey(
  event: { key: string; ctrlKey: boolean; metaKey: boolean; altKey: boolean },
  context: KeyContext,
): FeedAction | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const step = STEPS[event.key];
  if (step) return move(context, context.active + step);
  const jump = JUMPS[event.key]?.(context);
  if (jump !== undefined) return jump;
  const kind = PLAIN[event.key];
  return kind ? { kind } : null;
}

const JUMPS: Record<string, (context: KeyContext) => FeedAction | null> = {
  PageUp: (context) => move(context, context.active - context.pageSize),
  PageDown: (context) => move(context, context.active + context.pageSize),
  Home: (context) => move(context, 0),
  '[': (context) => seek(context, -1, isError),
  ']': (context) => seek(context, 1, isError),
  n: (context) => (context.searching ? seek(context, 1, isEvent) : null),
  N: (context) => (context.searching ? seek(context, -1, isEvent) : null),
};

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

type Line = KeyContext['rows'][number];

const isError = (line: Line) => line.status === 'error';
const isEvent = (line: Line) => line.status !== undefined;

/** The next line in a direction that is of a kind. */
function seek(context: KeyContext, direction: 1 | -1, wanted: (line: Line) => boolean): FeedAction | null {
  const { rows, active } = context;
  for (let index = active + direction; index >= 0 && index < rows.length; index += direction) {
    const line = rows[index];
    if (line && wanted(line)) return { kind: 'move', index };
  }
  return null;
}
