import { matchPairedValue } from './named-pairs.ts';
import { quotedAt, redactList, redactQuoted } from './quoted-values.ts';
import { isSecretName, kindOfName, NAME_ANCHORS, type NameKind } from './secret-names.ts';
import { addSpan, type AnchoredRule, type Span } from './span.ts';

const LONGEST_NAME = 64;
// White space may itself be written as an escape when the text is JSON inside a string.
const CLOSING =
  /(\\*["']|[`*]{1,3})?(?:\s|\\{1,15}[nrt]){0,8}(=>|:=|=|:)([`*]{0,3}(?:\s|\\{1,15}[nrt]){0,8})(\[(?:\s|\\{1,15}[nrt]){0,8})?/y;
// `пароль от базы: …`, `токен — …`
const RUSSIAN_CLOSING =
  /(?: (?![—–-])[\wА-Яа-яЁё.@-]{1,24}){0,3}(\\*["']|[`*]{1,3})?(?:\s|\\{1,15}[nrt]){0,8}(=>|:=|=|:|[—–]|-(?=\s))([`*]{0,3}(?:\s|\\{1,15}[nrt]){0,8})(\[(?:\s|\\{1,15}[nrt]){0,8})?/y;
const OPENING = /\\{0,64}["'`«]/y;
const QUOTES = '\\"\'`«';
const SCHEME_LETTERS = 'bBtTdDaA';
// A quote right after `password=` that ends a JSON string instead of opening the value.
const CLOSED = /\\*"(?:\s|\\{1,15}[nrt]){0,8}(?:[,}\]:]|$)/y;
const BARE_VALUE = /[^\s&;,"'`«»<>()[\]{}|\\]{3,4096}/y;
const COOKIE_VALUE = /[^\s"'`<>\\=:]{1,64}=[^\r\n"'`<>\\]{1,8192}/y;
const SCHEME = /(?:bearer|basic|token|digest|apikey)\s{1,4}/iy;
const JSON_NUMBER = /-?\d{4,}(?=\s{0,8}[,}\]])/y;
const DOTTED_NAME = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+$/;
const WORDS =
  /^(?:null|none|nil|true|false|undefined|string|str|number|boolean|bytes|required|optional|empty|unset|changeme)$/i;

/** Value after a name like `api_key`, however the text writes it down: JSON at any depth of escaping, `key=value`, headers, Python. */
export const NAMED_VALUES: AnchoredRule = { anchors: NAME_ANCHORS, match: matchNamedValue };

function matchNamedValue(text: string, start: number, end: number, spans: Span[]): number {
  const nameEnd = endOfName(text, end);
  const gap = gapAfter(text, nameEnd);
  if (gap === null && !/["'\\]/.test(text[nameEnd] ?? '')) return -1;
  const name = text.slice(startOfName(text, start), nameEnd);
  const kind = kindOfName(name);
  if (kind === undefined) return -1;
  if (gap === null) return matchPairedValue(text, nameEnd, spans);
  const valueAt = nameEnd + gap[0].length;
  if (kind === 'loose' && !isRandomAt(text, valueAt)) return -1;
  return redactValue(text, valueAt, { kind, gap }, spans);
}

/** Where the unquoted value of a secret name begins whose name stands at `start`; undefined when there is none. */
export function bareValueAt(text: string, start: number, end: number): number | undefined {
  const nameEnd = endOfName(text, end);
  const gap = gapAfter(text, nameEnd);
  if (gap === null || !isSecretName(text.slice(startOfName(text, start), nameEnd))) return undefined;
  SCHEME.lastIndex = nameEnd + gap[0].length;
  return SCHEME.test(text) ? SCHEME.lastIndex : nameEnd + gap[0].length;
}

function redactValue(
  text: string,
  at: number,
  { kind, gap }: { kind: NameKind; gap: RegExpExecArray },
  spans: Span[],
): number {
  const [whole, quote, sign, list] = [gap[0], gap[1], gap[2], gap[4]];
  const isQuotedName = quote !== undefined && /["']/.test(quote);
  if (opensQuote(text, at)) {
    CLOSED.lastIndex = at;
    if (!isQuotedName && CLOSED.test(text)) return -1;
    OPENING.lastIndex = at;
    if (OPENING.test(text)) return list === undefined ? redactQuoted(text, at, spans) : redactList(text, at, spans);
  }
  if (list !== undefined) return -1;
  if (isQuotedName) return redactNumber(text, at, spans);
  if (kind === 'cookie') return redactCookie(text, at, spans);
  return redactUnquoted(text, at, spans, sign === '=' && whole === '=');
}

// A Cyrillic word is prose, however long; there is no need to read it.
function redactUnquoted(text: string, at: number, spans: Span[], isTight: boolean): number {
  return !isTight && isCyrillic(text.charCodeAt(at)) ? -1 : redactBare(text, at, spans, isTight);
}

function gapAfter(text: string, nameEnd: number): RegExpExecArray | null {
  const pattern = isCyrillic(text.charCodeAt(nameEnd - 1)) ? RUSSIAN_CLOSING : CLOSING;
  pattern.lastIndex = nameEnd;
  return pattern.exec(text);
}

function isRandomAt(text: string, at: number): boolean {
  const quoted = quotedAt(text, at);
  BARE_VALUE.lastIndex = at;
  const value = quoted === undefined ? BARE_VALUE.exec(text)?.[0] : text.slice(quoted.start, quoted.end);
  return value !== undefined && !/\s/.test(value) && looksRandom(value);
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
  const start = afterScheme(text, at);
  BARE_VALUE.lastIndex = start;
  const value = BARE_VALUE.exec(text)?.[0];
  if (value === undefined) return -1;
  if (!isTight && !looksRandom(value)) return -1;
  const end = start + value.length;
  const isCode = /[([]/.test(text[end] ?? '') || isDottedName(value) || /^[$%=*.:]/.test(value);
  if (isCode || WORDS.test(value) || isSecretName(value)) return -1;
  return addSpan(spans, text, { start, end, rule: 'field' });
}

// `settings.api_key` in code; `s.` and 24 characters is an old token of Vault.
function isDottedName(value: string): boolean {
  return DOTTED_NAME.test(value) && !/^s\.[A-Za-z0-9]{24}$/.test(value);
}

// Asking a pattern at every name is what takes the time in a text that is full of names.
function opensQuote(text: string, at: number): boolean {
  return at < text.length && QUOTES.includes(text.charAt(at));
}

function afterScheme(text: string, at: number): number {
  if (!SCHEME_LETTERS.includes(text.charAt(at))) return at;
  SCHEME.lastIndex = at;
  return SCHEME.test(text) ? SCHEME.lastIndex : at;
}

function looksRandom(value: string): boolean {
  // Cyrillic words are prose, however long.
  if (/[\u0400-\u045f]/.test(value)) return false;
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
    code === 46 ||
    isCyrillic(code)
  );
}

function isCyrillic(code: number): boolean {
  return code >= 0x400 && code < 0x460;
}
