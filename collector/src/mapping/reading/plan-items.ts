import type { Attributes } from '../../telemetry/attributes.ts';
import { asFields, asStructure, asText, firstField, structureOf } from './coerce.ts';

/** A plan item before it has an id that is stable over revisions. */
export interface RawPlanItem {
  /** The sender's own id, when it gives one. */
  key: string | null;
  text: string;
  status: string;
}

const STATUSES: Record<string, string> = {
  'in-progress': 'in_progress',
  inprogress: 'in_progress',
  active: 'in_progress',
  todo: 'pending',
  open: 'pending',
  not_started: 'pending',
  'not-started': 'pending',
  done: 'completed',
  complete: 'completed',
  finished: 'completed',
  canceled: 'cancelled',
};

/** The status under its common name. */
export function planStatus(status: string | null): string {
  const name = (status ?? 'pending').toLowerCase();
  return Object.hasOwn(STATUSES, name) ? (STATUSES[name] ?? name) : name;
}

/** Items of a plan list: `{content | description | step | title, status}`, or plain texts; null when it is no plan. */
export function readPlanItems(list: unknown): RawPlanItem[] | null {
  const entries = asStructure(list);
  if (!Array.isArray(entries)) return null;
  const items: RawPlanItem[] = [];
  for (const entry of entries) {
    const fields = asFields(entry);
    const text =
      fields === null
        ? asText(entry)
        : firstField(fields, ['content', 'description', 'step', 'title', 'text', 'task', 'subject']);
    if (text === null) return null;
    items.push({ key: firstField(fields, ['id']), text, status: planStatus(firstField(fields, ['status', 'state'])) });
  }
  return items;
}

const LIST_KEYS = ['todos', 'plan', 'items', 'tasks', 'steps', 'todoList', 'todo_list'];

/** The list inside a plan tool's arguments. */
export function planListOf(args: unknown): unknown[] | null {
  const structure = asStructure(args);
  if (Array.isArray(structure)) return structure as unknown[];
  const fields = asFields(structure);
  for (const key of LIST_KEYS) {
    const list = asStructure(fields?.[key]);
    if (Array.isArray(list)) return list as unknown[];
  }
  return null;
}

/** A plan kept in graph state under `todos` or `plan`; null when the returned state has none. */
export function readPlanState(attributes: Attributes, key: string): unknown[] | null {
  const text = asText(attributes.get(key));
  if (text === null || !/"(todos|plan)"/.test(text)) return null;
  const state = asFields(structureOf(attributes, key));
  const list = state?.['todos'] ?? state?.['plan'];
  return Array.isArray(list) && list.every((entry) => asFields(entry) !== null) && list.length > 0 ? list : null;
}
