import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { StaleTraceError, type CommitUnit, type TraceChange } from '../ingest/trace-store.ts';
import { writeContents, type ContentCache } from './contents.ts';
import { CopyBuffer } from './copy-binary.ts';
import {
  encodeEvent,
  encodeLog,
  encodeSpan,
  EVENT_COLUMNS,
  eventParameter,
  LOG_COLUMNS,
  SPAN_COLUMNS,
} from './encode-rows.ts';
import { writeMetrics } from './metrics.ts';
import type { Bodies } from './record-codec.ts';
import { writeFacts } from './trace-facts.ts';
import type { MetricPoint } from '../telemetry/records.ts';
import { nsFromTime, runIdOf } from '../telemetry/time.ts';

/** How rows reach the tables: COPY when all of them should be new, INSERT … ON CONFLICT when one turned out not to be. */
export type WritePath = 'copy' | 'upsert';

/** Writes one unit inside the caller's transaction; answers the bodies written and the metric points not kept. */
export async function writeUnit(
  client: pg.PoolClient,
  unit: CommitUnit,
  contents: ContentCache,
  path: WritePath,
): Promise<{ written: string[]; refused: MetricPoint[] }> {
  const bodies: Bodies = new Map();
  const spans = encodeAll(unit, (copy, change) => {
    for (const span of change.spans) encodeSpan(copy, change, span, bodies);
    return change.spans.length;
  });
  const logs = encodeAll(unit, (copy, change) => {
    for (const log of change.logs) encodeLog(copy, change, log, bodies);
    return change.logs.length;
  });
  await writeRuns(client, unit.traces);
  const written = await writeContents(client, bodies, contents);
  await writeCopy(client, { table: 'spans', columns: SPAN_COLUMNS, rows: spans, path });
  await writeCopy(client, { table: 'log_records', columns: LOG_COLUMNS, rows: logs, path });
  await writeEvents(client, unit.traces, path);
  await writeFacts(client, unit.traces);
  return { written, refused: await writeMetrics(client, unit.metrics) };
}

interface Rows {
  count: number;
  stream: Buffer;
}

function encodeAll(unit: CommitUnit, encode: (copy: CopyBuffer, change: TraceChange) => number): Rows {
  const copy = new CopyBuffer();
  let count = 0;
  for (const change of unit.traces) count += encode(copy, change);
  return { count, stream: copy.finish() };
}

async function copyInto(client: pg.PoolClient, target: string, stream: Buffer): Promise<void> {
  const sink = client.query(copyFrom(`copy ${target} from stdin (format binary)`));
  await pipeline([stream], sink);
}

/** With conflicts possible, rows go through a table of their own that lives as long as the transaction. */
async function writeCopy(
  client: pg.PoolClient,
  copy: { table: string; columns: string; rows: Rows; path: WritePath },
): Promise<void> {
  if (copy.rows.count === 0) return;
  const target = `${copy.table} (${copy.columns})`;
  if (copy.path === 'copy') return copyInto(client, target, copy.rows.stream);
  const staging = `staging_${copy.table}`;
  await client.query(
    `create temp table ${staging} on commit drop as select ${copy.columns} from ${copy.table} with no data`,
  );
  await copyInto(client, `${staging} (${copy.columns})`, copy.rows.stream);
  await client.query(`insert into ${target} select ${copy.columns} from ${staging} on conflict do nothing`);
}

async function writeEvents(client: pg.PoolClient, traces: readonly TraceChange[], path: WritePath): Promise<void> {
  const copy = new CopyBuffer();
  const upserts: Record<string, unknown>[] = [];
  let copied = 0;
  for (const change of traces) {
    for (const event of change.events) {
      if (event.isNew && path === 'copy') {
        encodeEvent(copy, change, event);
        copied++;
      } else upserts.push(eventParameter(change, event));
    }
  }
  if (copied > 0) await copyInto(client, `events (${EVENT_COLUMNS})`, copy.finish());
  if (upserts.length > 0) await client.query(UPSERT_EVENTS, [JSON.stringify(upserts)]);
}

const UPDATED_EVENT_COLUMNS = EVENT_COLUMNS.split(', ').filter(
  (column) => !['bucket', 'id', 'received_at'].includes(column),
);

const UPSERT_EVENTS = `
  insert into events (${EVENT_COLUMNS})
  select ${EVENT_COLUMNS} from json_populate_recordset(null::events, $1)
  on conflict (bucket, id) do update set
    ${UPDATED_EVENT_COLUMNS.map((column) => `${column} = excluded.${column}`).join(', ')},
    xid = pg_current_xact_id()`;

const RUN_COLUMNS =
  'id, bucket, version, session_id, workflow, service, status, started_ns, ended_ns, first_seen, last_seen, continues_run_id, counts, agents, models, tools, usage, user_name';

/** The guard on `version` is what makes two collectors that hold the same trace safe: the slower one starts over. */
const UPSERT_RUNS = `
  insert into runs (${RUN_COLUMNS})
  select ${RUN_COLUMNS} from json_populate_recordset(null::runs, $1)
  on conflict (id) do update set
    ${RUN_COLUMNS.split(', ')
      .filter((column) => !['id', 'bucket', 'first_seen', 'last_seen'].includes(column))
      .map((column) => `${column} = excluded.${column}`)
      .join(', ')}
  , last_seen = case when excluded.status = 'lost' then runs.last_seen
      else greatest(runs.last_seen, excluded.last_seen) end
  where runs.version = excluded.version - 1 and runs.bucket = excluded.bucket
  returning id`;

async function writeRuns(client: pg.PoolClient, traces: readonly TraceChange[]): Promise<void> {
  if (traces.length === 0) return;
  // One lock order for all writers, or two that share runs could wait for each other.
  const ordered = traces.toSorted((a, b) => (a.traceId < b.traceId ? -1 : 1));
  const { rows } = await client.query<{ id: string }>(UPSERT_RUNS, [JSON.stringify(ordered.map(runParameter))]);
  if (rows.length === traces.length) return;
  const written = new Set(rows.map((row) => row.id));
  throw new StaleTraceError(
    traces.filter((change) => !written.has(runIdOf(change.traceId))).map((change) => change.traceId),
  );
}

function runParameter(change: TraceChange): Record<string, unknown> {
  const { run } = change;
  return {
    id: runIdOf(change.traceId),
    bucket: change.bucket,
    version: String((change.fromVersion ?? 0n) + 1n),
    session_id: run.sessionId,
    workflow: run.workflow,
    service: run.service,
    status: run.status,
    started_ns: String(nsFromTime(run.startedAt)),
    ended_ns: run.endedAt === null ? null : String(nsFromTime(run.endedAt)),
    first_seen: change.firstSeen.toISOString(),
    last_seen: change.lastSeen.toISOString(),
    continues_run_id: run.continuesTraceId === null ? null : runIdOf(run.continuesTraceId),
    counts: change.counts,
    agents: change.agents,
    models: change.models,
    tools: change.tools,
    usage: run.usage,
    user_name: run.user,
  };
}
