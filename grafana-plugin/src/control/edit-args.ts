/** What is wrong with edited arguments. */
export type EditProblem =
  | { kind: 'syntax'; detail: string }
  | { kind: 'type'; path: string; before: string; after: string }
  | { kind: 'unchanged' };

/** Edited arguments, or what is wrong with them. */
export type EditResult = { value: unknown; problems: [] } | { value: null; problems: EditProblem[] };

/** Reads edited arguments. Values keep the type they had: an agent that gets `"2"` for `2` may do anything. */
export function readEdit(text: string, before: unknown): EditResult {
  let value: unknown;
  try {
    value = JSON.parse(text) as unknown;
  } catch (error) {
    return { value: null, problems: [{ kind: 'syntax', detail: error instanceof Error ? error.message : '' }] };
  }
  const problems: EditProblem[] = compareTypes(before, value, '');
  if (problems.length === 0 && JSON.stringify(before) === JSON.stringify(value)) problems.push({ kind: 'unchanged' });
  return problems.length === 0 ? { value, problems: [] } : { value: null, problems };
}

function compareTypes(before: unknown, after: unknown, path: string): EditProblem[] {
  const [was, is] = [typeName(before), typeName(after)];
  if (was === 'null' || is === 'null') return [];
  if (was !== is) return [{ kind: 'type', path: path || '·', before: was, after: is }];
  if (was !== 'object') return [];
  const old = before as Record<string, unknown>;
  const changed = after as Record<string, unknown>;
  const shared = Object.keys(old).filter((key) => Object.hasOwn(changed, key));
  return shared.flatMap((key) => compareTypes(old[key], changed[key], path === '' ? key : `${path}.${key}`));
}

/** Name of a JSON type. */
export function typeName(value: unknown): 'null' | 'array' | 'object' | 'string' | 'number' | 'boolean' {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value as 'object' | 'string' | 'number' | 'boolean';
}

/** One value that an edit changes; null where there was, or will be, none. */
export interface ArgumentChange {
  path: string;
  before: string | null;
  after: string | null;
}

/** What differs between two sets of arguments, value by value. */
export function diffArgs(before: unknown, after: unknown): ArgumentChange[] {
  const old = leaves(before, '');
  const changed = leaves(after, '');
  const paths = [...new Set([...old.keys(), ...changed.keys()])];
  return paths
    .map((path) => ({ path, before: old.get(path) ?? null, after: changed.get(path) ?? null }))
    .filter((change) => change.before !== change.after);
}

function leaves(value: unknown, path: string): Map<string, string> {
  const nested = typeof value === 'object' && value !== null && Object.keys(value).length > 0;
  if (!nested) return new Map<string, string>(value === undefined ? [] : [[path || '·', JSON.stringify(value)]]);
  const entries = Object.entries(value as Record<string, unknown>);
  const name = (key: string) => (Array.isArray(value) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`);
  return new Map(entries.flatMap(([key, child]) => [...leaves(child, name(key))]));
}

/** The part in which two texts differ, between what they share at both ends. */
export function splitChange(
  before: string,
  after: string,
): { start: string; before: string; after: string; end: string } {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  let end = 0;
  while (end < most - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  return {
    start: before.slice(0, start),
    before: before.slice(start, before.length - end),
    after: after.slice(start, after.length - end),
    end: before.slice(before.length - end),
  };
}
