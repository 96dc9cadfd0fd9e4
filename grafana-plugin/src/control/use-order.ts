import { useRef, useState } from 'react';
import { type CollectorError, toCollectorError } from '../client/problem.ts';
import { randomId } from '../shared/random-id.ts';
import { AttemptKeys } from './attempt-keys.ts';

/** An order to the collector, and what came of it. */
export interface Ordering<Order, Answer> {
  sending: boolean;
  answer: Answer | null;
  refusal: CollectorError | null;
  /** Sends it, once; the same order again is the same attempt until it was taken. */
  send: (order: Order) => Promise<void>;
}

/** Sends orders by `post`; `after` runs once there is an answer, or none. */
export function useOrder<Order extends object, Answer>(
  post: (order: Order & { idempotencyKey: string }) => Promise<Answer>,
  after: () => void,
): Ordering<Order, Answer> {
  const [sending, setSending] = useState(false);
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [refusal, setRefusal] = useState<CollectorError | null>(null);
  const keys = useRef<AttemptKeys | null>(null);
  // Two clicks may come before the first one is drawn.
  const busy = useRef(false);
  const send = async (order: Order) => {
    if (busy.current) return;
    busy.current = true;
    setSending(true);
    setRefusal(null);
    keys.current ??= new AttemptKeys(randomId);
    try {
      setAnswer(await post({ ...order, idempotencyKey: keys.current.keyOf(order) }));
      keys.current.close();
    } catch (error) {
      setRefusal(toCollectorError(error));
    }
    busy.current = false;
    setSending(false);
    after();
  };
  return { sending, answer, refusal, send };
}
