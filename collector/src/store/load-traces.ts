import type pg from 'pg';
import type { KnownEvent, Stored, StoredTrace } from '../ingest/trace-store.ts';
import { type Attributes, NO_ATTRIBUTES } from '../telemetry/attributes.ts';
import type { LogRecord, Scope, SpanRecord } from '../telemetry/records.ts';
import { readContents } from './contents.ts';
import { collectHashes, collectPieces, decodeAttributes, decodeValue, type Hashes } from './record-codec.ts';
import { runIdOf, traceIdOf } from '../telemetry/time.ts';

interface RunRow {
  id: string;
  bucket: string;
  version: bigint;
  first_seen: Date;
  status: string;
}

interface SpanRow {
  run_id: string;
  span_id: string;
  version_hash: Buffer;
  parent_span_id: string | null;
  name: string;
  kind: number;
  started_ns: bigint;
  ended_ns: bigint;
  status_code: number;
  status_message: string;
  attributes: unknown;
  events: [string, string, unknown][] | null;
  links: [string, string, unknown][] | null;
  scope: StoredScope | null;
  resource_hash: Buffer;
}

interface LogRow {
  run_id: string;
  log_hash: Buffer;
  has_trace: boolean;
  span_id: string | null;
  time_ns: bigint;
  severity_number: number;
  severity_text: string;
  event_name: string;
  body: unknown;
  attributes: unknown;
  scope: StoredScope | null;
  resource_hash: Buffer;
}

interface EventRow {
  run_id: string;
  id: string;
  fingerprint: Buffer;
  revision: number;
  removed: boolean;
  received_at: Date;
}

interface StoredScope {
  n: string;
  v: string;
  a?: unknown;
}

type BodyOf = (hash: string) => string | undefined;

/** Reads traces back as they were received, so that derivation can go on from them. */
export async function loadTraces(pool: pg.Pool, traceIds: readonly string[]): Promise<StoredTrace[]> {
  const { rows: runs } = await pool.query<RunRow>(
    `select id, bucket::text as bucket, version, first_seen, status from runs where id = any($1)`,
    [traceIds.map(runIdOf)],
  );
  if (runs.length === 0) return [];
  const where = [runs.map((run) => run.id), [...new Set(runs.map((run) => run.bucket))]];
  const [spans, logs, events] = await Promise.all([
    pool.query<SpanRow>('select * from spans where run_id = any($1) and bucket = any($2::date[])', where),
    pool.query<LogRow>('select * from log_records where run_id = any($1) and bucket = any($2::date[])', where),
    pool.query<EventRow>(
      'select run_id, id, fingerprint, revision, removed, received_at from events where run_id = any($1) and bucket = any($2::date[])',
      where,
    ),
  ]);
  const bodies = await readBodies(pool, spans.rows, logs.rows);
  const bodyOf: BodyOf = (hash) => bodies.get(hash);
  const resources = new Map<string, Attributes>();
  const resourceOf = (hash: Buffer): Attributes => {
    const key = hash.toString('base64url');
    const known = resources.get(key);
    if (known) return known;
    const made = readResource(bodies.get(key), bodyOf);
    resources.set(key, made);
    return made;
  };
  return runs.map((run) => ({
    traceId: traceIdOf(run.id),
    bucket: run.bucket,
    version: run.version,
    firstSeen: run.first_seen,
    lost: run.status === 'lost',
    spans: spans.rows.filter((row) => row.run_id === run.id).map((row) => readSpan(row, bodyOf, resourceOf)),
    logs: logs.rows.filter((row) => row.run_id === run.id).map((row) => readLog(row, bodyOf, resourceOf)),
    events: new Map(events.rows.filter((row) => row.run_id === run.id).map(readKnownEvent)),
  }));
}

async function readBodies(pool: pg.Pool, spans: SpanRow[], logs: LogRow[]): Promise<Map<string, string>> {
  const hashes: Hashes = { texts: new Set(), lists: new Set() };
  const resources = new Set<string>();
  for (const row of spans) {
    for (const stored of [row.attributes, row.events, row.links, row.scope]) collectHashes(stored, hashes);
  }
  for (const row of logs) for (const stored of [row.attributes, row.body, row.scope]) collectHashes(stored, hashes);
  for (const row of [...spans, ...logs]) resources.add(row.resource_hash.toString('base64url'));
  const bodies = await readContents(pool, resources);
  for (const text of bodies.values()) collectHashes(JSON.parse(text), hashes);
  await readPieces(pool, hashes, bodies);
  return bodies;
}

/** Reads texts and lists, and what the lists name, until nothing is missing. */
async function readPieces(pool: pg.Pool, hashes: Hashes, bodies: Map<string, string>): Promise<void> {
  let { lists } = hashes;
  while (lists.size > 0) {
    const next: Hashes = { texts: hashes.texts, lists: new Set() };
    for (const [hash, text] of await readContents(pool, lists)) {
      bodies.set(hash, text);
      collectPieces(JSON.parse(text) as unknown[], next);
    }
    lists = new Set([...next.lists].filter((hash) => !bodies.has(hash)));
  }
  for (const [hash, text] of await readContents(pool, hashes.texts)) bodies.set(hash, text);
}

function readResource(text: string | undefined, bodyOf: BodyOf): Attributes {
  return text === undefined ? NO_ATTRIBUTES : decodeAttributes(JSON.parse(text), bodyOf);
}

function readScope(stored: StoredScope | null, bodyOf: BodyOf): Scope {
  if (stored === null) return { name: '', version: '', attributes: NO_ATTRIBUTES };
  return {
    name: stored.n,
    version: stored.v,
    attributes: stored.a === undefined ? NO_ATTRIBUTES : decodeAttributes(stored.a, bodyOf),
  };
}

function readSpan(row: SpanRow, bodyOf: BodyOf, resourceOf: (hash: Buffer) => Attributes): Stored<SpanRecord> {
  return {
    hash: row.version_hash.toString('base64url'),
    record: {
      traceId: traceIdOf(row.run_id),
      spanId: row.span_id,
      parentSpanId: row.parent_span_id,
      name: row.name,
      kind: row.kind,
      startNs: row.started_ns,
      endNs: row.ended_ns,
      statusCode: row.status_code,
      statusMessage: row.status_message,
      attributes: decodeAttributes(row.attributes, bodyOf),
      events: (row.events ?? []).map(([name, time, stored]) => ({
        name,
        timeNs: BigInt(time),
        attributes: decodeAttributes(stored, bodyOf),
      })),
      links: (row.links ?? []).map(([traceId, spanId, stored]) => ({
        traceId,
        spanId,
        attributes: decodeAttributes(stored, bodyOf),
      })),
      scope: readScope(row.scope, bodyOf),
      resource: resourceOf(row.resource_hash),
    },
  };
}

function readLog(row: LogRow, bodyOf: BodyOf, resourceOf: (hash: Buffer) => Attributes): Stored<LogRecord> {
  return {
    hash: row.log_hash.toString('base64url'),
    record: {
      traceId: row.has_trace ? traceIdOf(row.run_id) : null,
      spanId: row.span_id,
      timeNs: row.time_ns,
      severityNumber: row.severity_number,
      severityText: row.severity_text,
      eventName: row.event_name,
      body: decodeValue(row.body, bodyOf),
      attributes: decodeAttributes(row.attributes, bodyOf),
      scope: readScope(row.scope, bodyOf),
      resource: resourceOf(row.resource_hash),
    },
  };
}

function readKnownEvent(row: EventRow): [string, KnownEvent] {
  const { revision, removed, received_at: receivedAt } = row;
  return [row.id, { fingerprint: row.fingerprint.toString('base64url'), revision, removed, receivedAt }];
}
