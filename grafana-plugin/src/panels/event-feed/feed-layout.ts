import { type ColumnName, COLUMNS } from './feed-columns.ts';

/** How the feed is laid out at a given width. */
export interface FeedLayout {
  /** List and detail stand side by side; otherwise the detail takes the list's place. */
  sideBySide: boolean;
  /** Two-line rows without columns, for phones and small panels. */
  narrow: boolean;
  /** Columns that are wanted and fit. */
  shown: readonly ColumnName[];
  rowHeight: number;
  /** Grid columns of a row. */
  template: string;
}

const SIDE_BY_SIDE_FROM = 900;
const NARROW_BELOW = 560;
/** Below this only the most telling columns fit beside the content. */
const ROOMY_FROM = 720;
const ROOMY_ONLY = new Set<ColumnName>(['tokens', 'run']);
/** A finger needs 44 px. */
const NARROW_ROW = 44;

/** What a reader chose that the layout depends on. */
export interface LayoutView {
  detailOpen: boolean;
  density: 'compact' | 'comfortable';
  columns: readonly ColumnName[];
}

/** Chooses the layout from the width the view really has. */
export function feedLayout(width: number, view: LayoutView): FeedLayout {
  const sideBySide = width >= SIDE_BY_SIDE_FROM;
  const listWidth = view.detailOpen && sideBySide ? width * 0.55 : width;
  const narrow = listWidth < NARROW_BELOW;
  const roomy = listWidth >= ROOMY_FROM;
  const shown = COLUMNS.filter((name) => view.columns.includes(name) && (roomy || !ROOMY_ONLY.has(name)));
  const rowHeight = narrow ? NARROW_ROW : view.density === 'compact' ? 28 : 36;
  return { sideBySide, narrow, shown, rowHeight, template: narrow ? '20px minmax(0,1fr)' : template(shown, roomy) };
}

function template(shown: readonly ColumnName[], roomy: boolean): string {
  const widths: Record<ColumnName, string> = {
    time: '92px',
    actor: `minmax(72px,${roomy ? 132 : 96}px)`,
    type: '140px',
    run: '120px',
    duration: '72px',
    tokens: '92px',
  };
  const before = shown.filter((name) => !AFTER_CONTENT.has(name)).map((name) => widths[name]);
  const after = shown.filter((name) => AFTER_CONTENT.has(name)).map((name) => widths[name]);
  return ['20px', ...before, 'minmax(0,1fr)', ...after].join(' ');
}

/** Numbers stand to the right of what happened. */
export const AFTER_CONTENT = new Set<ColumnName>(['duration', 'tokens']);
