import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import type { RunPage } from '@signalbox/event-model';
import { agentRequest } from '../bench/agent-traffic.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../src/store/embedded-postgres.ts';
import { dropOldRuns } from '../src/store/retention.ts';
import { createTestDatabase } from '../src/testing/test-database.ts';
import { startTestCollector } from '../src/testing/test-collector.ts';
import { randomTraceId } from '../src/testing/trace-changes.ts';

const headers = { 'content-type': 'application/json' };

async function postmasterOf(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  const { rows } = await client.query<{ line: string }>(`select pg_read_file('postmaster.pid') as line`);
  await client.end();
  return Number(rows[0]?.line.split('\n')[0]);
}

describe('with a database of its own', () => {
  let folder: string;
  let postgres: EmbeddedPostgres;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'signalbox-faults-'));
    chmodSync(folder, 0o755);
    postgres = await startEmbeddedPostgres(folder, () => undefined);
  });
  afterAll(async () => {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('what was acknowledged survives kills of the database; what was not is answered as retryable', async () => {
    const collector = await startTestCollector(postgres.url);
    const acknowledged: string[] = [];
    const answers = new Set<number>();
    const send = async (): Promise<void> => {
      const { body, traceIds } = agentRequest(3, 300);
      const answer = await fetch(`${collector.http}/v1/traces`, { method: 'POST', headers, body });
      await answer.arrayBuffer();
      answers.add(answer.status);
      if (answer.status === 200) acknowledged.push(...traceIds);
      else expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    };
    for (let kill = 0; kill < 3; kill++) {
      const before = acknowledged.length;
      while (acknowledged.length < before + 30) await send();
      process.kill(await postmasterOf(postgres.url), 'SIGKILL');
      for (let each = 0; each < 5; each++) await send();
    }
    const before = acknowledged.length;
    while (acknowledged.length < before + 3) await send();

    const { runs } = await collector.get<RunPage>('/api/runs?limit=1000');
    const stored = new Set(runs.map((run) => run.traceId));
    expect(acknowledged.filter((traceId) => !stored.has(traceId))).toEqual([]);
    expect([...answers].sort()).toEqual([200, 503]);
    await collector.stop();
  });
});

test('one item that no database can hold is set aside, its neighbours are stored, the sender is told', async () => {
  const db = await createTestDatabase();
  // The tables refuse this name, as a stand-in for whatever a future database may refuse.
  await db.database.write.query(`alter table spans add constraint no_poison check (name <> 'poison')`);
  const collector = await startTestCollector(db.url);
  const spans = Array.from({ length: 9 }, (_, at) => ({
    traceId: randomTraceId(),
    spanId: '00000000000000a1',
    name: at === 4 ? 'poison' : 'chat',
    startTimeUnixNano: '1760000000000000000',
    endTimeUnixNano: '1760000001000000000',
    attributes: [{ key: 'gen_ai.operation.name', value: { stringValue: 'chat' } }],
  }));

  const body = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
  const answer = await fetch(`${collector.http}/v1/traces`, { method: 'POST', headers, body });

  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({
    partialSuccess: { rejectedSpans: '1', errorMessage: expect.stringContaining('quarantine') as string },
  });
  expect((await collector.get<RunPage>('/api/runs')).runs).toHaveLength(8);
  const { rows } = await db.database.read.query<{ reason: string }>('select reason from quarantine');
  expect(rows).toEqual([{ reason: expect.stringContaining('23514') as string }]);
  await collector.stop();
  await db.drop();
});

test('two collectors on one database that get pieces of the same traces agree on the events', async () => {
  const db = await createTestDatabase();
  const pair = [await startTestCollector(db.url), await startTestCollector(db.url)];
  const requests = Array.from({ length: 6 }, () => agentRequest(1, 300));
  const pieces = requests.flatMap(({ body }) => {
    const { resourceSpans } = JSON.parse(body) as {
      resourceSpans: { scopeSpans: { scope: unknown; spans: unknown[] }[] }[];
    };
    return (resourceSpans[0]?.scopeSpans[0]?.spans ?? []).map((span) => ({
      resourceSpans: [{ scopeSpans: [{ spans: [span] }] }],
    }));
  });

  await Promise.all(pieces.map(async (piece, at) => pair[at % 2]?.send('/v1/traces', piece)));

  const { runs } = await (pair[0] as (typeof pair)[number]).get<RunPage>('/api/runs');
  expect(runs).toHaveLength(6);
  for (const run of runs)
    expect(run).toMatchObject({
      status: 'completed',
      counts: { model_request: 1, model_response: 1, tool_call: 1, tool_result: 1 },
    });
  for (const collector of pair) await collector.stop();
  await db.drop();
});

test('retention drops whole days and nothing younger', async () => {
  const db = await createTestDatabase();
  const collector = await startTestCollector(db.url);
  await collector.send('/v1/traces', agentRequest(2, 300).body);
  const pool = db.database.write;
  await pool.query(`select ensure_bucket(current_date - 10)`);
  await pool.query(
    `insert into runs select (jsonb_populate_record(r, jsonb_build_object('id', gen_random_uuid(), 'bucket', current_date - 10))).* from runs as r limit 1`,
  );

  await dropOldRuns(pool, 9);

  expect((await collector.get<RunPage>('/api/runs')).runs).toHaveLength(2);
  const { rows } = await pool.query<{ tables: bigint }>(
    `select count(*) as tables from pg_class where relispartition and relkind = 'r'`,
  );
  expect(rows[0]?.tables).toBe(3n);
  await collector.stop();
  await db.drop();
});
