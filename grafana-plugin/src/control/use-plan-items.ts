import type { PlanItem } from '@signalbox/event-model';
import { useEffect, useState } from 'react';
import { useControlScope } from './control-scope.ts';

/** The items of a run's newest plan, for placing a task among them; empty while there is none. */
export function usePlanItems(runId: string): readonly PlanItem[] {
  const { events } = useControlScope();
  const [items, setItems] = useState<readonly PlanItem[]>([]);
  useEffect(() => {
    const abort = new AbortController();
    const load = async () => {
      const page = await events.events(
        { run: runId, type: ['plan_update'] },
        { order: 'newest', limit: 1 },
        abort.signal,
      );
      const [newest] = page.events;
      if (!newest) return;
      const { content } = await events.event(newest.id, abort.signal);
      if (content.kind === 'plan_update') setItems(content.items);
    };
    // Without a plan a task goes to the end.
    load().catch(() => undefined);
    return () => abort.abort();
  }, [events, runId]);
  return items;
}
