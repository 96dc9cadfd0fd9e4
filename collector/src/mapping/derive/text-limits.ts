import { canonicalJson } from '../reading/coerce.ts';

/** One line of at most `length` characters; line breaks and runs of blanks become one blank. */
export function oneLine(text: string, length: number): string {
  // Most texts are tidy already; looking costs a fifth of rewriting, and every derivation asks again.
  if (text.length <= length && !UNTIDY.test(text)) return text;
  if (text.length > length && !UNTIDY.test(`${text.slice(0, length)}.`)) return `${wholeCharacters(text, length - 1)}…`;
  // Only the beginning can matter: cutting first keeps the cost flat for huge bodies.
  const line = text
    .slice(0, length * 4)
    .replace(/\s+/g, ' ')
    .trim();
  return line.length <= length ? line : `${wholeCharacters(line, length - 1)}…`;
}

const UNTIDY = /^\s|\s$|\s\s|[^\S ]/;

/** A cut must not split a surrogate pair: half of one is no valid text for the database. */
function wholeCharacters(text: string, length: number): string {
  const cut = text.slice(0, length);
  return /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut;
}

/** A value as a short text for feed rows. */
export function valueLine(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : plainJson(value);
}

function plainJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return canonicalJson(value);
  }
}
