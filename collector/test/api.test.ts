import type { CollectorStatus, EventDetail, EventPage, Problem, RunPage, Run } from '@signalbox/event-model';
import { agentRequest } from '../bench/agent-traffic.ts';
import { createTestDatabase, type TestDatabase } from '../src/testing/test-database.ts';
import { READ_KEY, startTestCollector, type TestCollector } from '../src/testing/test-collector.ts';

const PASSWORD = 'a password for the tests';

let db: TestDatabase;
let collector: TestCollector;
let traceIds: string[];

beforeAll(async () => {
  db = await createTestDatabase();
  collector = await startTestCollector(db.url, { SIGNALBOX_ADMIN_PASSWORD: PASSWORD });
  const request = agentRequest(12, 600);
  traceIds = request.traceIds;
  await collector.send('/v1/traces', request.body);
});
afterAll(async () => {
  await collector.stop();
  await db.drop();
});

const runIdOf = (traceId: string): string => traceId.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

async function problem(path: string, init: RequestInit = {}): Promise<Problem> {
  const answer = await fetch(`${collector.api}${path}`, { headers: { authorization: `Bearer ${READ_KEY}` }, ...init });
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const body = (await answer.json()) as Problem;
  expect(body.status).toBe(answer.status);
  return body;
}

describe('history', () => {
  test.each(['newest', 'oldest'])('pages %s first reach every event once', async (order) => {
    const ids: string[] = [];
    const starts: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: EventPage = await collector.get(
        `/api/events?limit=7&order=${order}${cursor ? `&cursor=${cursor}` : ''}`,
      );
      ids.push(...page.events.map((event) => event.id));
      starts.push(...page.events.map((event) => event.startedAt));
      cursor = page.nextCursor;
    }

    const runs = await collector.get<RunPage>('/api/runs?limit=100');
    const counted = runs.runs.flatMap((run) => Object.values(run.counts)).reduce((sum, count) => sum + count, 0);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(counted);
    const sorted = [...starts].sort();
    expect(starts).toEqual(order === 'oldest' ? sorted : sorted.reverse());
  });

  test('filters select by run, type, tool and text', async () => {
    const run = runIdOf(traceIds[0] ?? '');

    const all = await collector.get<EventPage>(`/api/events?run=${run}`);
    const tools = await collector.get<EventPage>(
      `/api/events?run=${traceIds[0]}&type=tool_call,tool_result&tool=search`,
    );
    const found = await collector.get<EventPage>(`/api/events?q=SHOPPER+search&run=${run}`);
    const none = await collector.get<EventPage>('/api/events?q=no-such-word-anywhere');

    expect(all.events.every((event) => event.runId === run)).toBe(true);
    expect(tools.events.map((event) => event.type).sort()).toEqual(['tool_call', 'tool_result']);
    expect(found.events.length).toBeGreaterThan(0);
    expect(none.events).toEqual([]);
  });

  test('one event comes with its bodies, one run with its counts', async () => {
    const [event] = (await collector.get<EventPage>(`/api/events?run=${traceIds[1]}&type=model_request`)).events;
    const detail = await collector.get<EventDetail>(`/api/events/${event?.id}`);
    const run = await collector.get<Run>(`/api/runs/${traceIds[1]}`);

    expect(detail.content).toMatchObject({ kind: 'model_request', notCaptured: false });
    expect(JSON.stringify(detail.content)).toContain('customer');
    expect(run).toMatchObject({
      status: 'completed',
      service: 'bench',
      models: ['qwen3'],
      tools: ['search'],
      agents: ['shopper'],
    });
    expect(run.usage).toMatchObject({ input: 120, output: 24 });
  });

  test.each([
    ['/api/events?limit=0', 400, 'invalid_request'],
    ['/api/events?limit=5000', 400, 'invalid_request'],
    ['/api/events?cursor=garbage', 400, 'invalid_request'],
    ['/api/events?from=yesterday', 400, 'invalid_request'],
    ['/api/events?run=7', 400, 'invalid_request'],
    ["/api/events?session=';drop table events;--", 200, ''],
    ['/api/events/00000000-0000-0000-0000-000000000000', 404, 'not_found'],
    ['/api/runs/00000000-0000-0000-0000-000000000000', 404, 'not_found'],
    ['/api/nothing', 404, 'not_found'],
  ])('%s is answered %i', async (path, status, code) => {
    if (status === 200) return void (await collector.get(path));
    expect(await problem(path)).toMatchObject({ status, code });
  });
});

describe('who may read', () => {
  test('without a credential only health and sign-in answer', async () => {
    const status = async (path: string): Promise<number> =>
      (await fetch(`${collector.api}${path}`, { redirect: 'manual' })).status;

    expect(await status('/healthz')).toBe(200);
    expect(await status('/readyz')).toBe(200);
    expect(await status('/sign-in')).toBe(200);
    for (const path of [
      '/api/events',
      '/api/runs',
      '/api/status',
      '/api/session',
      '/metrics',
      '/public/host/index.html',
      '/nothing',
    ]) {
      expect([path, await status(path)]).toEqual([path, 401]);
    }
    expect(await status('/')).toBe(303);
  });

  test('a call that came through Grafana is never answered 401', async () => {
    expect(await problem('/api/events', { headers: { 'x-grafana-id': 'token' } })).toMatchObject({
      status: 403,
      code: 'not_signed_in',
    });
    expect(await problem('/api/events', { headers: { authorization: 'Bearer wrong' } })).toMatchObject({
      status: 403,
      code: 'wrong_key',
    });
  });

  test('the link signs in once, with a cookie no script can read', async () => {
    const first = await fetch(collector.signInLink, { redirect: 'manual' });
    const second = await fetch(collector.signInLink, { redirect: 'manual' });

    expect(first.status).toBe(303);
    expect(first.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Lax/);
    expect(second.status).toBe(403);
    expect(second.headers.get('set-cookie')).toBeNull();
  });

  test('a session by password reads, changes only with its CSRF token, and only from our own pages', async () => {
    const signIn = (password: string) =>
      fetch(`${collector.api}/sign-in`, {
        method: 'POST',
        body: new URLSearchParams({ password }),
        redirect: 'manual',
      });
    expect((await signIn('wrong')).status).toBe(403);
    const cookie = (await signIn(PASSWORD)).headers.get('set-cookie')?.split(';')[0] ?? '';
    const session = (await (await fetch(`${collector.api}/api/session`, { headers: { cookie } })).json()) as {
      csrfToken: string;
    };
    const signOut = (headers: Record<string, string>) =>
      fetch(`${collector.api}/api/session/sign-out`, { method: 'POST', headers: { cookie, ...headers } });

    expect((await signOut({})).status).toBe(403);
    expect((await signOut({ 'x-signalbox-csrf': session.csrfToken, origin: 'http://evil.example' })).status).toBe(403);
    expect(
      (await fetch(`${collector.api}/api/events`, { headers: { cookie, origin: 'http://evil.example' } })).status,
    ).toBe(403);
    expect((await signOut({ 'x-signalbox-csrf': session.csrfToken })).status).toBe(204);
    expect((await fetch(`${collector.api}/api/session`, { headers: { cookie } })).status).toBe(401);
  });

  test('guessing passwords is slowed down', async () => {
    const signIn = () =>
      fetch(`${collector.api}/sign-in`, {
        method: 'POST',
        body: new URLSearchParams({ password: 'guess' }),
        redirect: 'manual',
      });
    const answers: number[] = [];
    for (let guess = 0; guess < 12; guess++) answers.push((await signIn()).status);

    expect(answers).toContain(429);
  });
});

test('the status names the addresses agents send to and what came in', async () => {
  const status = await collector.get<CollectorStatus>('/api/status');

  expect(status).toMatchObject({ database: 'ok', demo: false, otlp: { grpc: collector.grpc, http: collector.http } });
  expect(status.received.spans).toBe(36);
});
