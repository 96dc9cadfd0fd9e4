import { addSpan, type AnchoredRule, type Span } from '../span.ts';
import { callingCodeOf } from './calling-codes.ts';
import { isDigit } from '../characters.ts';
import { continuesWord, goesOn } from './number-bounds.ts';

const FEWEST_DIGITS = 8;
const MOST_DIGITS = 15;
// What a person writes between the groups of a number: one sign, or a sign and a bracket.
const GAP = /[ .\u00a0\u2011\u202f-]?[()]?[ \u00a0\u202f-]?(?=\d)/y;
const TRUNK_ZERO = /^ \(0\)/;
// `(415) 555-0132`: neither area nor exchange begins with 0 or 1 in the plan of North America.
const NORTH_AMERICAN = /\([2-9](?!11)\d\d\)[ \u00a0-]?[2-9]\d\d[ .\u2011-]\d{4}/y;
const RUSSIAN =
  /8(?:[ \u00a0-]?\([3489]\d{2}\)[ \u00a0-]?\d{3}[ \u00a0-]?\d\d[ \u00a0-]?\d\d|([ -])[3489]\d{2}\1\d{3}([ -])\d\d\2\d\d)/y;
const RUSSIAN_AREA_OF_FOUR = /8[ \u00a0-]?\([3489]\d{3,4}\)[ \u00a0-]?\d{1,3}-\d\d-\d\d/y;
// The anchor is the first separator of `415-555-0132`; its three digits stand before.
const TRIPLES = /([-.])[2-9]\d\d\1\d{4}/y;

/** Phone numbers as people write them: with `+` and a country's code, or in the groups of Russia and North America. */
export const PHONES: readonly AnchoredRule[] = [
  { anchors: [...'123456789'].map((digit) => `+${digit}`), match: matchInternational },
  { anchors: [...'23456789'].map((digit) => `(${digit}`), match: matchNorthAmerican },
  {
    anchors: ['8(', '8 (', '8-(', ...[...'3489'].flatMap((digit) => [`8 ${digit}`, `8-${digit}`])],
    match: matchRussian,
  },
  { anchors: [...'23456789'].flatMap((digit) => [`-${digit}`, `.${digit}`]), match: matchTriples },
];

/** End of the number with a country's code that starts with the `+` at `start`; -1 when it is none. */
export function endOfInternational(text: string, start: number): number {
  const ends: number[] = [];
  let digits = '';
  for (let at = start + 1; digits.length <= MOST_DIGITS; at++) {
    if (isDigit(text.charCodeAt(at))) {
      digits += text[at];
      if (!isDigit(text.charCodeAt(at + 1))) ends[digits.length] = at + 1;
      continue;
    }
    // `+44 (0)20 …`: the zero is only dialled at home.
    if (digits.length <= 3 && TRUNK_ZERO.test(text.slice(at, at + 4))) {
      at += 3;
      continue;
    }
    GAP.lastIndex = at;
    if (!GAP.test(text)) break;
    at = GAP.lastIndex - 1;
  }
  return longestPlausible(digits, ends);
}

// The groups behind a number may be the next number: the longest beginning that a country could have given out counts.
function longestPlausible(digits: string, ends: readonly number[]): number {
  const found = digits.length < FEWEST_DIGITS ? undefined : callingCodeOf(digits);
  if (found === undefined) return -1;
  const { code, length } = found;
  for (let count = Math.min(length.most, digits.length - code.length); count >= length.least; count--) {
    const end = ends[code.length + count];
    if (end !== undefined && isPlausible(code, digits.slice(code.length, code.length + count))) return end;
  }
  return -1;
}

function isPlausible(code: string, national: string): boolean {
  // Round sums (`+20 000 000 000`) and filler.
  if (/0{6}$|^(\d)\1+$/.test(national)) return false;
  if (code === '1') return /^[2-9](?!11)\d\d[2-9]/.test(national);
  return code === '7' ? /^[34-9]/.test(national) : true;
}

function matchInternational(text: string, start: number, _end: number, spans: Span[]): number {
  // Base64 is full of `+5`; a sign between letters or digits belongs to them.
  if (continuesWord(text, start) && text[start - 1] !== '_') return -1;
  const end = endOfInternational(text, start);
  if (end < 0 || goesOn(text, end) || isMixed(text.slice(start, end))) return -1;
  return addSpan(spans, text, { start, end, rule: 'phone' });
}

// Dots stand everywhere in a number or nowhere; else they belong to an address or a decimal number.
function isMixed(written: string): boolean {
  return written.includes('.') && /[ ()-]/.test(written);
}

function matchNorthAmerican(text: string, start: number, _end: number, spans: Span[]): number {
  if (text[start + 4] !== ')' || continuesWord(text, start)) return -1;
  return matchWritten(NORTH_AMERICAN, text, start, spans);
}

function matchRussian(text: string, start: number, _end: number, spans: Span[]): number {
  if (continuesWord(text, start)) return -1;
  const end = matchWritten(RUSSIAN, text, start, spans);
  return end < 0 ? matchWritten(RUSSIAN_AREA_OF_FOUR, text, start, spans) : end;
}

function matchTriples(text: string, at: number, _end: number, spans: Span[]): number {
  let start = at - 3;
  if (!isArea(text, start)) return -1;
  // The code of the country in front: `1-415-555-0132`.
  if (text[start - 2] === '1' && text[start - 1] === text[at]) start -= 2;
  if (continuesWord(text, start)) return -1;
  TRIPLES.lastIndex = at;
  if (!TRIPLES.test(text)) return -1;
  const end = TRIPLES.lastIndex;
  return goesOn(text, end) ? -1 : addSpan(spans, text, { start, end, rule: 'phone' });
}

function isArea(text: string, at: number): boolean {
  const [first, second, third] = [text.charCodeAt(at), text.charCodeAt(at + 1), text.charCodeAt(at + 2)];
  return isDigit(third) && isDigit(second) && first >= 50 && first <= 57 && !(second === 49 && third === 49);
}

function matchWritten(pattern: RegExp, text: string, start: number, spans: Span[]): number {
  pattern.lastIndex = start;
  if (!pattern.test(text)) return -1;
  const end = pattern.lastIndex;
  return goesOn(text, end) ? -1 : addSpan(spans, text, { start, end, rule: 'phone' });
}
