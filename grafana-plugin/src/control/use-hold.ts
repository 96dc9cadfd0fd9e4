import { useEffect, useId, useSyncExternalStore } from 'react';
import type { Held } from '../client/held-order.ts';
import { useControlScope } from './control-scope.ts';

/** An approval of one click, between the click and being sent. */
export interface Hold extends Held {
  start: (send: () => void) => void;
  undo: () => void;
  dismiss: () => void;
}

/** Holds an approval back for as long as it can be undone, while it can be decided and its card is open. */
export function useHold(id: string, blocked: string | null): Hold {
  const { hub } = useControlScope();
  const order = hub.held(id);
  const card = useId();
  const held = useSyncExternalStore(order.subscribe, order.getSnapshot);
  useEffect(() => () => order.close(card), [order, card]);
  useEffect(() => {
    if (blocked !== null) order.block(blocked);
  }, [order, blocked]);
  return {
    ...held,
    start: (send) => order.start(card, send),
    undo: () => order.undo(),
    dismiss: () => order.dismiss(),
  };
}
