export const BACKSLASH = 92;

/** Whether a character code is that of a digit. */
export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Whether a character code is that of a Latin letter or a digit. */
export function isAlphanumeric(code: number): boolean {
  return isDigit(code) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}

/** Whether a character code is that of `n`, `r`, `t`, `b` or `f`: with a backslash before, white space written out. */
export function isEscapeLetter(code: number): boolean {
  return code === 110 || code === 114 || code === 116 || code === 98 || code === 102;
}
