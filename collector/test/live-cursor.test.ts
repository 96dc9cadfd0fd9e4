import { setTimeout as after } from 'node:timers/promises';
import type { EventRow } from '@signalbox/event-model';
import { createPostgresTraceStore } from '../src/store/postgres-trace-store.ts';
import { LiveClient } from '../src/testing/live-client.ts';
import { createTestDatabase, type TestDatabase } from '../src/testing/test-database.ts';
import { READ_KEY, startTestCollector, type TestCollector } from '../src/testing/test-collector.ts';
import { eventChange, randomEventId, randomTraceId, traceChange } from '../src/testing/trace-changes.ts';

let db: TestDatabase;
let collector: TestCollector;

beforeAll(async () => {
  db = await createTestDatabase();
  collector = await startTestCollector(db.url);
});
afterAll(async () => {
  await collector.stop();
  await db.drop();
});

/** Writes traces of three events, each of which then changes twice; returns the ids. */
async function writer(traces: number): Promise<string[]> {
  const store = createPostgresTraceStore(db.database.write);
  const ids: string[] = [];
  for (let each = 0; each < traces; each++) {
    const traceId = randomTraceId();
    const own = [randomEventId(), randomEventId(), randomEventId()];
    ids.push(...own);
    for (let revision = 1; revision <= 3; revision++) {
      const events = own.map((id) => eventChange(traceId, id, revision));
      await store.commit({ traces: [traceChange(traceId, events, BigInt(revision - 1) || undefined)], metrics: [] });
    }
  }
  return ids;
}

/** Holds transactions open at random, so that rows commit in another order than their ids were given out. */
async function disturber(stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    const client = await db.database.read.connect();
    await client.query('begin');
    await client.query('select pg_current_xact_id()');
    await after(Math.random() * 15);
    await client.query('commit');
    client.release();
  }
}

async function reader(client: LiveClient, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    await after(Math.random() * 40);
    client.disconnect();
    await client.connect();
  }
}

/** The revisions of every event, in the order they were seen. */
function seen(rows: readonly EventRow[]): Map<string, number[]> {
  const byId = new Map<string, number[]>();
  for (const { id, revision } of rows) byId.set(id, [...(byId.get(id) ?? []), revision]);
  return byId;
}

test('readers that reconnect at random under concurrent writers miss nothing, repeat nothing, keep the order', async () => {
  const stop = new AbortController();
  const clients = Array.from({ length: 4 }, () => new LiveClient(collector.api, READ_KEY));
  await Promise.all(clients.map((client) => client.connect()));
  const readers = clients.map((client) => reader(client, stop.signal));
  const disturbers = [disturber(stop.signal), disturber(stop.signal)];

  const ids = (await Promise.all(Array.from({ length: 6 }, () => writer(25)))).flat();
  stop.abort();
  await Promise.all([...readers, ...disturbers]);
  for (const client of clients) {
    await client.until(() => {
      const byId = seen(client.rows);
      return ids.every((id) => byId.get(id)?.at(-1) === 3);
    });
  }

  for (const client of clients) {
    const byId = seen(client.rows);
    expect(byId.size).toBe(ids.length);
    for (const revisions of byId.values()) {
      expect(revisions).toEqual([...new Set(revisions)].sort());
    }
    expect(client.frames.filter((frame) => frame.type === 'resync')).toEqual([]);
    client.disconnect();
  }
});

test('a cursor of another database, or of the future, is answered with resync', async () => {
  const foreign = new LiveClient(collector.api, READ_KEY);
  foreign.cursor = Buffer.from(`0123.9.${randomEventId()}`).toString('base64url');

  await foreign.connect();
  await foreign.until(() => foreign.frames.some((frame) => frame.type === 'resync'));

  expect(foreign.frames.find((frame) => frame.type === 'resync')).toMatchObject({ reason: 'cursor_invalid' });
  foreign.disconnect();
});

test('a filter selects rows and the cursor moves past the others', async () => {
  const wanted = randomTraceId();
  const runId = `${wanted.slice(0, 8)}-${wanted.slice(8, 12)}-${wanted.slice(12, 16)}-${wanted.slice(16, 20)}-${wanted.slice(20)}`;
  const client = new LiveClient(collector.api, READ_KEY, `run=${runId}&q=needle+HAY`);
  await client.connect();

  await writer(3);
  const id = randomEventId();
  const store = createPostgresTraceStore(db.database.write);
  await store.commit({ traces: [traceChange(wanted, [eventChange(wanted, id, 1)])], metrics: [] });
  await client.until(() => client.rows.length > 0);

  expect(client.rows.map((row) => row.id)).toEqual([id]);
  client.disconnect();
});

test('an event whose revision no longer fits the filter is taken back', async () => {
  const client = new LiveClient(collector.api, READ_KEY, 'status=in_progress');
  await client.connect();
  const store = createPostgresTraceStore(db.database.write);
  const traceId = randomTraceId();
  const id = randomEventId();
  const running = eventChange(traceId, id, 1);
  running.event.status = 'in_progress';

  await store.commit({ traces: [traceChange(traceId, [running])], metrics: [] });
  await client.until(() => client.rows.some((row) => row.id === id));
  await store.commit({ traces: [traceChange(traceId, [eventChange(traceId, id, 2)], 1n)], metrics: [] });
  await client.until(() => client.rows.some((row) => row.id === id && row.revision === 2));

  expect(client.rows.filter((row) => row.id === id).map((row) => row.removed ?? false)).toEqual([false, true]);
  client.disconnect();
});

test('sockets without a credential, or with a wrong one, are refused', async () => {
  const answer = async (headers: Record<string, string>): Promise<number> =>
    (await fetch(`${collector.api}/api/events`, { headers })).status;

  expect(await answer({})).toBe(401);
  expect(await answer({ authorization: 'Bearer wrong-key-of-the-tests' })).toBe(403);
  await expect(new LiveClient(collector.api, 'wrong-key-of-the-tests').connect()).rejects.toThrow('403');
});
