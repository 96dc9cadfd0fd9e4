import { createContext, useContext } from 'react';
import { useCallback, useSyncExternalStore } from 'react';
import type { CollectorApi } from '../client/collector-api.ts';
import type { ControlHub } from '../client/control-hub.ts';
import type { Polled, Poller } from '../client/poller.ts';

/** What everything that steers agents needs from the page or panel it stands in. */
export interface ControlScope {
  hub: ControlHub;
  /** Events around an approval. */
  events: CollectorApi;
  timeZone: string;
}

/** Absent where nothing can be steered: then only links are shown. */
export const ControlContext = createContext<ControlScope | null>(null);

/** The scope; only for what is never drawn without one. */
export function useControlScope(): ControlScope {
  const scope = useContext(ControlContext);
  if (!scope) throw new Error('drawn outside a control scope');
  return scope;
}

const NOTHING: Polled<never> = { value: null, error: null, readAt: null };
const nothing = () => NOTHING;
const never = () => () => undefined;

/** What a poller knows, kept fresh while this is drawn; without a poller nothing is known. */
export function usePolled<T>(poller: Poller<T> | null): Polled<T> {
  const subscribe = useCallback((listener: () => void) => (poller ? poller.subscribe(listener) : never()), [poller]);
  return useSyncExternalStore<Polled<T>>(subscribe, poller ? poller.getSnapshot : nothing);
}
