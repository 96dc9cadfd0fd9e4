import { asFields, asList, asNumber, canonicalJson } from '../../reading/coerce.ts';
import type { StreamEvent, StreamRun } from './stream-runs.ts';

/** The plan as the agent's shared state held it after an event. */
export interface PlanStory {
  items: unknown[];
  event: StreamEvent;
}

/** Keys of the state under which agents keep their plan, best first. */
const PLAN_KEYS = ['plan', 'todos'];

/** Every version of the plan in the state of a run. */
export function collectPlans(run: StreamRun): PlanStory[] {
  const plans: PlanStory[] = [];
  let state: unknown = {};
  let before = '';
  for (const event of run.events) {
    if (event.type === 'STATE_SNAPSHOT') state = event.event['snapshot'];
    else if (event.type === 'STATE_DELTA') state = asList(event.event['delta']).reduce(patched, state);
    else continue;
    const items = planOf(state);
    if (items === null || canonicalJson(items) === before) continue;
    before = canonicalJson(items);
    plans.push({ items, event });
  }
  return plans;
}

function planOf(state: unknown): unknown[] | null {
  const fields = asFields(state);
  const lists = PLAN_KEYS.map((key) => fields?.[key]);
  return lists.find((list): list is unknown[] => Array.isArray(list)) ?? null;
}

/** One operation of RFC 6902; what cannot be applied changes nothing. */
function patched(state: unknown, operation: unknown): unknown {
  const fields = asFields(operation);
  const path = pathOf(fields?.['path']);
  if (fields === null || path === null) return state;
  switch (fields['op']) {
    case 'add':
      return put(state, path, { value: fields['value'], insert: true });
    case 'replace':
      return put(state, path, { value: fields['value'], insert: false });
    case 'remove':
      return without(state, path);
    case 'copy':
    case 'move': {
      const from = pathOf(fields['from']);
      if (from === null) return state;
      const value = from.reduce(member, state);
      const rest = fields['op'] === 'move' ? without(state, from) : state;
      return put(rest, path, { value, insert: true });
    }
    default:
      return state;
  }
}

function pathOf(pointer: unknown): string[] | null {
  if (typeof pointer !== 'string' || (pointer !== '' && !pointer.startsWith('/'))) return null;
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function member(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return value[indexIn(value, key)] as unknown;
  const fields = asFields(value);
  return fields !== null && Object.hasOwn(fields, key) ? fields[key] : undefined;
}

function indexIn(list: readonly unknown[], key: string): number {
  return key === '-' ? list.length : (asNumber(key) ?? -1);
}

function put(target: unknown, path: readonly string[], change: { value: unknown; insert: boolean }): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return change.value;
  const value = rest.length === 0 ? change.value : put(member(target, key), rest, change);
  if (!Array.isArray(target)) return withField(asFields(target) ?? {}, key, value);
  const at = indexIn(target, key);
  const isInsert = rest.length === 0 && change.insert;
  if (!Number.isInteger(at) || at < 0 || at > target.length - (isInsert ? 0 : 1)) return target;
  return isInsert ? target.toSpliced(at, 0, value) : target.with(at, value);
}

/** Names are data: `__proto__` becomes a field like any other. */
function withField(fields: Record<string, unknown>, key: string, value: unknown): Record<string, unknown> {
  return Object.fromEntries([...Object.entries(fields).filter(([name]) => name !== key), [key, value]]);
}

function without(target: unknown, path: readonly string[]): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return {};
  if (rest.length > 0) {
    const inner = member(target, key);
    return inner === undefined ? target : put(target, [key], { value: without(inner, rest), insert: false });
  }
  if (Array.isArray(target)) return target.filter((_, at) => at !== indexIn(target, key));
  const fields = asFields(target);
  return fields === null ? target : Object.fromEntries(Object.entries(fields).filter(([name]) => name !== key));
}
