import type { OwnedPlanItem } from '@signalbox/event-model';
import { arranged, isPlanOrder, moved, orderMark, rebased } from './plan-order.ts';
import { type AgentPlan, isMovable } from './plan-shape.ts';
import type { PlanChanges } from './use-plan-changes.ts';

/** The order of one agent's plan somebody is building up. */
export interface PlanOrder {
  /** The plan in that order. */
  items: OwnedPlanItem[];
  /** Ids of what can change places, in that order. */
  order: readonly string[];
  /** Whether there is anything to propose. */
  begun: boolean;
  /** The plan is another than the one the order was begun on; it has to be looked at before it is sent. */
  changed: boolean;
  isMoved: (id: string) => boolean;
  move: (id: string, by: -1 | 1) => void;
  review: () => void;
  reset: () => void;
  send: () => void;
}

/** Builds up an order of a plan, which goes on being the plan as it is now. */
export function usePlanOrder({ owner, items }: AgentPlan, changes: PlanChanges): PlanOrder {
  const draft = changes.drafts.get(owner) ?? null;
  const mark = orderMark(items);
  const planOrder = items.filter(isMovable).map(({ id }) => id);
  const changed = draft !== null && draft.mark !== mark;
  const order = draft === null ? planOrder : changed ? rebased(items, draft.order) : draft.order;
  const keep = (next: readonly string[], on: string) =>
    changes.setDraft(owner, on === mark && isPlanOrder(items, next) ? null : { mark: on, order: next });
  return {
    items: arranged(items, order),
    order,
    begun: draft !== null,
    changed,
    isMoved: (id) => planOrder.indexOf(id) !== order.indexOf(id),
    move: (id, by) => keep(moved(order, id, by), draft?.mark ?? mark),
    review: () => keep(order, mark),
    reset: () => changes.setDraft(owner, null),
    send: () => {
      if (draft !== null && !changed) void changes.propose({ change: 'reorder', owner, draft });
    },
  };
}
