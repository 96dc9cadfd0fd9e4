import type { Approval } from '@signalbox/event-model';
import { useEffect, useMemo } from 'react';
import { type Polled, Poller } from '../../client/poller.ts';
import { useControlScope, usePolled } from '../../control/control-scope.ts';
import type { InboxTab } from './inbox-shape.ts';

const SETTLED = ['approved', 'rejected', 'expired', 'withdrawn'];
const EVERY_MS = 3000;

/** What was decided, by the visitor or by anybody; nothing is read while another list is looked at. */
export function useDecided(tab: InboxTab, pendingCount: number): Polled<Approval[]> {
  const { hub } = useControlScope();
  const poller = useMemo(() => {
    if (tab === 'pending') return null;
    const read = async (signal: AbortSignal) => {
      const mine = tab === 'mine' ? { decidedBy: (await hub.api.visitor()).login } : {};
      return (await hub.api.approvals({ status: SETTLED, limit: 100, ...mine }, signal)).approvals;
    };
    const schedule = (run: () => void, delayMs: number) => {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    };
    return new Poller<Approval[]>({ read, every: () => EVERY_MS, schedule, now: Date.now });
  }, [hub, tab]);
  // What leaves the one list enters the other.
  useEffect(() => poller?.refresh(), [poller, pendingCount]);
  return usePolled(poller);
}
