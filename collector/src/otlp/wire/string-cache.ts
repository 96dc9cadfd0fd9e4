import type { SliceableBuffer } from './sliceable-buffer.ts';

const SLOTS = 4096;
const ROOM = 64;

/**
 * Short strings by the hash of their UTF-8 bytes. Attribute keys, names and enum-like values repeat in every span, and
 * making a string is the dearest part of decoding. One entry per slot, the latest wins: hostile keys cost a plain
 * decode, never a long chain, and memory stays bounded. Bytes are hashed and compared four at a time, the last four
 * overlapping the ones before, which halves the time of a byte-wise cache.
 */
export class StringCache {
  readonly #strings: string[] = new Array<string>(SLOTS).fill('');
  readonly #bytes = new DataView(new ArrayBuffer(SLOTS * ROOM));

  /** Whether a text of that many bytes is worth looking up; longer texts rarely repeat. */
  static isFit(length: number): boolean {
    return length >= 4 && length <= ROOM;
  }

  /** The string of the bytes `[from, to)`, whose number {@link isFit}. Undefined unless they are ASCII without NUL. */
  get(bytes: SliceableBuffer, view: DataView, from: number, to: number): string | undefined {
    const last = to - 4;
    let word = view.getInt32(last, true);
    let hash = word ^ (to - from);
    let bits = word;
    for (let at = from; at < last; at += 4) {
      word = view.getInt32(at, true);
      bits |= word;
      hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) ^ word;
    }
    if ((bits & 0x80808080) !== 0) return undefined;
    hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
    const slot = (hash ^ (hash >>> 13)) & (SLOTS - 1);
    const known = this.#strings[slot] as string;
    if (known.length === to - from && this.#isSame(slot * ROOM - from, view, from, last)) return known;
    return this.#remember(slot, bytes, from, to);
  }

  #isSame(offset: number, view: DataView, from: number, last: number): boolean {
    const known = this.#bytes;
    for (let at = from; at < last; at += 4) {
      if (known.getInt32(offset + at) !== view.getInt32(at)) return false;
    }
    return known.getInt32(offset + last) === view.getInt32(last);
  }

  #remember(slot: number, bytes: SliceableBuffer, from: number, to: number): string | undefined {
    const text = bytes.latin1Slice(from, to);
    if (text.includes('\0')) return undefined;
    this.#strings[slot] = text;
    for (let at = from; at < to; at++) this.#bytes.setUint8(slot * ROOM + at - from, bytes[at] as number);
    return text;
  }
}
