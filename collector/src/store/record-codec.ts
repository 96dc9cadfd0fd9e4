import { createHash } from 'node:crypto';
import { Attributes, type AttributeValue } from '../telemetry/attributes.ts';
import { splitText } from './text-pieces.ts';

/**
 * How attribute values stand in JSON columns: plain JSON where JSON can say it, else an object with one `$` key:
 * `{$i: "…"}` a 64-bit integer, `{$b: "…"}` base64 bytes, `{$m: {…}}` a kvlist, `{$n: "NaN"}` a number JSON lacks,
 * `{$t: […]}` a long text as pieces: each a literal, `[hash]` of a text in `contents`, or `[hash, 1]` of a list of
 * pieces there. Lists are folded from the front, so a conversation's calls share the lists of its older messages.
 */
export type StoredValue = unknown;

const INLINE_LIMIT = 256;
const HASHED_FROM = 96;
const HASH_BYTES = 16;
const FOLD_GROUP = 8;
/** Below this a list is cheaper as it stands than as a row of its own. */
const FOLD_FROM = 12;

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
  const pieces = splitText(text).map((piece): Piece => {
    if (piece.length < HASHED_FROM) return piece;
    return [store(piece, bodies)];
  });
  return { $t: fold(pieces, bodies) };
}

type Piece = string | [hash: string] | [hash: string, isList: 1];

function store(body: string, bodies: Bodies): string {
  const hash = contentHash(body);
  bodies.set(hash, body);
  return hash;
}

/** Replaces every full group at the front by one reference, level by level. */
function fold(pieces: Piece[], bodies: Bodies): Piece[] {
  if (pieces.length < FOLD_FROM) return pieces;
  const full = Math.floor(pieces.length / FOLD_GROUP) * FOLD_GROUP;
  const folded: Piece[] = [];
  for (let at = 0; at < full; at += FOLD_GROUP) {
    folded.push([store(JSON.stringify(pieces.slice(at, at + FOLD_GROUP)), bodies), 1]);
  }
  return [...fold(folded, bodies), ...pieces.slice(full)];
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
      const [hash, isList] = Array.isArray(piece) ? (piece as unknown[]) : [];
      const body = bodyOf(String(hash));
      if (body === undefined) return `[content ${String(hash)} is no longer stored]`;
      return isList === 1 ? joinPieces(JSON.parse(body) as unknown[], bodyOf) : body;
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

/** Hashes that stored values refer to: of texts, and of lists whose pieces are hashes again. */
export interface Hashes {
  texts: Set<string>;
  lists: Set<string>;
}

/** Collects the hashes a stored value refers to. */
export function collectHashes(stored: StoredValue, into: Hashes): void {
  if (typeof stored !== 'object' || stored === null) return;
  if (Array.isArray(stored)) {
    for (const item of stored) collectHashes(item, into);
    return;
  }
  const tagged = stored as Record<string, unknown>;
  if (Array.isArray(tagged['$t'])) return collectPieces(tagged['$t'], into);
  for (const value of Object.values(tagged)) collectHashes(value, into);
}

/** Collects the hashes in a list of pieces. */
export function collectPieces(pieces: unknown[], into: Hashes): void {
  for (const piece of pieces) {
    if (!Array.isArray(piece)) continue;
    const [hash, isList] = piece as unknown[];
    (isList === 1 ? into.lists : into.texts).add(String(hash));
  }
}
