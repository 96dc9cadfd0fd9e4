import { isAlphanumeric } from '../characters.ts';
import { isLocalCode } from './email-names.ts';

const VERSION = /^v?\d+\.\d|^\dx(?:\.|$)/;
const FILE =
  /\.(?:png|jpe?g|gif|webp|svg|avif|ico|pdf|csv|zip|gz|tgz|tar|[mc]?[jt]s|[jt]sx|vue|s?css|less|json|html?|xml|ya?ml|toml|txt|map|log|conf|cfg|ini|lock|exe|dll|cpp|hpp|java|kt|go|rb|php|service|socket|timer|target|mount|slice)$/i;
// Names nobody can own (RFC 2606): documents are full of them.
const RESERVED = /(?:^|\.)(?:example(?:\.(?:com|org|net|edu))?|test|invalid|localhost)$/i;
const ENCODED_LAST = /xn--[a-z0-9-]{2,59}/iy;
const LONGEST = 253;
const LONGEST_LABEL = 63;
const MOST_LABELS = 32;
const [SHORTEST_LAST, LONGEST_LAST] = [2, 24];
const MOST_KNOWN = 1024;
const DOT = 46;
const HYPHEN = 45;
const UNDERSCORE = 95;
const BRACKET = 40;
const FIRST_BEYOND_ASCII = 128;

// Hosts repeat, and asking three patterns is dear.
const known = new Map<string, number>();

/** End of the host that begins at `start` and could take mail; -1 when none does. */
export function endOfMailHost(text: string, start: number): number {
  const end = endOfHost(text, start);
  if (end < 0) return -1;
  const written = text.slice(start, end);
  let length = known.get(written);
  if (length === undefined) {
    if (known.size >= MOST_KNOWN) known.clear();
    length = lengthOfHost(written);
    known.set(written, length);
  }
  return length < 0 ? -1 : start + length;
}

/** Whether the name that begins at `start` has a dot in it: a cheap question to ask before the dear ones. */
export function reachesDot(text: string, start: number): boolean {
  const end = endOfLabel(text, start, LONGEST);
  return end > start && text.charCodeAt(end) === DOT;
}

function lengthOfHost(written: string): number {
  // A file may be named after an address: `anna@host.org.csv`.
  const host = written.replace(FILE, '');
  return VERSION.test(host) || !host.includes('.') || RESERVED.test(host) ? -1 : host.length;
}

// Parts with dots between them, as many as fit. By hand: a pattern of letters of all scripts takes 100 ns a try.
function endOfHost(text: string, start: number): number {
  let end = -1;
  let from = start;
  for (let labels = 0; labels <= MOST_LABELS; labels++) {
    const to = endOfLabel(text, from, LONGEST_LABEL);
    const last = labels === 0 ? -1 : endOfLast(text, from, to);
    if (last >= 0) end = last;
    const isWhole = to > from && text.charCodeAt(from) !== HYPHEN && text.charCodeAt(to - 1) !== HYPHEN;
    if (!isWhole || text.charCodeAt(to) !== DOT) return end;
    from = to + 1;
  }
  return end;
}

function endOfLabel(text: string, from: number, most: number): number {
  let at = from;
  while (at - from < most && isHostCode(text.charCodeAt(at))) at++;
  return at;
}

function isHostCode(code: number): boolean {
  if (code < FIRST_BEYOND_ASCII) return code === HYPHEN || isAlphanumeric(code);
  return isLocalCode(code);
}

// The last part tells a host from a version, a method and a picture: letters of one case, or of another script.
function endOfLast(text: string, from: number, to: number): number {
  if (text.charCodeAt(from + 2) === HYPHEN) return endOfEncoded(text, from);
  const isSame = sameKindAs(text.charCodeAt(from));
  let at = from;
  while (at < to && isSame(text.charCodeAt(at))) at++;
  const length = at - from;
  return length < SHORTEST_LAST || length > LONGEST_LAST || goesOnAsHost(text, at) ? -1 : at;
}

function endOfEncoded(text: string, from: number): number {
  ENCODED_LAST.lastIndex = from;
  if (!ENCODED_LAST.test(text)) return -1;
  const end = ENCODED_LAST.lastIndex;
  return goesOnAsHost(text, end) ? -1 : end;
}

function sameKindAs(code: number): (other: number) => boolean {
  if (code >= FIRST_BEYOND_ASCII) return isBeyondAscii;
  return code >= 97 ? isSmall : isCapital;
}

function isBeyondAscii(code: number): boolean {
  return code >= FIRST_BEYOND_ASCII;
}

function isSmall(code: number): boolean {
  return code >= 97 && code <= 122;
}

function isCapital(code: number): boolean {
  return code >= 65 && code <= 90;
}

// With a letter, a digit, a hyphen before one, a dot before a small one; a bracket makes it a method.
function goesOnAsHost(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  const next = text.charCodeAt(at + 1);
  if (code === DOT) return isAlphanumeric(next) && !isCapital(next);
  if (code === HYPHEN) return isWord(next);
  return code === BRACKET || isWord(code);
}

function isWord(code: number): boolean {
  return code === UNDERSCORE || isAlphanumeric(code);
}
