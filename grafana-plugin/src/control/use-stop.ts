import type { Command, RunControl } from '@signalbox/event-model';
import { useRef, useState } from 'react';
import type { Polled } from '../client/poller.ts';
import { type CollectorError, toCollectorError } from '../client/problem.ts';
import { randomId } from '../shared/random-id.ts';
import { useNow } from '../shared/use-now.ts';
import { AttemptKeys } from './attempt-keys.ts';
import { useControlScope, usePolled } from './control-scope.ts';
import { type StopFacts, stopFacts } from './stop-shape.ts';

/** A run's stop: how far it is, and how to ask for it. */
export interface Stopping {
  control: Polled<RunControl>;
  facts: StopFacts;
  sending: boolean;
  refusal: CollectorError | null;
  send: (reason: string) => Promise<void>;
}

/** Follows the stop of a run, and sends one. */
export function useStop(runId: string): Stopping {
  const { hub } = useControlScope();
  const poller = hub.run(runId);
  const control = usePolled(poller);
  const [sentId, setSentId] = useState<string | null>(null);
  const sent = usePolled<Command>(sentId === null ? null : hub.command(sentId));
  const [sending, setSending] = useState(false);
  const [refusal, setRefusal] = useState<CollectorError | null>(null);
  const keys = useRef<AttemptKeys | null>(null);
  const now = useNow(true);

  const send = async (reason: string) => {
    if (sending) return;
    setSending(true);
    setRefusal(null);
    keys.current ??= new AttemptKeys(randomId);
    const words = reason.trim();
    const order = words === '' ? {} : { reason: words };
    try {
      const command = await hub.api.stop(runId, { ...order, idempotencyKey: keys.current.keyOf(order) });
      keys.current.close();
      setSentId(command.id);
    } catch (error) {
      setRefusal(toCollectorError(error));
    }
    setSending(false);
    poller.refresh();
    hub.waiting.refresh();
  };
  return { control, facts: stopFacts(control.value?.stop ?? null, sent.value, now), sending, refusal, send };
}
