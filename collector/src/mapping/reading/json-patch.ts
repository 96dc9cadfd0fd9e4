import { isDeepStrictEqual } from 'node:util';
import { asFields, asList, asNumber } from './coerce.ts';

/**
 * A document after a list of RFC 6902 operations. An operation that cannot be applied changes nothing; a `test` that
 * does not hold undoes all of them.
 */
export function applyPatch(document: unknown, operations: unknown): unknown {
  let patchedSoFar = document;
  for (const operation of asList(operations)) {
    const fields = asFields(operation);
    if (fields?.['op'] === 'test' && !holds(patchedSoFar, fields)) return document;
    patchedSoFar = patched(patchedSoFar, operation);
  }
  return patchedSoFar;
}

function holds(document: unknown, fields: Record<string, unknown>): boolean {
  const path = pathOf(fields['path']);
  return path !== null && isDeepStrictEqual(path.reduce(member, document), fields['value']);
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
