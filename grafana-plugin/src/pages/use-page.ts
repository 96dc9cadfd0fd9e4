import { useMemo, useSyncExternalStore } from 'react';
import { pageHistory } from '../shared/page-location.ts';
import { type PageName, readPage } from './page-address.ts';

/** The page the address names now. */
export function usePage(): PageName {
  const path = useSyncExternalStore(
    (notify) => pageHistory().listen(notify),
    () => pageHistory().location.pathname,
  );
  return useMemo(() => readPage(path), [path]);
}
