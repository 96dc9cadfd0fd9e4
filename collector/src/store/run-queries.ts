import type { Run, RunStatus, TokenUsage } from '@signalbox/event-model';
import type pg from 'pg';
import type { RunQuery, RunsPage } from '../api/event-reader.ts';
import { Conditions, readPage } from './keyset-page.ts';
import { timeFromNs, traceIdOf } from '../telemetry/time.ts';

interface RunTableRow {
  id: string;
  session_id: string;
  workflow: string | null;
  service: string | null;
  status: string;
  started_ns: bigint;
  ended_ns: bigint | null;
  last_seen: Date;
  continues_run_id: string | null;
  counts: Record<string, number>;
  agents: string[];
  models: string[];
  tools: string[];
  usage: TokenUsage;
  user_name: string | null;
}

const COLUMNS =
  'id, session_id, workflow, service, status, started_ns, ended_ns, last_seen, continues_run_id, counts, agents, models, tools, usage, user_name';

/** Reads one page of runs. */
export async function readRuns(pool: pg.Pool, query: RunQuery): Promise<RunsPage> {
  const conditions = new Conditions();
  if (query.session !== undefined) conditions.add('session_id = ?', query.session);
  if (query.workflow !== undefined) conditions.add('workflow = any(?)', query.workflow);
  if (query.status !== undefined) conditions.add('status = any(?)', query.status);
  if (query.fromNs !== undefined) conditions.add('started_ns >= ?::bigint', query.fromNs.toString());
  if (query.toNs !== undefined) conditions.add('started_ns < ?::bigint', query.toNs.toString());
  if (query.q !== undefined) {
    conditions.contains(`concat_ws(' ', workflow, session_id, service, user_name, id::text)`, query.q);
  }
  const { order, limit, after } = query;
  const page = await readPage<RunTableRow>(pool, { table: 'runs', columns: COLUMNS, order, limit, after }, conditions);
  return { runs: page.rows.map(toRun), next: page.next };
}

/** One run; undefined when there is none. */
export async function readRun(pool: pg.Pool, id: string): Promise<Run | undefined> {
  const { rows } = await pool.query<RunTableRow>(`select ${COLUMNS} from runs where id = $1`, [id]);
  return rows[0] ? toRun(rows[0]) : undefined;
}

/**
 * Ids of the run and of up to `limit` runs in all that it continues, one after the other; the oldest first, none when
 * the run is not known.
 */
export async function readChain(pool: pg.Pool, id: string, limit: number): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `with recursive chain (id, continues_run_id, depth) as (
       select id, continues_run_id, 1 from runs where id = $1
       union all
       select runs.id, runs.continues_run_id, depth + 1 from runs join chain on runs.id = chain.continues_run_id
       where depth < $2
     )
     select id from chain group by id order by min(depth) desc`,
    [id, limit],
  );
  return rows.map((row) => row.id);
}

function toRun(row: RunTableRow): Run {
  return {
    id: row.id,
    traceId: traceIdOf(row.id),
    sessionId: row.session_id,
    workflow: row.workflow,
    service: row.service,
    status: row.status as RunStatus,
    startedAt: timeFromNs(row.started_ns),
    endedAt: row.ended_ns === null ? null : timeFromNs(row.ended_ns),
    lastSeenAt: row.last_seen.toISOString(),
    continuesRunId: row.continues_run_id,
    counts: row.counts,
    agents: row.agents,
    models: row.models,
    tools: row.tools,
    usage: row.usage,
    user: row.user_name,
  };
}
