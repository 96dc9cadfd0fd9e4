import { useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';

/** What the grid's scrolling depends on. */
export interface GridInput {
  /** Whatever is drawn, one line each. */
  rows: readonly { id: string }[];
  rowHeight: number;
  following: boolean;
  newestFirst: boolean;
  loadOlder: () => void;
  hasOlder: boolean;
}

/** The scrolled list and the row that has the focus. */
export interface GridScroll {
  virtualizer: Virtualizer<HTMLDivElement, Element>;
  active: number;
  setActiveId: (id: string) => void;
}

/** Keeps the newest row in view while following, and the reader's rows in place while not. */
export function useFeedGrid(scroller: RefObject<HTMLDivElement>, input: GridInput): GridScroll {
  const { rows, rowHeight, following, newestFirst } = input;
  const [activeId, setActiveId] = useState<string | null>(null);
  // The virtualizer changes in place by design; nothing derived from it is kept between renders here.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 8,
  });
  const newest = newestFirst ? 0 : rows.length - 1;
  useLayoutEffect(() => virtualizer.measure(), [virtualizer, rowHeight]);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (following && element) element.scrollTo({ top: newestFirst ? 0 : element.scrollHeight });
  }, [scroller, following, newestFirst, rows, rowHeight]);
  useStablePosition(scroller, input);
  useOlderPages(scroller, input);
  const found = activeId === null ? -1 : rows.findIndex((row) => row.id === activeId);
  return { virtualizer, active: found >= 0 ? found : newest, setActiveId };
}

/** Older rows join above the reader: the view moves with them. */
function useStablePosition(scroller: RefObject<HTMLDivElement | null>, input: GridInput): void {
  const { rows, rowHeight, following, newestFirst } = input;
  const firstId = useRef<string | null>(null);
  useLayoutEffect(() => {
    const before = firstId.current;
    firstId.current = rows[0]?.id ?? null;
    if (following || newestFirst || before === null || before === firstId.current || !scroller.current) return;
    const added = rows.findIndex((row) => row.id === before);
    if (added > 0) scroller.current.scrollBy({ top: added * rowHeight });
  }, [scroller, rows, rowHeight, following, newestFirst]);
}

const NEAR_ROWS = 20;

function useOlderPages(scroller: RefObject<HTMLDivElement | null>, input: GridInput): void {
  const { hasOlder, loadOlder, newestFirst, rowHeight, following } = input;
  const latest = useRef(loadOlder);
  useEffect(() => {
    latest.current = loadOlder;
  }, [loadOlder]);
  useEffect(() => {
    const element = scroller.current;
    if (!element || !hasOlder || (following && !newestFirst)) return undefined;
    const onScroll = () => {
      const bottom = element.scrollHeight - element.clientHeight - element.scrollTop;
      const distance = newestFirst ? bottom : element.scrollTop;
      if (distance < NEAR_ROWS * rowHeight) latest.current();
    };
    onScroll();
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => element.removeEventListener('scroll', onScroll);
  }, [scroller, hasOlder, newestFirst, rowHeight, following]);
}
