import { createHash } from 'node:crypto';
import { Attributes, type AttributeValue } from '../telemetry/attributes.ts';
import { splitText } from './text-pieces.ts';

/**
 * How attribute values stand in JSON columns: plain JSON where JSON can say it, else an object with one `$` key:
 * `{$i: "…"}` a 64-bit integer, `{$b: "…"}` base64 bytes, `{$m: {…}}` a kvlist, `{$n: "NaN"}` a number JSON lacks,
 * `{$t: […]}` a long text as pieces, each a literal or `[hash]` of a row in `contents`.
 */
export type StoredValue = unknown;

const INLINE_LIMIT = 256;
const HASHED_FROM = 96;
const HASH_BYTES = 16;

/** Bodies met while encoding, by base64url hash. */
export type Bodies = Map<string, string>;

/** Content hash of a text: the first 128 bits of its SHA-256. */
export function contentHash(text: string): string {
  return createHash('sha256').update(text).digest().subarray(0, HASH_BYTES).toString('base64url');
}

/** Encodes one value, adding its long texts to `bodies`. */
export function encodeValue(value: AttributeValue, bodies: Bodies): StoredValue {
  if (typeof value === 'string') return encodeText(value, bodies);
  if (typeof value === 'bigint') return { $i: value.toString() };
  if (typeof value === 'number') return Number.isFinite(value) ? value : { $n: String(value) };
  if (typeof value === 'boolean' || value === null) return value;
  if (value instanceof Uint8Array) return { $b: Buffer.from(value).toString('base64') };
  if (value instanceof Attributes) return { $m: encodeAttributes(value, bodies) };
  return value.map((item) => encodeValue(item, bodies));
}

/** Encodes a whole attribute list as one object; of a repeated key the last value stays. */
export function encodeAttributes(attributes: Attributes, bodies: Bodies): Record<string, StoredValue> {
  const stored = Object.create(null) as Record<string, StoredValue>;
  for (const [key, value] of attributes.entries()) stored[key] = encodeValue(value, bodies);
  return stored;
}

function encodeText(text: string, bodies: Bodies): StoredValue {
  if (text.length < INLINE_LIMIT) return text;
  const pieces = splitText(text).map((piece) => {
    if (piece.length < HASHED_FROM) return piece;
    const hash = contentHash(piece);
    bodies.set(hash, piece);
    return [hash];
  });
  return { $t: pieces };
}

/** Reads back what {@link encodeValue} wrote. A missing body reads as a marker, never as silence. */
export function decodeValue(stored: StoredValue, bodyOf: (hash: string) => string | undefined): AttributeValue {
  if (stored === null || stored === undefined) return null;
  if (typeof stored === 'string' || typeof stored === 'number' || typeof stored === 'boolean') return stored;
  if (Array.isArray(stored)) return stored.map((item) => decodeValue(item, bodyOf));
  const tagged = stored as Record<string, unknown>;
  if (typeof tagged['$i'] === 'string') return BigInt(tagged['$i']);
  if (typeof tagged['$n'] === 'string') return Number(tagged['$n']);
  if (typeof tagged['$b'] === 'string') return new Uint8Array(Buffer.from(tagged['$b'], 'base64'));
  if (Array.isArray(tagged['$t'])) return joinPieces(tagged['$t'], bodyOf);
  return decodeAttributes(tagged['$m'] ?? {}, bodyOf);
}

function joinPieces(pieces: unknown[], bodyOf: (hash: string) => string | undefined): string {
  return pieces
    .map((piece) => {
      if (typeof piece === 'string') return piece;
      const hash = Array.isArray(piece) ? String(piece[0]) : '';
      return bodyOf(hash) ?? `[content ${hash} is no longer stored]`;
    })
    .join('');
}

/** Reads back an attribute list. */
export function decodeAttributes(stored: StoredValue, bodyOf: (hash: string) => string | undefined): Attributes {
  const entries = Object.entries((stored ?? {}) as Record<string, unknown>);
  return new Attributes(
    entries.map(([key]) => key),
    entries.map(([, value]) => decodeValue(value, bodyOf)),
  );
}

/** Collects the hashes a stored value refers to. */
export function collectHashes(stored: StoredValue, into: Set<string>): void {
  if (typeof stored !== 'object' || stored === null) return;
  if (Array.isArray(stored)) {
    for (const item of stored) collectHashes(item, into);
    return;
  }
  const tagged = stored as Record<string, unknown>;
  if (Array.isArray(tagged['$t'])) {
    for (const piece of tagged['$t']) if (Array.isArray(piece)) into.add(String(piece[0]));
    return;
  }
  for (const value of Object.values(tagged)) collectHashes(value, into);
}
