import { useSyncExternalStore } from 'react';
import { pageHistory } from '../shared/page-location.ts';

/** The query of the current address. */
export function useSearch(): string {
  return useSyncExternalStore(
    (notify) => pageHistory().listen(notify),
    () => pageHistory().location.search,
  );
}
