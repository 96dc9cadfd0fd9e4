import { isEscapeLetter } from './characters.ts';

/** Part of a text to replace, and the rule that says so. */
export interface Span {
  start: number;
  end: number;
  rule: string;
}

/** Whether a part of a text stays although a rule takes it. */
export type Keep = (text: string, span: Span) => boolean;

/**
 * Looks at an anchor found in a text. Adds what must go to `spans` and returns where scanning goes on, or -1 when the
 * anchor means nothing. Work per call is bounded, so that texts full of anchors stay linear.
 */
export type Matcher = (text: string, start: number, end: number, spans: Span[]) => number;

/** Literals, in lower case and matched in any case, that make a matcher look. */
export interface AnchoredRule {
  anchors: readonly string[];
  match: Matcher;
}

/** What stands in place of a secret. It has no quote and no backslash, so JSON around it stays JSON at any depth. */
export const MARKER = /\[redacted:[a-z0-9_]{1,40}:[0-9a-f]{8}\]/y;

const SENDERS_MARK = /^(?:\[redacted\]|\[filtered\]|<redacted>|redacted|\*{3,16})$/i;

/** Whether a value is a marker already, ours or the sender's own: there is nothing left to hide in it. */
export function isMarked(value: string): boolean {
  return value.length < 64 && (markerEnd(value, 0) === value.length || SENDERS_MARK.test(value));
}

/** End of the marker at `at`, or -1. */
export function markerEnd(text: string, at: number): number {
  MARKER.lastIndex = at;
  return MARKER.test(text) ? MARKER.lastIndex : -1;
}

/** Adds a span unless it is empty or already a marker. Keeps escapes of the surrounding text whole. */
export function addSpan(spans: Span[], text: string, span: Span): number {
  let { start, end } = span;
  if (text[start - 1] === '\\' && isEscapeLetter(text.charCodeAt(start))) start++;
  while (end > start && text[end - 1] === '\\') end--;
  if (end <= start || (end - start < 64 && isMarked(text.slice(start, end)))) return span.end;
  spans.push({ start, end, rule: span.rule });
  return span.end;
}
