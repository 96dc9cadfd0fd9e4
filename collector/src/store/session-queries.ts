import type { RunStatus, Session, TokenUsage } from '@signalbox/event-model';
import type pg from 'pg';
import type { SessionQuery, SessionsPage } from '../api/event-reader.ts';
import { timeFromNs } from '../telemetry/time.ts';
import { Conditions } from './keyset-page.ts';

/** What is open wins; else the run that was heard last tells. */
const STATUS = `case when bool_or(status = 'waiting') then 'waiting'
  when bool_or(status = 'in_progress') then 'in_progress'
  else (array_agg(status order by last_seen desc, id desc))[1] end`;
const HEARD = '(extract(epoch from max(last_seen)) * 1000000)::bigint';

/** Reads one page of sessions, the one heard last first. */
export async function readSessions(pool: pg.Pool, query: SessionQuery): Promise<SessionsPage> {
  const having = new Conditions();
  addFilter(having, query);
  const { rows } = await pool.query<{ session_id: string; heard: bigint }>(
    `select session_id, ${HEARD} as heard from runs group by session_id having ${having.where}
     order by heard desc, session_id desc limit ${query.limit + 1}`,
    having.values,
  );
  const page = rows.slice(0, query.limit);
  const last = page.at(-1);
  const sessions = await describe(
    pool,
    page.map((row) => row.session_id),
  );
  return {
    sessions: page.flatMap((row) => sessions.get(row.session_id) ?? []),
    next: rows.length > query.limit && last ? { heardUs: last.heard, id: last.session_id } : undefined,
  };
}

/** One session; undefined when no run belongs to it. */
export async function readSession(pool: pg.Pool, id: string): Promise<Session | undefined> {
  return (await describe(pool, [id])).get(id);
}

function addFilter(having: Conditions, query: SessionQuery): void {
  const { q, status, workflow, fromNs, toNs, after } = query;
  if (status !== undefined) having.add(`${STATUS} = any(?)`, status);
  if (workflow !== undefined) having.add('bool_or(workflow = any(?))', workflow);
  if (fromNs !== undefined && toNs !== undefined)
    having.add('bool_or(started_ns >= ?::bigint and started_ns < ?::bigint)', fromNs.toString(), toNs.toString());
  else if (fromNs !== undefined) having.add('bool_or(started_ns >= ?::bigint)', fromNs.toString());
  else if (toNs !== undefined) having.add('bool_or(started_ns < ?::bigint)', toNs.toString());
  if (q !== undefined) {
    const pattern = `%${q.replace(/[\\%_]/g, (special) => `\\${special}`)}%`;
    having.add(`bool_or(concat_ws(' ', session_id, workflow, service, user_name) ilike ?)`, pattern);
  }
  if (after !== undefined) having.add(`(${HEARD}, session_id) < (?::bigint, ?)`, after.heardUs.toString(), after.id);
}

interface SessionRow {
  session_id: string;
  status: string;
  runs: number;
  started_ns: bigint;
  last_seen: Date;
  workflows: string[] | null;
  user_name: string | null;
  input: bigint | null;
  output: bigint | null;
  cached: bigint | null;
  reasoning: bigint | null;
}

const DESCRIBE = `
  select session_id, ${STATUS} as status, count(*)::integer as runs, min(started_ns) as started_ns,
    max(last_seen) as last_seen,
    array_agg(distinct workflow order by workflow) filter (where workflow is not null) as workflows,
    (array_agg(user_name order by last_seen desc, id desc) filter (where user_name is not null))[1] as user_name,
    ${['input', 'output', 'cached', 'reasoning'].map((kind) => `sum((usage->>'${kind}')::bigint)::bigint as ${kind}`).join(', ')}
  from runs where session_id = any($1) group by session_id`;

const COUNTS = `
  select session_id, key as type, sum(value::bigint)::bigint as count
  from runs, jsonb_each_text(counts) where session_id = any($1) group by session_id, key order by key`;

const AGENTS = `
  select distinct session_id, agent from runs, unnest(agents) as agent where session_id = any($1) order by agent`;

async function describe(pool: pg.Pool, ids: readonly string[]): Promise<Map<string, Session>> {
  if (ids.length === 0) return new Map();
  const [sessions, counts, agents] = await Promise.all([
    pool.query<SessionRow>(DESCRIBE, [ids]),
    pool.query<{ session_id: string; type: string; count: bigint }>(COUNTS, [ids]),
    pool.query<{ session_id: string; agent: string }>(AGENTS, [ids]),
  ]);
  const countsOf = Map.groupBy(counts.rows, (row) => row.session_id);
  const agentsOf = Map.groupBy(agents.rows, (row) => row.session_id);
  return new Map(
    sessions.rows.map((row) => [
      row.session_id,
      toSession(row, {
        counts: Object.fromEntries(
          (countsOf.get(row.session_id) ?? []).map(({ type, count }) => [type, Number(count)]),
        ),
        agents: (agentsOf.get(row.session_id) ?? []).map(({ agent }) => agent),
      }),
    ]),
  );
}

function toSession(row: SessionRow, rest: Pick<Session, 'counts' | 'agents'>): Session {
  return {
    id: row.session_id,
    status: row.status as RunStatus,
    runs: row.runs,
    startedAt: timeFromNs(row.started_ns),
    lastSeenAt: row.last_seen.toISOString(),
    workflows: row.workflows ?? [],
    user: row.user_name,
    usage: usageOf(row),
    ...rest,
  };
}

function usageOf(row: SessionRow): TokenUsage {
  const usage: TokenUsage = {};
  for (const kind of ['input', 'output', 'cached', 'reasoning'] as const) {
    const tokens = row[kind];
    if (tokens !== null) usage[kind] = Number(tokens);
  }
  return usage;
}
