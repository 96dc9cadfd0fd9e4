import type { Approval, EventRow, PlanItem } from '@signalbox/event-model';
import { useEffect, useState } from 'react';
import type { CollectorApi } from '../client/collector-api.ts';
import { useControlScope } from './control-scope.ts';

/** What led to a request, as telemetry tells it; empty where it tells nothing. */
export interface ApprovalContext {
  /** The last events before it, newest first. */
  before: EventRow[];
  /** What the user said last. */
  userInput: EventRow | null;
  /** What the plan said was being done. */
  task: { number: number; total: number; text: string } | null;
}

const NOTHING: ApprovalContext = { before: [], userInput: null, task: null };
const SHOWN = 3;

/** Reads what led to a request. The card is whole without it, so a failure is silent. */
export function useApprovalContext({ runId, requestedAt, eventId }: Approval): ApprovalContext {
  const { events } = useControlScope();
  const [context, setContext] = useState(NOTHING);
  useEffect(() => {
    if (runId === null) return undefined;
    const abort = new AbortController();
    const put = (part: Partial<ApprovalContext>) => setContext((known) => ({ ...known, ...part }));
    const newest = (type: string[], limit: number) =>
      events
        .events(
          { run: runId, to: requestedAt, ...(type.length > 0 ? { type } : {}) },
          { order: 'newest', limit },
          abort.signal,
        )
        .then((page) => page.events);
    const reads = [
      newest([], SHOWN + 1).then((rows) => put({ before: rows.filter((row) => row.id !== eventId).slice(0, SHOWN) })),
      newest(['user_input'], 1).then(([userInput]) => put({ userInput: userInput ?? null })),
      newest(['plan_update'], 1).then(async ([plan]) => put({ task: await readTask(events, plan, abort.signal) })),
    ];
    for (const read of reads) read.catch(() => undefined);
    return () => abort.abort();
  }, [events, runId, requestedAt, eventId]);
  return context;
}

async function readTask(events: CollectorApi, plan: EventRow | undefined, signal: AbortSignal) {
  if (!plan) return null;
  const { content } = await events.event(plan.id, signal);
  return content.kind === 'plan_update' ? currentTask(content.items) : null;
}

/** The task in progress and its place among all of them. */
export function currentTask(items: readonly PlanItem[]): ApprovalContext['task'] {
  const at = items.findIndex((item) => item.status === 'in_progress');
  const item = items[at];
  return item ? { number: at + 1, total: items.length, text: item.text } : null;
}
