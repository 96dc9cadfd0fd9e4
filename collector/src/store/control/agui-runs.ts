import type pg from 'pg';
import type {
  AgUiStore,
  Claim,
  RunDraft,
  RunEnding,
  RunStatus,
  StoredRun,
} from '../../control/runtimes/ag-ui/ag-ui-store.ts';

/** A run whose collector was silent for this long belongs to nobody; leases are renewed several times within it. */
const LEASE = "interval '8 seconds'";
const UNIQUE_VIOLATION = '23505';

interface RunRow {
  id: string;
  agent: string;
  thread_id: string;
  parent_id: string | null;
  status: RunStatus;
  commands: string[];
  pauses: StoredRun['pauses'];
  problem: string | null;
  owner: string;
  begun: boolean;
  ended_at: Date | null;
}

interface ThreadRow {
  conversation: { messages: Record<string, unknown>[]; state?: unknown };
  version: number;
}

/** The {@link AgUiStore} on PostgreSQL. */
export function createPostgresAgUiStore(pool: pg.Pool): AgUiStore {
  return { ...writers(pool), ...readers(pool), ...leases(pool) };
}

function writers(pool: pg.Pool): Pick<AgUiStore, 'claim' | 'unclaim' | 'begun' | 'end' | 'bar' | 'told'> {
  return {
    claim: (draft, owner) => inTransaction(pool, (client) => claim(client, draft, owner)).catch(refusalOf),
    unclaim: (id, owner) =>
      inTransaction(pool, async (client) => {
        const { rows } = await client.query<{ parent_id: string | null }>(
          "delete from agui_runs where id = $1 and owner = $2 and status = 'sent' returning parent_id",
          [id, owner],
        );
        await client.query("update agui_runs set status = 'paused' where id = $1 and status = 'resumed'", [
          rows[0]?.parent_id ?? null,
        ]);
      }),
    begun: async (id, owner) => {
      await pool.query(
        "update agui_runs set status = 'open', begun = true where id = $1 and owner = $2 and status = 'sent'",
        [id, owner],
      );
    },
    end: (id, owner, ending) => inTransaction(pool, (client) => end(client, { id, owner }, ending)),
    bar: async (id) => {
      const { rowCount } = await pool.query(
        `update agui_runs set status = 'stopped', ended_at = clock_timestamp(), told = false
         where id = $1 and status = 'paused'`,
        [id],
      );
      return rowCount === 1;
    },
    told: async (id) => {
      await pool.query('update agui_runs set told = true where id = $1', [id]);
    },
  };
}

function readers(pool: pg.Pool): Pick<AgUiStore, 'run' | 'carrying' | 'latest' | 'paused'> {
  return {
    run: async (id) => (await read(pool, 'id = $1', [id]))[0] ?? null,
    carrying: async (commandId) => (await read(pool, 'commands @> array[$1::uuid]', [commandId]))[0] ?? null,
    latest: async (agent, threadId) =>
      (await read(pool, 'agent = $1 and thread_id = $2 order by started_at desc limit 1', [agent, threadId]))[0] ??
      null,
    paused: (agents, since) =>
      read(
        pool,
        "status = 'paused' and agent = any($1) and ($2 or ended_at > clock_timestamp() - interval '5 minutes')",
        [agents, since === 'ever'],
      ),
  };
}

function leases(pool: pg.Pool): Pick<AgUiStore, 'renew' | 'lost'> {
  return {
    renew: async (owner) => {
      const { rows } = await pool.query<{ id: string }>(
        `update agui_runs set leased_until = clock_timestamp() + ${LEASE}
         where owner = $1 and status in ('sent', 'open') returning id`,
        [owner],
      );
      return rows.map(({ id }) => id);
    },
    lost: async (agents) => {
      await pool.query(
        `update agui_runs set status = 'lost', ended_at = clock_timestamp(), told = not begun
         where status in ('sent', 'open') and leased_until < clock_timestamp() and agent = any($1)`,
        [agents],
      );
      return read(pool, 'not told and agent = any($1)', [agents]);
    },
  };
}

async function claim(client: pg.PoolClient, draft: RunDraft, owner: string): Promise<Claim> {
  const { id, agent, threadId, parentId, isResume, commands } = draft;
  if (isResume) {
    const { rowCount } = await client.query(
      "update agui_runs set status = 'resumed' where id = $1 and status = 'paused'",
      [parentId],
    );
    if (rowCount !== 1) return { refused: 'moved' };
  }
  await client.query(
    `insert into agui_runs (id, agent, thread_id, parent_id, status, commands, owner, leased_until)
     values ($1, $2, $3, $4, 'sent', $5, $6, clock_timestamp() + ${LEASE})`,
    [id, agent, threadId, parentId, commands, owner],
  );
  await client.query('insert into agui_threads (agent, thread_id) values ($1, $2) on conflict do nothing', [
    agent,
    threadId,
  ]);
  const { rows } = await client.query<ThreadRow>(
    'select conversation, version from agui_threads where agent = $1 and thread_id = $2',
    [agent, threadId],
  );
  const [{ conversation, version }] = rows as [ThreadRow];
  return { conversation: { messages: conversation.messages, state: conversation.state }, version };
}

function refusalOf(error: unknown): Claim {
  const { code, constraint } = error as pg.DatabaseError;
  if (code !== UNIQUE_VIOLATION) throw error;
  return { refused: constraint === 'agui_runs_pkey' ? 'known' : 'busy' };
}

async function end(
  client: pg.PoolClient,
  { id, owner }: { id: string; owner: string },
  { status, problem, pauses, conversation }: RunEnding,
): Promise<number | null> {
  const { rows } = await client.query<{ agent: string; thread_id: string }>(
    `update agui_runs set status = $3, problem = $4, pauses = $5, ended_at = clock_timestamp()
     where id = $1 and owner = $2 and status in ('sent', 'open') returning agent, thread_id`,
    [id, owner, status, problem, JSON.stringify(pauses)],
  );
  const [run] = rows;
  if (!run) return null;
  const { rows: threads } = await client.query<{ version: number }>(
    `update agui_threads set conversation = coalesce($3, conversation), version = version + 1, changed_at = now()
     where agent = $1 and thread_id = $2 returning version`,
    [run.agent, run.thread_id, conversation === null ? null : JSON.stringify(conversation)],
  );
  return threads[0]?.version ?? 0;
}

async function read(pool: pg.Pool, where: string, values: unknown[]): Promise<StoredRun[]> {
  const { rows } = await pool.query<RunRow>(`select * from agui_runs where ${where}`, values);
  return rows.map((row) => ({
    id: row.id,
    agent: row.agent,
    threadId: row.thread_id,
    parentId: row.parent_id,
    status: row.status,
    commands: row.commands,
    pauses: row.pauses,
    problem: row.problem,
    owner: row.owner,
    begun: row.begun,
    endedAt: row.ended_at,
  }));
}

async function inTransaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((cause: unknown) => (broken = cause as Error));
    throw error;
  } finally {
    client.release(broken);
  }
}
