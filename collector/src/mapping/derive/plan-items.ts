import type { PlanItem } from '@signalbox/event-model';
import { asText } from '../reading/coerce.ts';
import { digest } from '../reading/identifiers.ts';
import { planStatus, readPlanItems, type RawPlanItem } from '../reading/plan-items.ts';
import type { RecordReport } from '../reports.ts';

/** An item keeps its id by the sender's id, else by equal text, else by its place when that item is gone otherwise. */
export function withStableIds(before: readonly PlanItem[], items: readonly RawPlanItem[]): PlanItem[] {
  const texts = new Set(items.map((item) => item.text));
  const used = new Set<string>();
  return items.map((item, at) => {
    const sameText = before.find((old) => old.text === item.text && !used.has(old.id));
    const place = before[at];
    const samePlace = place !== undefined && !texts.has(place.text) && !used.has(place.id) ? place : undefined;
    const id = freeId(item.key ?? sameText?.id ?? samePlace?.id ?? `item-${digest(item.text).slice(0, 12)}`, used);
    used.add(id);
    return { id, text: item.text, status: item.status };
  });
}

function freeId(wanted: string, used: ReadonlySet<string>): string {
  let id = wanted;
  for (let copy = 2; used.has(id); copy++) id = `${wanted}-${copy}`;
  return id;
}

/** Records that write the plan (docs/vocabulary.md). */
export const PLAN_RECORDS = new Set(['plan.set', 'plan.item_changed', 'task.added']);

/** The list after a record; null when the record cannot be read. */
export function applyRecord(report: RecordReport, before: readonly PlanItem[]): PlanItem[] | null {
  const { fields } = report;
  if (report.name === 'plan.set') {
    const items = readPlanItems(fields['plan.items']);
    return items === null ? null : withStableIds(before, items);
  }
  if (report.name === 'task.added') return withTask(before, asText(fields['task.text']), asText(fields['task.id']));
  return withChange(before, {
    id: asText(fields['plan.item.id']),
    text: asText(fields['plan.item.text']),
    status: asText(fields['plan.item.status']),
  });
}

function withTask(before: readonly PlanItem[], text: string | null, id: string | null): PlanItem[] | null {
  if (text === null) return null;
  const used = new Set(before.map((item) => item.id));
  // A task that is told again under its id is no second task.
  if (id !== null && used.has(id)) return before.map((item) => (item.id === id ? { ...item, text } : item));
  return [...before, { id: id ?? freeId(`item-${digest(text).slice(0, 12)}`, used), text, status: 'pending' }];
}

function withChange(
  before: readonly PlanItem[],
  change: { id: string | null; text: string | null; status: string | null },
): PlanItem[] | null {
  const { id, text, status } = change;
  if (id === null) return null;
  if (!before.some((item) => item.id === id)) return [...before, { id, text: text ?? id, status: planStatus(status) }];
  return before.map((item) =>
    item.id === id ? { id, text: text ?? item.text, status: status === null ? item.status : planStatus(status) } : item,
  );
}
