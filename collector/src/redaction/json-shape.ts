import { MARKER } from './span.ts';

const DEEPEST = 100;

/**
 * Whether a redacted text still is the JSON it was, at every depth of JSON inside strings: same members, and a text that
 * was JSON is JSON or one marker. True for anything that was no JSON.
 */
export function keepsJsonShape(before: string, after: string): boolean {
  return isSameText(before, after, DEEPEST);
}

function isSameText(before: string, after: string, depth: number): boolean {
  if (before === after || depth <= 0) return true;
  const parsed = parse(before);
  if (parsed === undefined || isMarker(after)) return true;
  const redacted = parse(after);
  return redacted !== undefined && isSame(parsed.value, redacted.value, depth - 1);
}

function isSame(before: unknown, after: unknown, depth: number): boolean {
  if (typeof before === 'string') return typeof after === 'string' && isSameText(before, after, depth);
  if (typeof before !== 'object' || before === null) return before === after || after === 0;
  if (typeof after !== 'object' || after === null || depth <= 0) return depth <= 0;
  const [one, other] = [Object.entries(before), Object.entries(after)];
  return (
    one.length === other.length &&
    one.every(([key, member], at) => key === other[at]?.[0] && isSame(member, other[at][1], depth - 1))
  );
}

function parse(text: string): { value: unknown } | undefined {
  if (!/^\s*["[{]/.test(text)) return undefined;
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

function isMarker(text: string): boolean {
  MARKER.lastIndex = 0;
  return MARKER.test(text) && MARKER.lastIndex === text.length;
}
