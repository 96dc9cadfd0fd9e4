import { type RefObject, useLayoutEffect, useState } from 'react';

const LEAST_PX = 320;

/** Height from the top of an element to the end of the window: Grafana's pages scroll as a whole, these do not. */
export function useRemainingHeight(box: RefObject<HTMLElement | null>, marginPx: number): number | null {
  const [height, setHeight] = useState<number | null>(null);
  useLayoutEffect(() => {
    const measure = () => {
      const top = box.current?.getBoundingClientRect().top ?? 0;
      setHeight(Math.max(LEAST_PX, window.innerHeight - top - marginPx));
    };
    measure();
    window.addEventListener('resize', measure);
    // What stands above may come and go.
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    if (box.current?.parentElement) observer.observe(box.current.parentElement);
    return () => {
      window.removeEventListener('resize', measure);
      observer.disconnect();
    };
  }, [box, marginPx]);
  return height;
}
