const SLOTS = 4096;
const LONGEST = 48;

/**
 * Strings by the hash of their UTF-8 bytes. Attribute keys, names and enum-like values repeat in every span, and making
 * a string is the dearest part of decoding. One entry per slot, the latest wins: hostile keys cost a plain decode, never
 * a long chain, and memory stays bounded.
 */
export class StringCache {
  readonly #entries: string[] = new Array<string>(SLOTS).fill('');

  /** Longest byte length worth looking up; longer texts rarely repeat. */
  static readonly longest = LONGEST;

  /** The string of ASCII bytes `[from, to)`, or undefined when the bytes are not plain ASCII without NUL. */
  get(bytes: Buffer, from: number, to: number): string | undefined {
    let hash = to - from;
    for (let at = from; at < to; at++) {
      const byte = bytes[at] as number;
      if (byte === 0 || byte > 127) return undefined;
      hash = (Math.imul(hash, 31) + byte) | 0;
    }
    const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    const known = this.#entries[slot] as string;
    if (isSame(known, bytes, from, to)) return known;
    const made = bytes.toString('latin1', from, to);
    this.#entries[slot] = made;
    return made;
  }
}

function isSame(known: string, bytes: Buffer, from: number, to: number): boolean {
  if (known.length !== to - from) return false;
  for (let at = 0; at < known.length; at++) {
    if (known.charCodeAt(at) !== bytes[from + at]) return false;
  }
  return true;
}
