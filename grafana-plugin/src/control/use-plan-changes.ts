import type { OwnedPlanItem, PlanView } from '@signalbox/event-model';
import { useRef, useState } from 'react';
import { type CollectorError, toCollectorError } from '../client/problem.ts';
import { randomId } from '../shared/random-id.ts';
import { AttemptKeys } from './attempt-keys.ts';
import { useControlScope } from './control-scope.ts';
import { arranged, type OrderDraft, orderMark } from './plan-order.ts';
import { isOpen, plansOf } from './plan-shape.ts';

/** What somebody wants to propose about a plan as they see it. */
export type PlanChange =
  { change: 'cancel'; item: OwnedPlanItem } | { change: 'reorder'; owner: string; draft: OrderDraft };

/** Proposing changes of a run's plan, and the orders being built up, by the agent whose plan it is. */
export interface PlanChanges {
  drafts: ReadonlyMap<string, OrderDraft>;
  setDraft: (owner: string, draft: OrderDraft | null) => void;
  sending: PlanChange['change'] | null;
  refusal: CollectorError | null;
  /** The last proposal was not sent, for the plan had changed meanwhile. */
  stale: PlanChange['change'] | null;
  propose: (change: PlanChange) => Promise<void>;
}

/** Proposes changes of a run's plan, never of a plan that is another by now. */
export function usePlanChanges(runId: string): PlanChanges {
  const { hub } = useControlScope();
  const [drafts, setDrafts] = useState<ReadonlyMap<string, OrderDraft>>(new Map());
  const [sending, setSending] = useState<PlanChange['change'] | null>(null);
  const [refusal, setRefusal] = useState<CollectorError | null>(null);
  const [stale, setStale] = useState<PlanChange['change'] | null>(null);
  const keys = useRef<AttemptKeys | null>(null);
  // Two clicks may come before the first one is drawn.
  const busy = useRef(false);
  const setDraft = (owner: string, draft: OrderDraft | null) => setDrafts((known) => withDraft(known, owner, draft));
  const send = async (change: PlanChange) => {
    const items = itemsToSend(change, await hub.api.plan(runId));
    if (items === null) return setStale(change.change);
    keys.current ??= new AttemptKeys(randomId);
    const order = { change: change.change, items };
    await hub.api.changePlan(runId, { ...order, idempotencyKey: keys.current.keyOf(order) });
    keys.current.close();
    if (change.change === 'reorder') setDraft(change.owner, null);
  };
  const propose = async (change: PlanChange) => {
    if (busy.current) return;
    busy.current = true;
    setSending(change.change);
    setRefusal(null);
    setStale(null);
    await send(change).catch((error: unknown) => setRefusal(toCollectorError(error)));
    busy.current = false;
    setSending(null);
    hub.run(runId).refresh();
    hub.plan(runId).refresh();
  };
  return { drafts, setDraft, sending, refusal, stale, propose };
}

/** Ids to send, of the plan as it is this moment; null when it is not the plan the change was made for. */
function itemsToSend(change: PlanChange, now: PlanView): string[] | null {
  if (change.change === 'cancel') {
    const { id, owner, text } = change.item;
    const item = now.items.find((one) => one.id === id && one.owner === owner);
    return item?.text === text && isOpen(item) ? [id] : null;
  }
  const items = plansOf(now).find(({ owner }) => owner === change.owner)?.items ?? [];
  if (orderMark(items) !== change.draft.mark) return null;
  return arranged(items, change.draft.order).map(({ id }) => id);
}

function withDraft(known: ReadonlyMap<string, OrderDraft>, owner: string, draft: OrderDraft | null) {
  const next = new Map(known);
  if (draft) next.set(owner, draft);
  else next.delete(owner);
  return next;
}
