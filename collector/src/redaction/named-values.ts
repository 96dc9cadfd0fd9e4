import { isSecretName, NAME_ANCHORS } from './secret-names.ts';
import { addSpan, type AnchoredRule, type Span } from './span.ts';

const LONGEST_NAME = 64;
const LONGEST_VALUE = 65_536;
// White space may itself be written as an escape when the text is JSON inside a string.
const CLOSING =
  /(\\*["']|[`*]{1,3})?(?:\s|\\{1,15}[nrt]){0,8}(=>|:=|=|:)([`*]{0,3}(?:\s|\\{1,15}[nrt]){0,8})(\[(?:\s|\\{1,15}[nrt]){0,8})?/y;
const OPENING = /(\\*)(["'`])/y;
// A quote right after `password=` that ends a JSON string instead of opening the value.
const CLOSED = /\\*"(?:\s|\\{1,15}[nrt]){0,8}(?:[,}\]:]|$)/y;
const NEXT_MEMBER = /\\*["'`]\s{0,8},\s{0,8}(?=\\*["'`])/y;
const BARE_VALUE = /[^\s&;,"'`<>()[\]{}|\\]{3,4096}/y;
const COOKIE_VALUE = /[^\s"'`<>\\=]{1,64}=[^\r\n"'`<>\\]{1,8192}/y;
const SCHEME = /(?:bearer|basic|token|digest|apikey)\s{1,4}/iy;
const JSON_NUMBER = /-?\d{4,}(?=\s{0,8}[,}\]])/y;
// Packages are named after what they handle: `"cookie": "^0.7.1"` in a lock file.
const VERSION = /(?:\*|[~^>=<v]{0,2}\d{1,4}\.(?:\d{1,5}|x)(?:\.[\w+-]{1,20}){0,3})(?=\\{0,15}["'`])/y;
const DOTTED_NAME = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+$/;
const WORDS =
  /^(?:null|none|nil|true|false|undefined|string|str|number|boolean|bytes|required|optional|empty|unset|changeme)$/i;

/** Value after a name like `api_key`, however the text writes it down: JSON at any depth of escaping, `key=value`, headers, Python. */
export const NAMED_VALUES: AnchoredRule = { anchors: NAME_ANCHORS, match: matchNamedValue };

function matchNamedValue(text: string, start: number, end: number, spans: Span[]): number {
  const nameEnd = endOfName(text, end);
  CLOSING.lastIndex = nameEnd;
  const gap = CLOSING.exec(text);
  if (gap === null || !isSecretName(text.slice(startOfName(text, start), nameEnd))) return -1;
  const valueAt = CLOSING.lastIndex;
  const isQuotedName = gap[1] !== undefined && /["']/.test(gap[1]);
  CLOSED.lastIndex = valueAt;
  if (!isQuotedName && CLOSED.test(text)) return -1;
  OPENING.lastIndex = valueAt;
  if (OPENING.test(text))
    return gap[4] === undefined ? redactQuoted(text, valueAt, spans) : redactList(text, valueAt, spans);
  if (gap[4] !== undefined) return -1;
  if (isQuotedName) return redactNumber(text, valueAt, spans);
  const name = text.slice(start, nameEnd).toLowerCase();
  if (name.includes('cookie')) return redactCookie(text, valueAt, spans);
  const isTight = gap[2] === '=' && gap[0] === '=';
  return redactBare(text, valueAt, spans, isTight);
}

function redactList(text: string, at: number, spans: Span[]): number {
  let next = at;
  for (;;) {
    const end = redactQuoted(text, next, spans);
    NEXT_MEMBER.lastIndex = Math.max(end, next);
    if (end < 0 || !NEXT_MEMBER.test(text)) return end;
    next = NEXT_MEMBER.lastIndex;
  }
}

/** Replaces what is between the quote at `at` and its partner at the same depth of escaping. */
function redactQuoted(text: string, at: number, spans: Span[]): number {
  OPENING.lastIndex = at;
  const opening = OPENING.exec(text);
  const escapes = opening?.[1]?.length ?? 0;
  const quote = opening?.[2] ?? '"';
  const start = at + escapes + 1;
  VERSION.lastIndex = start;
  if (VERSION.test(text)) return -1;
  const end = quote === '"' ? endOfQuoted(text, start, escapes) : endOfLooseQuoted(text, start, quote);
  return addSpan(spans, text, { start, end, rule: 'field' });
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
  const limit = Math.min(text.length, start + LONGEST_VALUE);
  let at = start;
  while (at < limit && text[at] !== quote && text[at] !== '"') at++;
  return at;
}

// A number cannot become a text without quotes and leave JSON valid: it becomes 0.
function redactNumber(text: string, at: number, spans: Span[]): number {
  JSON_NUMBER.lastIndex = at;
  if (!JSON_NUMBER.test(text)) return -1;
  spans.push({ start: at, end: JSON_NUMBER.lastIndex, rule: 'number' });
  return JSON_NUMBER.lastIndex;
}

function redactCookie(text: string, at: number, spans: Span[]): number {
  COOKIE_VALUE.lastIndex = at;
  if (!COOKIE_VALUE.test(text)) return -1;
  return addSpan(spans, text, { start: at, end: COOKIE_VALUE.lastIndex, rule: 'cookie' });
}

// Unquoted text is often code or prose. `name=value` without spaces is taken at its word; otherwise the value has to
// look like no word.
function redactBare(text: string, at: number, spans: Span[], isTight: boolean): number {
  SCHEME.lastIndex = at;
  const start = SCHEME.test(text) ? SCHEME.lastIndex : at;
  BARE_VALUE.lastIndex = start;
  const value = BARE_VALUE.exec(text)?.[0];
  if (value === undefined) return -1;
  const end = start + value.length;
  const isCode = /[([]/.test(text[end] ?? '') || DOTTED_NAME.test(value) || /^[$%=*.:]/.test(value);
  if (isCode || WORDS.test(value) || isSecretName(value)) return -1;
  if (!isTight && !looksRandom(value)) return -1;
  return addSpan(spans, text, { start, end, rule: 'field' });
}

function looksRandom(value: string): boolean {
  return value.length >= 6 && (/\d/.test(value) || value.length >= 16 || /[A-Za-z][^A-Za-z.:][A-Za-z]/.test(value));
}

function startOfName(text: string, at: number): number {
  let start = at;
  while (start > 0 && at - start < LONGEST_NAME && isNameCode(text.charCodeAt(start - 1))) start--;
  return start;
}

function endOfName(text: string, at: number): number {
  let end = at;
  while (end < text.length && end - at < LONGEST_NAME && isNameCode(text.charCodeAt(end))) end++;
  return end;
}

function isNameCode(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code === 45 ||
    code === 46
  );
}
