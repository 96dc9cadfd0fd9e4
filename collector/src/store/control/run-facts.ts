import type pg from 'pg';
import type { ObservedRequest, RunFact, RunFacts } from '../../control/run-facts.ts';

/** What telemetry knows of runs and requests, for control. */
export function createPostgresRunFacts(pool: pg.Pool): RunFacts {
  return {
    async run(runId) {
      const { rows } = await pool.query<Omit<RunFact, 'lastSeenAt'> & { last_seen: Date }>(
        'select user_name as user, workflow, status, last_seen from runs where id = $1',
        [runId],
      );
      const [row] = rows;
      if (!row) return null;
      const { last_seen: lastSeen, ...known } = row;
      return { ...known, lastSeenAt: lastSeen.toISOString() };
    },
    async requestEvents(keys) {
      if (keys.length === 0) return new Map();
      const { rows } = await pool.query<{ key: string; id: string }>(
        `select key, data ->> 'eventId' as id from correlations
         where key = any($1) and role = 'offer' and kind = 'approval_request'`,
        [keys],
      );
      return new Map(rows.map(({ key, id }) => [key, id]));
    },
    observed: (query) => readObserved(pool, query),
  };
}

interface ObservedRow {
  id: string;
  run_id: string;
  session_id: string;
  workflow: string | null;
  actor_name: string;
  tool: string | null;
  summary: string;
  started_ns: bigint;
}

/** Requests that wait in telemetry and that no runtime brought. */
async function readObserved(pool: pg.Pool, query: Parameters<RunFacts['observed']>[0]): Promise<ObservedRequest[]> {
  const { id, runId, workflow, after, limit } = query;
  const { rows } = await pool.query<ObservedRow>(
    `select id, run_id, session_id, workflow, actor_name, tool, summary, started_ns from events e
     where type = 'approval_request' and status = 'waiting' and not removed
       and ($1::uuid is null or run_id = $1) and ($2::text[] is null or workflow = any($2))
       and ($6::uuid is null or id = $6)
       and ($3::bigint is null or (started_ns, id) < ($3, $4::uuid))
       and not exists (
         select from correlations c join approvals a on c.key = any(a.keys)
         where c.run_id = e.run_id and c.role = 'offer' and c.kind = 'approval_request' and c.data ->> 'eventId' = e.id::text)
     order by started_ns desc, id desc limit $5`,
    [
      runId ?? null,
      workflow ?? null,
      after === undefined ? null : String(BigInt(Date.parse(after.at)) * 1_000_000n),
      after?.id ?? null,
      limit,
      id ?? null,
    ],
  );
  return rows.map((row) => ({
    id: row.id,
    runId: row.run_id,
    sessionId: row.session_id,
    workflow: row.workflow,
    agent: row.actor_name,
    action: row.tool ?? row.summary,
    summary: row.summary,
    requestedAt: new Date(Number(row.started_ns / 1_000_000n)).toISOString(),
  }));
}
