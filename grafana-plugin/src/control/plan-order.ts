import type { PlanItem } from '@signalbox/event-model';
import { isMovable } from './plan-shape.ts';

/** An order somebody is building up, with what the plan was when it was begun. */
export interface OrderDraft {
  mark: string;
  /** Ids of everything that can change places. */
  order: readonly string[];
}

/** Tells plans apart by what an order depends on: another item may be finished meanwhile and nothing is stale. */
export function orderMark(items: readonly PlanItem[]): string {
  return JSON.stringify(items.filter(isMovable).map(({ id, text }) => [id, text]));
}

/** The plan with its movable items in another order; everything else keeps its place. */
export function arranged<Item extends PlanItem>(items: readonly Item[], order: readonly string[]): Item[] {
  const byId = new Map(items.map((item) => [item.id, item]));
  const next = order.map((id) => byId.get(id)).filter((item): item is Item => item !== undefined && isMovable(item));
  return items.map((item) => (isMovable(item) ? (next.shift() ?? item) : item));
}

/** The order with one item a place earlier or later. */
export function moved(order: readonly string[], id: string, by: -1 | 1): string[] {
  const at = order.indexOf(id);
  const to = at + by;
  if (at < 0 || to < 0 || to >= order.length) return [...order];
  const next = order.filter((other) => other !== id);
  next.splice(to, 0, id);
  return next;
}

/** The order as it reads on a plan that changed since: what is gone is left out, what is new keeps its place. */
export function rebased(items: readonly PlanItem[], order: readonly string[]): string[] {
  const now = items.filter(isMovable).map(({ id }) => id);
  const kept = order.filter((id) => now.includes(id));
  const known = new Set(kept);
  return now.map((id) => (known.has(id) ? (kept.shift() ?? id) : id));
}

/** Whether an order is that of the plan already. */
export function isPlanOrder(items: readonly PlanItem[], order: readonly string[]): boolean {
  const now = items.filter(isMovable).map(({ id }) => id);
  return JSON.stringify(now) === JSON.stringify(order);
}
