import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type pg from 'pg';
import type { Bodies } from './record-codec.ts';

const UTF8 = 0;
const ZSTD = 1;
/** Below this zstd's frame costs more than it saves. */
const COMPRESS_FROM = 512;
const CACHE_LIMIT = 200_000;

/** Hashes known to be stored; a bounded memory that only saves work. */
export class ContentCache {
  #hashes = new Set<string>();

  has(hash: string): boolean {
    return this.#hashes.has(hash);
  }

  /** Call only after the transaction that wrote them has committed. */
  remember(hashes: Iterable<string>): void {
    for (const hash of hashes) {
      this.#hashes.add(hash);
      if (this.#hashes.size > CACHE_LIMIT) {
        const oldest = this.#hashes.values().next().value;
        if (oldest !== undefined) this.#hashes.delete(oldest);
      }
    }
  }
}

/** Stores the bodies that are not stored yet; returns the hashes to remember once the transaction has committed. */
export async function writeContents(client: pg.PoolClient, bodies: Bodies, cache: ContentCache): Promise<string[]> {
  const unseen = [...bodies.keys()].filter((hash) => !cache.has(hash)).sort();
  if (unseen.length === 0) return [];
  const packed = unseen.map((hash) => pack(bodies.get(hash) ?? ''));
  await client.query(
    `insert into contents (hash, encoding, bytes, first_seen, body)
     select hash, encoding, bytes, current_date, body
     from unnest($1::bytea[], $2::smallint[], $3::integer[], $4::bytea[]) as new (hash, encoding, bytes, body)
     on conflict do nothing`,
    [
      unseen.map((hash) => Buffer.from(hash, 'base64url')),
      packed.map((each) => each.encoding),
      packed.map((each) => each.bytes),
      packed.map((each) => each.body),
    ],
  );
  return unseen;
}

function pack(text: string): { encoding: number; bytes: number; body: Buffer } {
  const raw = Buffer.from(text, 'utf8');
  if (raw.length >= COMPRESS_FROM) {
    const small = zstdCompressSync(raw);
    if (small.length < raw.length * 0.9) return { encoding: ZSTD, bytes: raw.length, body: small };
  }
  return { encoding: UTF8, bytes: raw.length, body: raw };
}

/** Reads bodies by hash; those that are gone are missing in the answer. */
export async function readContents(
  client: pg.Pool | pg.PoolClient,
  hashes: ReadonlySet<string>,
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  if (hashes.size === 0) return found;
  const { rows } = await client.query<{ hash: Buffer; encoding: number; body: Buffer }>(
    'select hash, encoding, body from contents where hash = any($1)',
    [[...hashes].map((hash) => Buffer.from(hash, 'base64url'))],
  );
  for (const row of rows) {
    const raw = row.encoding === ZSTD ? zstdDecompressSync(row.body) : row.body;
    found.set(row.hash.toString('base64url'), raw.toString('utf8'));
  }
  return found;
}
