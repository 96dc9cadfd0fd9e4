import { addSpan, type Span } from './span.ts';

const LONGEST_VALUE = 65_536;
const OPENING = /(\\*)(["'`«])/y;
const NEXT_MEMBER = /\\*["'`]\s{0,8},\s{0,8}(?=\\*["'`])/y;
// Packages are named after what they handle: `"cookie": "^0.7.1"` in a lock file.
const VERSION = /(?:\*|[~^>=<v]{0,2}\d{1,4}\.(?:\d{1,5}|x)(?:\.[\w+-]{1,20}){0,3})(?=\\{0,15}["'`])/y;

/** Where a quoted value begins and ends, without its quotes. */
export interface QuotedValue {
  start: number;
  end: number;
}

/** The value whose opening quote, escaped or not, stands at `at`; undefined when none does. */
export function quotedAt(text: string, at: number): QuotedValue | undefined {
  OPENING.lastIndex = at;
  const opening = OPENING.exec(text);
  if (opening === null) return undefined;
  const escapes = opening[1]?.length ?? 0;
  const quote = opening[2] ?? '"';
  const start = at + escapes + 1;
  return { start, end: quote === '"' ? endOfQuoted(text, start, escapes) : endOfLooseQuoted(text, start, quote) };
}

/** Replaces what is between the quote at `at` and its partner at the same depth of escaping. */
export function redactQuoted(text: string, at: number, spans: Span[]): number {
  const value = quotedAt(text, at);
  if (value === undefined) return -1;
  VERSION.lastIndex = value.start;
  return VERSION.test(text) ? -1 : addSpan(spans, text, { ...value, rule: 'field' });
}

/** Replaces every value of a list whose first opening quote stands at `at`. */
export function redactList(text: string, at: number, spans: Span[]): number {
  let next = at;
  for (;;) {
    const end = redactQuoted(text, next, spans);
    NEXT_MEMBER.lastIndex = Math.max(end, next);
    if (end < 0 || !NEXT_MEMBER.test(text)) return end;
    next = NEXT_MEMBER.lastIndex;
  }
}

// JSON inside JSON puts 2^depth - 1 backslashes before its quotes. A quote with fewer ends an outer text, so it ends
// ours; one with more is part of the value.
function endOfQuoted(text: string, start: number, escapes: number): number {
  const limit = Math.min(text.length, start + LONGEST_VALUE);
  for (let at = text.indexOf('"', start); at >= 0 && at < limit; at = text.indexOf('"', at + 1)) {
    let before = 0;
    while (at - before > start && text[at - before - 1] === '\\') before++;
    if (isEnd(before, escapes)) return Math.max(start, at - Math.min(before, escapes));
  }
  return limit;
}

function isEnd(before: number, escapes: number): boolean {
  let rest = before;
  for (let level = escapes; level > 0; level >>= 1) {
    if (rest % 2 === 0) return true;
    rest = (rest - 1) / 2;
  }
  return rest % 2 === 0;
}

// A double quote also ends it: the text may sit inside JSON, whose string must not be crossed.
function endOfLooseQuoted(text: string, start: number, quote: string): number {
  const partner = quote === '«' ? '»' : quote;
  const limit = Math.min(text.length, start + LONGEST_VALUE);
  let at = start;
  while (at < limit && text[at] !== partner && text[at] !== '"') at++;
  return at;
}
