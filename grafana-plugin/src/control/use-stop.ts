import type { Command, RunControl } from '@signalbox/event-model';
import type { Polled } from '../client/poller.ts';
import type { CollectorError } from '../client/problem.ts';
import { useNow } from '../shared/use-now.ts';
import { useControlScope, usePolled } from './control-scope.ts';
import { type StopFacts, stopFacts } from './stop-shape.ts';
import { useOrder } from './use-order.ts';

/** What can be asked for: that the agent stops, or that whatever it asks for is refused. */
export type StopKind = 'stop' | 'bar';

/** A run's stop: how far it is, and how to ask for it. */
export interface Stopping {
  control: Polled<RunControl>;
  facts: StopFacts;
  sending: boolean;
  refusal: CollectorError | null;
  send: (kind: StopKind, reason: string) => void;
}

/** Follows the stop of a run, and sends one. */
export function useStop(runId: string): Stopping {
  const { hub } = useControlScope();
  const poller = hub.run(runId);
  const control = usePolled(poller);
  const order = useOrder<{ kind: StopKind; reason?: string }, Command>(
    ({ kind, ...request }) => (kind === 'bar' ? hub.api.bar(runId, request) : hub.api.stop(runId, request)),
    () => {
      poller.refresh();
      hub.waiting.refresh();
    },
  );
  const sent = usePolled<Command>(order.answer ? hub.command(order.answer.id) : null);
  const now = useNow(true);
  return {
    control,
    facts: stopFacts(control.value ?? { stop: null, ended: false }, sent.value, now),
    sending: order.sending,
    refusal: order.refusal,
    send: (kind, reason) => {
      const words = reason.trim();
      void order.send({ kind, ...(words === '' ? {} : { reason: words }) });
    },
  };
}
