/** Whether a character code is that of a digit. */
export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Whether a character code is that of a Latin letter or a digit. */
export function isAlphanumeric(code: number): boolean {
  return isDigit(code) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}

const JSON_BEFORE = /[:[,]\s{0,4}$/;
const JSON_AFTER = /^\s{0,4}[,}\]]/;
const REACH = 5;

/** Whether the digits from `start` to `end` stand where JSON has a number, which must stay one. */
export function isJsonNumber(text: string, start: number, end: number): boolean {
  return (
    JSON_BEFORE.test(text.slice(Math.max(0, start - REACH), start)) &&
    JSON_AFTER.test(text.slice(end, end + REACH)) &&
    /^\d+$/.test(text.slice(start, end))
  );
}

const ESCAPE_LETTERS = 'nrtbf';

/** Whether what begins at `at` goes on from a letter, a digit or a decimal point before it; `\n` written out is none. */
export function continuesWord(text: string, at: number): boolean {
  if (at === 0) return false;
  const before = text[at - 1] ?? '';
  if (text[at - 2] === '\\' && ESCAPE_LETTERS.includes(before)) return false;
  return /[\p{L}\p{N}_.,/+#-]/u.test(before) && !(before === ',' && !isDigit(text.charCodeAt(at - 2)));
}

/** Whether a number that ends at `at` goes on: with a letter, a digit, or a sign and a digit. */
export function goesOn(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (Number.isNaN(code)) return false;
  if (code === 45 || code === 46 || code === 44 || code === 47) return isDigit(text.charCodeAt(at + 1));
  return /[\p{L}\p{N}_]/u.test(text[at] ?? '');
}
