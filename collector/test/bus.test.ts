import { setTimeout as pause } from 'node:timers/promises';
import type { EventPage, RunPage } from '@signalbox/event-model';
import type { Redis } from 'ioredis';
import pg from 'pg';
import { WebSocket } from 'ws';
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
    // Batches are stored side by side, so their order is nobody's promise.
    expect(rows.map(({ reason }) => reason).sort()).toEqual(poison.map(([, reason]) => reason).sort());
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

  test('of two collectors one reads the stream, and both show the same events', async () => {
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
    expect(consumers).toHaveLength(1);
    for (const collector of collectors.splice(0)) await collector.stop();
    expect(await client.xinfo('CONSUMERS', 'signalbox:events', 'collector')).toEqual([]);
  });

  describe('a secret cut into pieces', () => {
    const secret = `ghp_${'0123456789abcdefABCDEF'.repeat(2).slice(0, 36)}`;
    const leak = /456789abcd|cdefABCDEF/;
    const pieces = ['Take gh', 'p_0', '123', '456789abcd', 'efABC', secret.slice(19), ' and go.'];
    const messages = (workflow: string): string[] =>
      [
        { type: 'RUN_STARTED', runId: `${workflow}-run`, threadId: workflow },
        ...pieces.map((delta) => ({ type: 'TEXT_MESSAGE_CONTENT', messageId: 'm', delta })),
        { type: 'RUN_FINISHED', runId: `${workflow}-run`, threadId: workflow },
      ].map((event, seq) => message(workflow, seq, event));

    async function allRead(): Promise<boolean> {
      const [group] = (await client.xinfo('GROUPS', 'signalbox:events')) as unknown[][];
      return group?.[group.indexOf('lag') + 1] === 0;
    }

    async function everythingStored(): Promise<string> {
      const { rows } = await db.database.read.query<{ name: string }>(
        "select quote_ident(tablename) as name from pg_tables where schemaname = 'public'",
      );
      const texts: string[] = [];
      for (const { name } of rows) {
        const table = await db.database.read.query<Record<string, unknown>>(`select * from ${name}`);
        for (const row of table.rows)
          texts.push(
            ...Object.values(row).map((value) =>
              value instanceof Buffer
                ? value.toString('latin1')
                : typeof value === 'bigint'
                  ? ''
                  : String(JSON.stringify(value)),
            ),
          );
      }
      return texts.join('\n');
    }

    test('is in no table, no answer and no frame, whichever of two collectors reads the pieces', async () => {
      const pair = [await start(), await start()] as const;
      const frames: string[] = [];
      const sockets = pair.map(({ api }) => {
        const socket = new WebSocket(`${api.replace('http', 'ws')}/ws/events`, {
          headers: { authorization: `Bearer ${READ_KEY}` },
        });
        return socket.on('message', (data: Buffer) => frames.push(data.toString()));
      });
      const lists = Array.from({ length: 3 }, (_, at) => messages(`cut-${at}`));
      for (let at = 0; at < (lists[0]?.length ?? 0); at++) {
        for (const list of lists) {
          await send(list[at] ?? '');
          // One by one, so that each goes to whoever waits.
          await until(allRead);
        }
      }

      await settled(pair[0], lists.length);
      await until(() => Promise.resolve(frames.join('').includes('cut-2')));

      const answers = await Promise.all(pair.map((each) => each.get<EventPage>('/api/events?limit=1000')));
      for (const socket of sockets) socket.terminate();
      expect(JSON.stringify(answers)).toContain('and go.');
      for (const shown of [await everythingStored(), JSON.stringify(answers), frames.join('\n')])
        expect(shown).not.toMatch(leak);
    });

    test.each([
      [2, 'when all was stored'],
      [3, 'when all was stored'],
      [4, 'when all was stored'],
      [5, 'when all was stored'],
      [3, 'at work'],
      [5, 'at work'],
    ])('is not stored when the collector that read %i pieces is killed %s', async (before, when) => {
      const environment = { DATABASE_URL: db.url, REDIS_URL: redis.url, SIGNALBOX_READ_KEY: READ_KEY };
      const first = startCollectorProcess(environment);
      await first.up;
      const list = messages('handed-over');
      for (const json of list.slice(0, before + 1)) await send(json);
      // What waits for its next piece is let go, and stored, after a moment.
      await until(async () => (await allRead()) && (when === 'at work' || (await pending()) === 0));
      first.child.kill('SIGKILL');
      await first.ended;

      const second = await start();
      for (const json of list.slice(before + 1)) await send(json);
      await settled(second, 1);

      expect(await everythingStored()).toContain('and go.');
      expect(await everythingStored()).not.toMatch(leak);
    });
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
