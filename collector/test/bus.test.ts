import { setTimeout as pause } from 'node:timers/promises';
import type { EventPage, RunPage } from '@signalbox/event-model';
import type { Redis } from 'ioredis';
import pg from 'pg';
import { startCollectorProcess } from '../src/testing/collector-process.ts';
import { hasRedisServer, TestRedis } from '../src/testing/redis-server.ts';
import { READ_KEY, startTestCollector, type TestCollector } from '../src/testing/test-collector.ts';
import { createTestDatabase, type TestDatabase } from '../src/testing/test-database.ts';
import { SERVER_VARIABLE } from '../src/testing/test-server.ts';

// Nothing here can be shown without a Redis to kill.
const withRedis = hasRedisServer ? describe : describe.skip;

type AgUiEvent = { type: string } & Record<string, unknown>;

const message = (workflow: string, seq: number, event: AgUiEvent): string =>
  JSON.stringify({ v: 1, workflowId: workflow, agentId: 'coder', seq, event });

const run = (workflow: string, deltas: number): string[] =>
  [
    { type: 'RUN_STARTED', runId: `${workflow}-run`, threadId: workflow },
    ...Array.from({ length: deltas }, (_, at) => ({ type: 'TEXT_MESSAGE_CONTENT', messageId: 'm', delta: `${at} ` })),
    { type: 'RUN_FINISHED', runId: `${workflow}-run`, threadId: workflow },
  ].map((event, seq) => message(workflow, seq, event));

const text = (deltas: number): string => Array.from({ length: deltas }, (_, at) => `${at} `).join('');

async function until<T>(look: () => Promise<T | undefined | false>): Promise<T> {
  for (;;) {
    const found = await look().catch(() => undefined);
    if (found !== undefined && found !== false) return found;
    await pause(25);
  }
}

withRedis('the bus', () => {
  let redis: TestRedis;
  let client: Redis;
  let db: TestDatabase;
  let collectors: TestCollector[];

  beforeEach(async () => {
    [redis, db] = await Promise.all([TestRedis.start(), createTestDatabase()]);
    client = redis.connect();
    collectors = [];
  });
  afterEach(async () => {
    for (const collector of collectors) await collector.stop();
    client.disconnect();
    await redis.remove();
    await db.drop();
  });

  async function start(environment: Record<string, string> = {}): Promise<TestCollector> {
    const collector = await startTestCollector(db.url, { REDIS_URL: redis.url, ...environment });
    collectors.push(collector);
    return collector;
  }
  const send = (json: string): Promise<unknown> => client.xadd('signalbox:events', '*', 'data', json);
  const pending = async (): Promise<number> =>
    Number(((await client.xpending('signalbox:events', 'collector')) as [number])[0]);
  const settled = async (collector: TestCollector, runs: number): Promise<void> =>
    until(async () => {
      const page = await collector.get<RunPage>('/api/runs?limit=1000&status=completed');
      return page.runs.length === runs && (await pending()) === 0 ? true : undefined;
    }).then(() => undefined);
  const said = async (collector: TestCollector, workflow: string): Promise<string[]> => {
    const { events } = await collector.get<EventPage>(`/api/events?type=chat_message&workflow=${workflow}`);
    return events.map((event) => event.summary);
  };

  /** Shuts the door of the test's database and throws everybody out; returns the way to open it again. */
  async function closeDatabase(): Promise<() => Promise<void>> {
    const admin = new pg.Client({ connectionString: process.env[SERVER_VARIABLE] });
    await admin.connect();
    const name = new URL(db.url).pathname.slice(1);
    await admin.query(`alter database ${name} allow_connections false`);
    await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
    return async () => {
      await admin.query(`alter database ${name} allow_connections true`);
      await admin.end();
    };
  }

  test('an event sent before any collector runs is read, stored and acknowledged', async () => {
    for (const json of run('early', 3)) await send(json);

    const collector = await start();

    await settled(collector, 1);
    expect(await said(collector, 'early')).toEqual([text(3).trim()]);
    expect(await client.xlen('signalbox:events')).toBe(5);
  });

  test('an entry may carry its fields one by one, under a prefix of choice', async () => {
    const collector = await start({ SIGNALBOX_BUS_PREFIX: 'acme' });
    const event = JSON.stringify({ type: 'RUN_STARTED', runId: 'r', threadId: 't' });
    await client.xadd('acme:events', '*', 'v', '1', 'workflowId', 'flat', 'agentId', 'coder', 'event', event);

    const [found] = await until(async () => {
      const { runs } = await collector.get<RunPage>('/api/runs');
      return runs.length > 0 && runs;
    });

    expect(found).toMatchObject({ workflow: 'flat', sessionId: 't', status: 'in_progress', agents: ['coder'] });
  });

  test('what nobody can read is set aside with the reason and keeps nothing else waiting; no secret is kept', async () => {
    const collector = await start();
    const secret = 'sk-FAKE-0000000000000000000000000000';
    const poison: [string, string][] = [
      [`{"broken ${secret}`, 'not JSON'],
      ['[]', 'not a JSON object'],
      [JSON.stringify({ v: 2, workflowId: 'w', event: { type: 'RAW' } }), 'version "v" is not 1'],
      [JSON.stringify({ v: 1, event: { type: 'RAW' } }), 'no workflowId'],
      [JSON.stringify({ v: 1, workflowId: 'w' }), 'no event'],
      [JSON.stringify({ v: 1, workflowId: 'w', event: {} }), 'the event has no type'],
      [
        JSON.stringify({ v: 1, workflowId: 'w', event: { type: 'RAW', pad: 'x'.repeat(1024 * 1024) } }),
        'larger than 1048576 bytes',
      ],
      [
        `{"v":1,"workflowId":"w","event":{"type":"RAW","deep":${'['.repeat(40)}${']'.repeat(40)}}}`,
        'the event is nested deeper than 32',
      ],
    ];
    for (const [json] of poison) await send(json);
    for (const json of run('fine', 2)) await send(json);

    await settled(collector, 1);

    const { rows } = await db.database.read.query<{ reason: string; record: object }>(
      'select reason, record from quarantine order by id',
    );
    expect(rows.map(({ reason }) => reason)).toEqual(poison.map(([, reason]) => reason));
    expect(JSON.stringify(rows)).not.toContain(secret);
    const metrics = await (
      await fetch(`${collector.api}/metrics`, { headers: { authorization: `Bearer ${READ_KEY}` } })
    ).text();
    expect(metrics).toContain('signalbox_bus_entries_total{result="unreadable"} 8');
    expect(metrics).toContain('signalbox_bus_entries_total{result="stored"} 4');
  });

  test('what the store refuses is set aside alone', async () => {
    await db.database.write.query(
      `alter table log_records add constraint no_poison check (event_name <> 'ag-ui.POISON')`,
    );
    const collector = await start();
    const [begin = '', ...rest] = run('mixed', 2);
    for (const json of [begin, message('mixed', 99, { type: 'POISON', runId: 'mixed-run' }), ...rest]) await send(json);

    await settled(collector, 1);

    const { rows } = await db.database.read.query<{ reason: string }>('select reason from quarantine');
    expect(rows).toEqual([{ reason: expect.stringContaining('23514') as string }]);
    expect(await said(collector, 'mixed')).toEqual(['0 1']);
  });

  test('while the database is away entries stay unacknowledged, and all of them arrive once it is back', async () => {
    const collector = await start();
    for (const json of run('before', 1)) await send(json);
    await settled(collector, 1);
    const open = await closeDatabase();
    for (const json of run('during', 100)) await send(json);
    await until(async () => (await pending()) > 0);
    await open();

    await settled(collector, 2);

    expect(await said(collector, 'during')).toEqual([text(100).trim()]);
  });

  test('kills of Redis under load lose nothing that was written to the stream', async () => {
    const collector = await start();
    const messages = Array.from({ length: 8 }, (_, at) => run(`load-${at}`, 88));
    const length = (): Promise<number> => client.xlen('signalbox:events');
    for (let third = 0; third < 3; third++) {
      const before = await length();
      const producing = Promise.all(
        messages.map(async (list) => {
          // A producer that numbers its events may repeat what it is not sure of.
          for (const json of list.slice(third * 30, third * 30 + 30)) await until(() => send(json));
        }),
      );
      await until(async () => (await length()) > before + 60);
      await redis.kill();
      await redis.startAgain();
      await producing;
    }

    await settled(collector, 8);

    for (let at = 0; at < 8; at++) expect(await said(collector, `load-${at}`)).toEqual([text(88).trim()]);
  });

  test('a collector that dies with a batch in its hands loses none of it: another takes it over', async () => {
    const victim = startCollectorProcess({ DATABASE_URL: db.url, REDIS_URL: redis.url });
    await victim.up;
    const open = await closeDatabase();
    for (const json of run('orphan', 30)) await send(json);
    await until(async () => (await pending()) > 0);
    victim.child.kill('SIGKILL');
    await victim.ended;
    await open();

    const heir = await start({ SIGNALBOX_BUS_CLAIM_SECONDS: '1' });

    await settled(heir, 1);
    expect(await said(heir, 'orphan')).toEqual([text(30).trim()]);
  });

  test('two collectors share the stream and agree on the events', async () => {
    const pair = [await start(), await start()] as const;
    const messages = Array.from({ length: 6 }, (_, at) => run(`shared-${at}`, 40));
    await Promise.all(
      messages.map(async (list) => {
        for (const json of list) await send(json);
      }),
    );

    await settled(pair[0], 6);

    for (let at = 0; at < 6; at++) expect(await said(pair[1], `shared-${at}`)).toEqual([text(40).trim()]);
    const consumers = (await client.xinfo('CONSUMERS', 'signalbox:events', 'collector')) as unknown[];
    expect(consumers).toHaveLength(2);
    for (const collector of collectors.splice(0)) await collector.stop();
    expect(await client.xinfo('CONSUMERS', 'signalbox:events', 'collector')).toEqual([]);
  });

  test('without Redis everything else goes on, and the bus joins when it comes', async () => {
    await redis.kill();
    const collector = await start();
    expect((await collector.get<RunPage>('/api/runs')).runs).toEqual([]);

    await redis.startAgain();
    for (const json of run('late', 2)) await until(() => send(json));

    await settled(collector, 1);
  });

  test('published events are heard by exactly one collector', async () => {
    const pair = [await start(), await start()] as const;
    await until(async () => Number(await client.pubsub('NUMPAT')) === 1);
    const event = (each: AgUiEvent): string =>
      JSON.stringify({ v: 1, workflowId: 'pub', agentId: 'coder', event: each });
    await client.publish('signalbox:pub:coder', event({ type: 'RUN_STARTED', runId: 'r', threadId: 't' }));
    for (const delta of ['ha', 'ha', '!']) {
      await client.publish('signalbox:pub:coder', event({ type: 'TEXT_MESSAGE_CONTENT', messageId: 'm', delta }));
    }
    await client.publish('signalbox:pub:coder', event({ type: 'RUN_FINISHED', runId: 'r', threadId: 't' }));

    await until(async () => (await pair[0].get<RunPage>('/api/runs?status=completed')).runs.length === 1);

    expect(await said(pair[0], 'pub')).toEqual(['haha!']);
  });

  test('the stream may vanish: the group is made again and reading goes on', async () => {
    const collector = await start();
    for (const json of run('first', 1)) await send(json);
    await settled(collector, 1);

    await client.del('signalbox:events');
    for (const json of run('second', 1)) await send(json);

    await settled(collector, 2);
  });
});
