import type { OwnedPlanItem, PlanItem, PlanView } from '@signalbox/event-model';

/** The plan of one agent of a run. */
export interface AgentPlan {
  owner: string;
  items: OwnedPlanItem[];
}

/** The plans of a run, one an agent, in the order they were begun. */
export function plansOf({ items }: Pick<PlanView, 'items'>): AgentPlan[] {
  const plans = new Map<string, AgentPlan>();
  for (const item of items) {
    const plan = plans.get(item.owner) ?? { owner: item.owner, items: [] };
    plan.items.push(item);
    plans.set(item.owner, plan);
  }
  return [...plans.values()];
}

/** Ids that stand in several plans: an order names nothing else, so nobody could tell which item is meant. */
export function ambiguousIds({ items }: Pick<PlanView, 'items'>): ReadonlySet<string> {
  const ids = items.map(({ id }) => id);
  return new Set(ids.filter((id, at) => ids.indexOf(id) !== at));
}

/** How much of a plan is done; what was dropped counts on neither side. */
export function planProgress(items: readonly PlanItem[]): { done: number; total: number } {
  const counted = items.filter(({ status }) => status !== 'cancelled');
  return { done: counted.filter(({ status }) => status === 'completed').length, total: counted.length };
}

const CLOSED = new Set(['completed', 'failed', 'cancelled']);

/** Whether an item is still to be done, or being done. */
export function isOpen({ status }: Pick<PlanItem, 'status'>): boolean {
  return !CLOSED.has(status);
}

/** Whether an item can change places: what is being done comes first whatever anybody proposes. */
export function isMovable(item: Pick<PlanItem, 'status'>): boolean {
  return isOpen(item) && item.status !== 'in_progress';
}
