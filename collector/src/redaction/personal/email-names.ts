import { BACKSLASH, isAlphanumeric, isDigit, isEscapeLetter } from '../characters.ts';

/** Characters before the `@` that are looked at. */
export const LONGEST_LOCAL_PART = 64;

const PERCENT = 37;
const QUOTE = 34;
const LETTER_U = 117;
const SPACE = 32;
const FIRST_BEYOND_ASCII = 128;
const LETTER_OR_NUMBER = /[\p{L}\p{N}]/u;
const CYRILLIC_START = 0x410;
const CYRILLIC_END = 0x44f;
const IS_LOCAL = new Uint8Array(FIRST_BEYOND_ASCII);
for (let code = 0; code < FIRST_BEYOND_ASCII; code++)
  IS_LOCAL[code] = isAlphanumeric(code) || ".'_+-~".includes(String.fromCharCode(code)) ? 1 : 0;

/** Whether a character may stand in the part of an address before its `@`. */
export function isLocalCode(code: number): boolean {
  if (code < FIRST_BEYOND_ASCII) return IS_LOCAL[code] === 1;
  // Asking a pattern is dear, and these are the letters most texts are written in.
  return (code >= CYRILLIC_START && code <= CYRILLIC_END) || LETTER_OR_NUMBER.test(String.fromCharCode(code));
}

/** Start of the name before the `@` at `sign`; `sign` itself when there is none. */
export function startOfLocalPart(text: string, sign: number): number {
  const least = Math.max(0, sign - LONGEST_LOCAL_PART);
  let start = sign;
  while (start > least) {
    const code = text.charCodeAt(start - 1);
    if (isLocalCode(code)) {
      start--;
      continue;
    }
    const before = code === PERCENT || code === BACKSLASH ? beforeEscape(text, start - 1, sign) : start;
    if (before >= start) return before;
    start = before;
  }
  return start;
}

/** Start of what stands between quotes before the `@` at `sign`, and its end; undefined when it is no name. */
export function quotedLocalPart(text: string, sign: number): { start: number; end: number } | undefined {
  let end = sign - 1;
  if (text.charCodeAt(end) !== QUOTE) return undefined;
  while (text.charCodeAt(end - 1) === BACKSLASH) end--;
  let start = end;
  while (start > 0 && end - start < LONGEST_LOCAL_PART && isQuotedCode(text.charCodeAt(start - 1))) start--;
  return text.charCodeAt(start - 1) === QUOTE && start < end ? { start, end } : undefined;
}

// A character written as `%2B` or `\u0430` belongs to the name when what it stands for does; else the name begins behind it.
function beforeEscape(text: string, at: number, sign: number): number {
  const isPercent = text.charCodeAt(at) === PERCENT;
  const [from, to] = isPercent ? [at + 1, at + 3] : [at + 2, at + 6];
  const isEscape = to <= sign && (isPercent || text.charCodeAt(at + 1) === LETTER_U);
  const code = isEscape ? hexadecimal(text, from, to) : -1;
  if (code < 0) return isPercent ? behindSign(at, sign) : behindBackslash(text, at);
  // Of a letter in UTF-8, each byte stands for itself.
  return (isPercent && code >= FIRST_BEYOND_ASCII) || isLocalCode(code) ? beforeBackslashes(text, at) : to;
}

function hexadecimal(text: string, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    const letter = (code | 32) - 87;
    if (isDigit(code)) value = value * 16 + code - 48;
    else if (letter >= 10 && letter <= 15) value = value * 16 + letter;
    else return -1;
  }
  return value;
}

// `%s@…` waits for a name.
function behindSign(at: number, sign: number): number {
  return at + 2 === sign ? sign : at + 1;
}

// `\n` is white space written out.
function behindBackslash(text: string, at: number): number {
  return isEscapeLetter(text.charCodeAt(at + 1)) ? at + 2 : at + 1;
}

function beforeBackslashes(text: string, at: number): number {
  let start = at;
  while (text.charCodeAt(start) === BACKSLASH && text.charCodeAt(start - 1) === BACKSLASH) start--;
  return start;
}

function isQuotedCode(code: number): boolean {
  return code === SPACE || isLocalCode(code);
}
