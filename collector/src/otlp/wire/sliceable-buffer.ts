/** Node's Buffer with the methods its `toString` ends in; called directly they save a third of a short string's cost. */
export interface SliceableBuffer extends Buffer {
  latin1Slice(from: number, to: number): string;
  utf8Slice(from: number, to: number): string;
  hexSlice(from: number, to: number): string;
}

/** The same bytes as a Buffer; nothing is copied. */
export function toSliceable(bytes: Uint8Array): SliceableBuffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) as unknown as SliceableBuffer;
}
