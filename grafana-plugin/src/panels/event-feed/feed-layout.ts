/** How the feed is laid out at a given width. */
export interface FeedLayout {
  /** List and detail stand side by side; otherwise the detail takes the list's place. */
  sideBySide: boolean;
  /** Two-line rows without columns, for phones and small panels. */
  narrow: boolean;
  /** Duration and token columns fit. */
  numbers: boolean;
  rowHeight: number;
  /** Grid columns of a row. */
  columns: string;
}

const SIDE_BY_SIDE_FROM = 900;
const NARROW_BELOW = 560;
const NUMBERS_FROM = 720;
/** A finger needs 44 px. */
const NARROW_ROW = 44;

/** Chooses the layout from the width the view really has. */
export function feedLayout(
  width: number,
  view: { detailOpen: boolean; density: 'compact' | 'comfortable' },
): FeedLayout {
  const sideBySide = width >= SIDE_BY_SIDE_FROM;
  const listWidth = view.detailOpen && sideBySide ? width * 0.55 : width;
  const narrow = listWidth < NARROW_BELOW;
  const numbers = listWidth >= NUMBERS_FROM;
  const rowHeight = narrow ? NARROW_ROW : view.density === 'compact' ? 28 : 36;
  const tail = numbers ? '72px 92px' : '72px';
  return {
    sideBySide,
    narrow,
    numbers,
    rowHeight,
    columns: narrow
      ? '20px minmax(0,1fr)'
      : `20px 92px minmax(72px,${numbers ? 132 : 96}px) 140px minmax(0,1fr) ${tail}`,
  };
}
