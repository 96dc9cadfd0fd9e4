import type pg from 'pg';
import {
  PoisonError,
  StaleTraceError,
  type CommitUnit,
  type QuarantinedRecord,
  type StoredTrace,
  type TraceStore,
} from '../ingest/trace-store.ts';
import { writeUnit, type WritePath } from './commit-traces.ts';
import { ContentCache } from './contents.ts';
import { loadTraces } from './load-traces.ts';
import { encodeAttributes, encodeValue, type Bodies } from './record-codec.ts';
import type { MetricPoint } from '../telemetry/records.ts';
import { traceIdOf } from '../telemetry/time.ts';
import { readFacts, readStatesBefore, readTracesAfter, readWanting } from './trace-facts.ts';

const UNIQUE_VIOLATION = '23505';
/** Data exceptions, integrity violations and program limits: the data is at fault, not the moment. */
const POISON_CLASSES = new Set(['22', '23', '54']);
const CHECK_VIOLATION = '23514';

/** The {@link TraceStore} on PostgreSQL, over the connections of `pool`. */
export function createPostgresTraceStore(pool: pg.Pool): TraceStore {
  const contents = new ContentCache();
  const buckets = new Set<string>();

  async function ensureBuckets(unit: CommitUnit): Promise<void> {
    for (const { bucket } of unit.traces) {
      if (buckets.has(bucket)) continue;
      await pool.query('select ensure_bucket($1::date)', [bucket]);
      buckets.add(bucket);
    }
  }

  async function commitOnce(unit: CommitUnit, path: WritePath): Promise<MetricPoint[]> {
    const client = await pool.connect();
    let broken: Error | undefined;
    try {
      await client.query('begin');
      const { written, refused } = await writeUnit(client, unit, contents, path);
      await client.query('commit');
      contents.remember(written);
      return refused;
    } catch (error) {
      await client.query('rollback').catch((cause: unknown) => (broken = cause as Error));
      throw error;
    } finally {
      client.release(broken);
    }
  }

  return {
    load: (traceIds): Promise<StoredTrace[]> => loadTraces(pool, traceIds),
    facts: (keys) => readFacts(pool, keys),
    wanting: (keys) => readWanting(pool, keys),
    statesBefore: (states, except) => readStatesBefore(pool, states, except),
    tracesAfter: (states) => readTracesAfter(pool, states),
    quarantine: (records) => writeQuarantine(pool, records),
    silent: (since, limit) => readSilent(pool, since, limit),
    async commit(unit) {
      await ensureBuckets(unit);
      try {
        return await commitOnce(unit, 'copy').catch((error: unknown) => {
          if (sqlState(error) === UNIQUE_VIOLATION) return commitOnce(unit, 'upsert');
          throw error;
        });
      } catch (error) {
        throw classify(error, buckets);
      }
    },
  };
}

function sqlState(error: unknown): string {
  return (error as { code?: string }).code ?? '';
}

function classify(error: unknown, buckets: Set<string>): unknown {
  if (error instanceof StaleTraceError) return error;
  const state = sqlState(error);
  if (state === CHECK_VIOLATION && (error as { constraint?: string }).constraint === undefined) {
    // There is no partition for the row: retention dropped it under us. The next try makes it again.
    buckets.clear();
    return error;
  }
  if (POISON_CLASSES.has(state.slice(0, 2)) && state.length === 5)
    return new PoisonError(`SQLSTATE ${state}`, { cause: error });
  return error;
}

async function readSilent(pool: pg.Pool, since: Date, limit: number): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `select id from runs where status = 'in_progress' and last_seen < $1 order by last_seen limit $2`,
    [since, limit],
  );
  return rows.map((row) => traceIdOf(row.id));
}

async function writeQuarantine(pool: pg.Pool, records: readonly QuarantinedRecord[]): Promise<void> {
  for (const { signal, reason, record } of records) {
    await pool.query('insert into quarantine (signal, reason, record) values ($1, $2, $3)', [
      signal,
      reason,
      describe(record),
    ]);
  }
}

/** A record that did not fit its table, in a form that always fits: short texts, no NUL, no lone surrogates. */
function describe(record: QuarantinedRecord['record']): string {
  const bodies: Bodies = new Map();
  const text = JSON.stringify(
    { ...record, attributes: encodeAttributes(record.attributes, bodies) },
    (_key, value: unknown) => {
      if (typeof value === 'bigint') return value.toString();
      if (typeof value === 'string') return value.slice(0, 2000).toWellFormed().replaceAll('\0', '\uFFFD');
      return value;
    },
  );
  return text.length < 200_000 ? text : JSON.stringify(encodeValue(text.slice(0, 200_000), new Map()));
}
