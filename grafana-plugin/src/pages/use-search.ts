import { locationService } from '@grafana/runtime';
import { useSyncExternalStore } from 'react';

/** The query of the current address. Read from Grafana's own service: its router differs between releases. */
export function useSearch(): string {
  return useSyncExternalStore(subscribe, () => locationService.getLocation().search);
}

function subscribe(notify: () => void): () => void {
  return locationService.getHistory().listen(notify);
}
