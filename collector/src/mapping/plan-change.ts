import type { PlanChange, PlanItem } from '@signalbox/event-model';

/** Above this, every item in another place counts as moved: finding the fewest takes the square of their number. */
const MOST_COMPARED = 500;

/** What became different between two states of a plan. An item counts as changed by its text, its status or its place. */
export function planChange(before: readonly PlanItem[], after: readonly PlanItem[]): PlanChange {
  const old = new Map(before.map((item) => [item.id, item]));
  const now = new Set(after.map(({ id }) => id));
  const moved = movedIds(
    before.map(({ id }) => id).filter((id) => now.has(id)),
    after.map(({ id }) => id).filter((id) => old.has(id)),
  );
  const changed = after.filter((item) => {
    const was = old.get(item.id);
    return was !== undefined && (was.text !== item.text || was.status !== item.status || moved.has(item.id));
  });
  return {
    added: after.filter(({ id }) => !old.has(id)).map(({ id }) => id),
    removed: before.filter(({ id }) => !now.has(id)).map(({ id }) => id),
    changed: changed.map(({ id }) => id),
  };
}

/** Whether anything became different. */
export function isUnchanged({ added, removed, changed }: PlanChange): boolean {
  return added.length + removed.length + changed.length === 0;
}

/** The fewest items that must be taken out for the others to stand in the order they had. */
function movedIds(before: readonly string[], after: readonly string[]): Set<string> {
  const places = new Map(before.map((id, at) => [id, at]));
  const order = after.map((id) => places.get(id) ?? 0);
  if (order.every((place, at) => at === 0 || place > (order[at - 1] ?? 0))) return new Set();
  if (order.length > MOST_COMPARED) return new Set(after.filter((id, at) => before[at] !== id));
  const best: { length: number; from: number }[] = [];
  for (const place of order) {
    let longest = { length: 1, from: -1 };
    for (const [earlier, { length }] of best.entries())
      if ((order[earlier] ?? 0) < place && length + 1 > longest.length) longest = { length: length + 1, from: earlier };
    best.push(longest);
  }
  const kept = new Set<string>();
  const end = best.reduce((top, { length }, at) => (length > (best[top]?.length ?? 0) ? at : top), 0);
  for (let at = end; at >= 0; at = best[at]?.from ?? -1) kept.add(after[at] ?? '');
  return new Set(after.filter((id) => !kept.has(id)));
}
