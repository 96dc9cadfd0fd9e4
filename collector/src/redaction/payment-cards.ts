import { isDigit } from './characters.ts';
import { isJsonNumber } from './personal/number-bounds.ts';
import type { Span } from './span.ts';

const SHORTEST = 14;
const LONGEST = 23;
// Digits in one piece, or in the groups that are printed on cards with one kind of separator between them.
const WRITTEN = /^(?:\d{14,19}|\d{4}([ -])\d{4}\1\d{4}\1\d{4}(?:\1\d{3})?|\d{4}([ -])\d{6}\2\d{4,5})$/;
// First digits that issuers have, with the lengths their numbers have.
const ISSUED =
  /^(?:4\d{15}|5[1-5]\d{14}|2(?:2(?:0[0-4]|2[1-9]|[3-9]\d)|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|35(?:2[89]|[3-8]\d)\d{12}|6(?:011|5\d\d|4[4-9]\d|2\d\d)\d{12}|62\d{15,17})$/;

/**
 * Finds payment card numbers: the digits of an issuer, in a length it uses, with a right check digit, and nothing glued to
 * them. A number covers every 14th position, so only those are looked at.
 */
export function findCards(text: string, spans: Span[], from = 0, to = text.length): void {
  for (let probe = from + SHORTEST - 1; probe < to; probe += SHORTEST) {
    if (!isPart(text, probe)) continue;
    let start = probe;
    while (probe - start < LONGEST && isPart(text, start - 1)) start--;
    let end = probe + 1;
    while (end - probe < LONGEST && isPart(text, end)) end++;
    if (end - start >= SHORTEST && end - start <= LONGEST) addCard(text, start, end, spans);
    probe = Math.max(probe, end - 1);
  }
}

function addCard(text: string, start: number, end: number, spans: Span[]): void {
  const written = text.slice(start, end);
  if (!WRITTEN.test(written) || isGlued(text, start, end)) return;
  const digits = written.replace(/\D/g, '');
  if (!ISSUED.test(digits) || !passesCheck(digits)) return;
  spans.push({ start, end, rule: isJsonNumber(text, start, end) ? 'number' : 'card' });
}

// A digit, or a single separator between two.
function isPart(text: string, at: number): boolean {
  if (at < 0 || at >= text.length) return false;
  const code = text.charCodeAt(at);
  if (isDigit(code)) return true;
  if ((code !== 32 && code !== 45) || at === 0 || at + 1 >= text.length) return false;
  return isDigit(text.charCodeAt(at - 1)) && isDigit(text.charCodeAt(at + 1));
}

// Part of a word, a hash, a decimal number or a path is no card.
function isGlued(text: string, start: number, end: number): boolean {
  return (
    /[\p{L}\d_/#+.-]/u.test(text[start - 1] ?? '') || /^(?:[\p{L}\d_/#+]|[.-][\p{L}\d])/u.test(text.slice(end, end + 2))
  );
}

// The check of Luhn: every second digit from the right counts double, and the sum ends in 0.
function passesCheck(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at++) {
    const digit = digits.charCodeAt(digits.length - 1 - at) - 48;
    const weighed = at % 2 === 0 ? digit : digit * 2;
    sum += weighed > 9 ? weighed - 9 : weighed;
  }
  return sum % 10 === 0 && /[1-9]\d*[1-9]/.test(digits.slice(6));
}
