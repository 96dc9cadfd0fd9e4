import { BACKSLASH } from './characters.ts';

/** A text with its disguises taken off, and where each of its characters came from. */
export interface NormalisedView {
  text: string;
  /** Start of character `at` in the original; one more entry than characters. */
  origins: Uint32Array;
}

const DISGUISE = /[\u00ad\u180e\u200b-\u200f\u2060-\u2064\ufeff]|%[2-7][0-9A-Fa-f]|\\u00[2-7]/;
const PERCENT = 37;
const LETTER_U = 117;
const MOST_ESCAPES = 64;
const LAST_ONE_BYTE = 0xff;

/** The view without zero-width characters, with percent-encoding and `\u00xx` undone; undefined when nothing is disguised. */
export function normalise(text: string): NormalisedView | undefined {
  return DISGUISE.test(text) ? new Unmasking(text).view() : undefined;
}

/**
 * Goes through a text once, character by character, into arrays. Taking the pieces apart with a pattern costs 100 bytes of
 * garbage a piece, and a text may be nothing but pieces: 130 ms a megabyte.
 */
class Unmasking {
  readonly #text: string;
  readonly #codes: Uint16Array;
  readonly #origins: Uint32Array;
  #length = 0;
  #widest = 0;

  constructor(text: string) {
    this.#text = text;
    this.#codes = new Uint16Array(text.length);
    this.#origins = new Uint32Array(text.length + 1);
  }

  view(): NormalisedView {
    const text = this.#text;
    for (let at = 0; at < text.length;) {
      const code = text.charCodeAt(at);
      if (isInvisible(code)) at++;
      else if (code === PERCENT) at = this.#percent(at);
      else if (code === BACKSLASH) at = this.#escape(at);
      else this.#put(code, at++);
    }
    this.#origins[this.#length] = text.length;
    return { text: this.#written(), origins: this.#origins };
  }

  #percent(at: number): number {
    const code = hexPair(this.#text, at + 1);
    this.#put(code < 0 ? PERCENT : code, at);
    return code < 0 ? at + 1 : at + 3;
  }

  // However deep the JSON is in which the escape stands, its backslashes go with it.
  #escape(start: number): number {
    const text = this.#text;
    let at = start;
    while (at - start < MOST_ESCAPES && text.charCodeAt(at) === BACKSLASH) at++;
    const isEscape = text.charCodeAt(at) === LETTER_U && text.startsWith('00', at + 1);
    const code = isEscape ? hexPair(text, at + 3) : -1;
    if (code >= 0) {
      this.#put(code, start);
      return at + 5;
    }
    for (let each = start; each < at; each++) this.#put(BACKSLASH, each);
    return at;
  }

  #put(code: number, origin: number): void {
    this.#codes[this.#length] = code;
    this.#origins[this.#length++] = origin;
    if (code > this.#widest) this.#widest = code;
  }

  // A text of one byte a character is scanned faster.
  #written(): string {
    const codes = this.#codes.subarray(0, this.#length);
    if (this.#widest <= LAST_ONE_BYTE) return Buffer.from(codes).toString('latin1');
    return Buffer.from(codes.buffer, 0, codes.byteLength).toString('utf16le');
  }
}

function isInvisible(code: number): boolean {
  if (code < 0x200b) return code === 0xad || code === 0x180e;
  return code <= 0x200f || (code >= 0x2060 && code <= 0x2064) || code === 0xfeff;
}

/** Character that two hexadecimal digits from 20 to 7f stand for, or -1. */
function hexPair(text: string, at: number): number {
  const [high, low] = [text.charCodeAt(at), text.charCodeAt(at + 1)];
  return high >= 50 && high <= 55 && hexDigit(low) >= 0 ? (high - 48) * 16 + hexDigit(low) : -1;
}

function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}
