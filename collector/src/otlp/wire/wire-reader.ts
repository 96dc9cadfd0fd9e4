import { DecodeError } from './decode-error.ts';
import { MAX_TIME_NS } from './limits.ts';
import { toSliceable, type SliceableBuffer } from './sliceable-buffer.ts';
import { StringCache } from './string-cache.ts';

const MAX_GROUP_DEPTH = 64;
const NO_ID = '';

/**
 * Cursor over protobuf bytes (protobuf.dev encoding). Every read checks its end, so damaged input ends in a
 * {@link DecodeError} and never in a hang or a foreign exception. Callers switch on the raw tag `field << 3 | wire type`:
 * a known field with an unexpected wire type is thereby skipped as unknown, as protobuf demands.
 */
export class WireReader {
  readonly bytes: SliceableBuffer;
  readonly #view: DataView;
  readonly #strings: StringCache;
  #idAt = -1;
  #id = NO_ID;
  pos = 0;
  /** Values the attribute being read may still hold. */
  nodes = 0;

  constructor(bytes: Uint8Array, strings: StringCache) {
    this.bytes = toSliceable(bytes);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#strings = strings;
  }

  /** Next tag. */
  tag(end: number): number {
    const tag = this.varint32(end);
    if (tag >>> 3 === 0) throw new DecodeError('field number 0');
    return tag;
  }

  /** Low 32 bits of a varint, unsigned. */
  varint32(end: number): number {
    const { bytes } = this;
    if (this.pos >= end) throw truncated();
    const first = bytes[this.pos++] as number;
    if (first < 128) return first;
    let value = first & 127;
    for (let shift = 7; shift < 70; shift += 7) {
      if (this.pos >= end) throw truncated();
      const byte = bytes[this.pos++] as number;
      if (shift < 32) value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
    throw new DecodeError('varint longer than 10 bytes');
  }

  /** Signed 64-bit varint: a number while it is exact, else a bigint. */
  int64(end: number): number | bigint {
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.pos >= end) throw truncated();
      const byte = this.bytes[this.pos++] as number;
      const bits = byte & 127;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high = bits >>> 4;
      } else if (shift < 64) high |= bits << (shift - 32);
      if (byte < 128) return signed(low >>> 0, high | 0);
    }
    throw new DecodeError('varint longer than 10 bytes');
  }

  /** Signed 32-bit zigzag varint (`sint32`). */
  sint32(end: number): number {
    const raw = this.varint32(end);
    return (raw >>> 1) ^ -(raw & 1);
  }

  /** Nanoseconds (`fixed64`), clamped to what PostgreSQL's bigint can hold. */
  timeNs(end: number): bigint {
    const at = this.#take(8, end);
    return ((this.bytes[at + 7] as number) & 128) === 0 ? this.#view.getBigUint64(at, true) : MAX_TIME_NS;
  }

  /** Unsigned 64-bit count (`fixed64`); counts beyond 2^53 lose their last digits. */
  fixed64(end: number): number {
    const at = this.#take(8, end);
    return this.#view.getUint32(at + 4, true) * 4_294_967_296 + this.#view.getUint32(at, true);
  }

  /** Signed 64-bit number (`sfixed64`). */
  sfixed64(end: number): number {
    const at = this.#take(8, end);
    return this.#view.getInt32(at + 4, true) * 4_294_967_296 + this.#view.getUint32(at, true);
  }

  double(end: number): number {
    return this.#view.getFloat64(this.#take(8, end), true);
  }

  /** Reads a length and returns where the delimited field ends. */
  until(end: number): number {
    const length = this.varint32(end);
    const to = this.pos + length;
    if (to > end) throw truncated();
    return to;
  }

  /** Text field; broken UTF-8 and NUL, which PostgreSQL cannot store, become U+FFFD. */
  text(end: number): string {
    const to = this.until(end);
    const from = this.pos;
    this.pos = to;
    if (from === to) return '';
    if (StringCache.isFit(to - from)) {
      const known = this.#strings.get(this.bytes, this.#view, from, to);
      if (known !== undefined) return known;
    }
    const text = this.bytes.utf8Slice(from, to);
    return text.includes('\0') ? text.replaceAll('\0', '\ufffd') : text;
  }

  /** Copy of a bytes field, so that a small value does not keep a whole request alive. */
  blob(end: number): Uint8Array {
    const to = this.until(end);
    const copy = Uint8Array.prototype.slice.call(this.bytes, this.pos, to);
    this.pos = to;
    return copy;
  }

  /** Id field as lower-case hex; empty when it is absent or all zero, null when its length is wrong. */
  id(length: number, end: number): string | null {
    const to = this.until(end);
    const from = this.pos;
    this.pos = to;
    if (from === to) return NO_ID;
    if (to - from !== length) return null;
    if (this.#isZero(from, to)) return NO_ID;
    if (length === 16) return this.#traceId(from, to);
    return this.bytes.hexSlice(from, to);
  }

  /** Steps over an unknown field. Groups are walked without recursion and only so deep. */
  skip(tag: number, end: number): void {
    const open: number[] = [];
    let current = tag;
    for (;;) {
      this.#skipOne(current, end, open);
      if (open.length === 0) return;
      current = this.tag(end);
    }
  }

  #skipOne(tag: number, end: number, open: number[]): void {
    switch (tag & 7) {
      case 0:
        this.int64(end);
        return;
      case 1:
        this.#take(8, end);
        return;
      case 2:
        this.pos = this.until(end);
        return;
      case 3:
        if (open.push(tag >>> 3) > MAX_GROUP_DEPTH) throw new DecodeError('groups nested too deeply');
        return;
      case 4:
        if (open.pop() !== tag >>> 3) throw new DecodeError('group ends that did not start');
        return;
      case 5:
        this.#take(4, end);
        return;
      default:
        throw new DecodeError('unknown wire type');
    }
  }

  // Neighbouring spans mostly belong to one trace: comparing 16 bytes is cheaper than making a string.
  #traceId(from: number, to: number): string {
    if (this.#idAt < 0 || !this.#isEqual(this.#idAt, from)) {
      this.#idAt = from;
      this.#id = this.bytes.hexSlice(from, to);
    }
    return this.#id;
  }

  #isEqual(one: number, other: number): boolean {
    for (let at = 0; at < 16; at++) {
      if (this.bytes[one + at] !== this.bytes[other + at]) return false;
    }
    return true;
  }

  #isZero(from: number, to: number): boolean {
    for (let at = from; at < to; at++) {
      if (this.bytes[at] !== 0) return false;
    }
    return true;
  }

  #take(size: number, end: number): number {
    const at = this.pos;
    if (at + size > end) throw truncated();
    this.pos = at + size;
    return at;
  }
}

function signed(low: number, high: number): number | bigint {
  const value = high * 4_294_967_296 + low;
  return Number.isSafeInteger(value) ? value : (BigInt(high) << 32n) | BigInt(low);
}

function truncated(): DecodeError {
  return new DecodeError('field reaches beyond its message');
}
