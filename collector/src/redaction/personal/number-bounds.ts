import { BACKSLASH, isAlphanumeric, isDigit, isEscapeLetter } from '../characters.ts';

const FIRST_BEYOND_ASCII = 128;
const JSON_BEFORE = /[:[,]\s{0,4}$/;
const JSON_AFTER = /^\s{0,4}[,}\]]/;
const REACH = 5;
const WORD_OR_NUMBER = /[\p{L}\p{N}]/u;

/** Whether the digits from `start` to `end` stand where JSON has a number, which must stay one. */
export function isJsonNumber(text: string, start: number, end: number): boolean {
  return (
    JSON_BEFORE.test(text.slice(Math.max(0, start - REACH), start)) &&
    JSON_AFTER.test(text.slice(end, end + REACH)) &&
    /^\d+$/.test(text.slice(start, end))
  );
}

/** Whether what begins at `at` goes on from a letter, a digit or a sign of a number before it; `\n` written out is none. */
export function continuesWord(text: string, at: number): boolean {
  if (at === 0) return false;
  const code = text.charCodeAt(at - 1);
  if (text.charCodeAt(at - 2) === BACKSLASH && isEscapeLetter(code)) return false;
  // A comma belongs to what stands before when that is a number.
  if (code === 44) return isDigit(text.charCodeAt(at - 2));
  return isWordOrNumber(code) || code === 95 || (code >= 43 && code <= 47) || code === 35;
}

/** Whether a number that ends at `at` goes on: with a letter, a digit, or a sign and a digit. */
export function goesOn(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code >= 44 && code <= 47) return isDigit(text.charCodeAt(at + 1));
  return isWordOrNumber(code) || code === 95;
}

// Asking a pattern costs more than all the rest here, and nearly all characters are plain.
function isWordOrNumber(code: number): boolean {
  return code < FIRST_BEYOND_ASCII ? isAlphanumeric(code) : WORD_OR_NUMBER.test(String.fromCharCode(code));
}
