import type {
  EventPage,
  GraphView,
  PlanView,
  Problem,
  Run,
  RunPage,
  SequenceView,
  Session,
  SessionPage,
} from '@signalbox/event-model';
import type { z } from 'zod';
import { routeTable } from '../src/api/route-table.ts';
import type { Route } from '../src/api/routing/route.ts';
import { createTestDatabase, type TestDatabase } from '../src/testing/test-database.ts';
import { READ_KEY, startTestCollector, type TestCollector } from '../src/testing/test-collector.ts';
import { readRecording } from '../src/testing/recordings.ts';

const RECORDINGS = [
  'langgraph-openinference',
  'ai-sdk-6',
  'openai-agents-openinference',
  'proto-gzip-raw',
  'logfire-pending',
  'mastra-agent-approval',
  'claude-code',
];

interface Parameter {
  name: string;
  in: string;
  schema: { default?: unknown };
}
interface Operation {
  operationId: string;
  'x-signalbox-access': string;
  parameters: Parameter[];
  responses: Record<string, { content?: Record<string, { schema: Record<string, unknown> }> }>;
}
interface OpenApi {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
}

let db: TestDatabase;
let collector: TestCollector;
let runs: Run[];

beforeAll(async () => {
  db = await createTestDatabase();
  collector = await startTestCollector(db.url);
  for (const name of RECORDINGS) {
    for (const { path, headers, body } of readRecording(name)) {
      const answer = await fetch(`${collector.http}${path}`, { method: 'POST', headers, body });
      expect(answer.status).toBe(200);
    }
  }
  runs = (await collector.get<RunPage>('/api/runs?limit=1000')).runs;
});
afterAll(async () => {
  await collector.stop();
  await db.drop();
});

const runOf = (trace: string): string => runs.find(({ traceId }) => traceId.startsWith(trace))?.id ?? '';
const refused = async (path: string): Promise<Problem> => {
  const answer = await fetch(`${collector.api}${path}`, { headers: { authorization: `Bearer ${READ_KEY}` } });
  return (await answer.json()) as Problem;
};

describe('views of a run', () => {
  test('the graph joins a resumed run with the one it continues', async () => {
    const view = await collector.get<GraphView>(`/api/runs/${runOf('7414d3')}/graph`);

    expect(view.edges.map(({ source, target, taken }) => `${source}>${target} ${taken}`).sort()).toEqual([
      '__start__>planner 1',
      'approval>publish 1',
      'coder>approval 1',
      'planner>coder 1',
      'publish>__end__ 1',
    ]);
    expect(view.nodes.find(({ id }) => id === 'approval')).toMatchObject({ visits: 1, status: 'completed' });
  });

  test('the plan of a resumed run is that of the task, and as of a time what it was then', async () => {
    const run = runOf('7414d3');
    const plan = await collector.get<PlanView>(`/api/runs/${run}/plan`);
    const [revision] = plan.revisions;
    const asOf = await collector.get<PlanView>(`/api/runs/${run}/plan?at=${revision?.eventId}`);
    const before = await collector.get<PlanView>(`/api/runs/${run}/plan?at=2026-11-20T00:00:00Z`);

    expect(plan.items.map(({ owner, status }) => [owner, status])).toEqual([
      ['planner_agent', 'in_progress'],
      ['planner_agent', 'pending'],
    ]);
    expect(revision?.runId).toBe(runOf('67bcbf'));
    expect(asOf).toEqual(plan);
    expect(before).toMatchObject({ items: [], revisions: [] });
  });

  test('the sequence names events of the feed', async () => {
    const run = runOf('5857b6');
    const view = await collector.get<SequenceView>(`/api/runs/${run}/sequence`);
    const { events } = await collector.get<EventPage>(`/api/events?run=${run}&limit=1000`);
    const known = new Set(events.map(({ id }) => id));

    expect(view.messages.length).toBeGreaterThan(20);
    expect(view.messages.every(({ eventId }) => known.has(eventId))).toBe(true);
  });

  test.each(['plan', 'graph', 'sequence'])('every recorded run has its %s', async (view) => {
    for (const { id } of runs) await collector.get(`/api/runs/${id}/${view}`);
  });

  test.each([
    ['/api/runs/00000000-0000-0000-0000-000000000000/plan', 404, 'not_found'],
    ['/api/runs/00000000-0000-0000-0000-000000000000/graph', 404, 'not_found'],
    ['/api/runs/00000000-0000-0000-0000-000000000000/sequence', 404, 'not_found'],
    ['/api/runs/7/graph', 400, 'invalid_request'],
  ])('%s is answered %i', async (path, status, code) => {
    expect(await refused(path)).toMatchObject({ status, code });
  });

  test('a plan cannot be asked for as of an event of another run', async () => {
    const path = `/api/runs/${runOf('7414d3')}/plan?at=00000000-0000-0000-0000-000000000000`;

    expect(await refused(path)).toMatchObject({ status: 400, code: 'invalid_request' });
  });
});

describe('sessions', () => {
  test('pages reach every session once, the one heard last first', async () => {
    const seen: Session[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: SessionPage = await collector.get(`/api/sessions?limit=2${cursor ? `&cursor=${cursor}` : ''}`);
      seen.push(...page.sessions);
      cursor = page.nextCursor;
    }

    expect(seen.map(({ id }) => id).sort()).toEqual([...new Set(runs.map(({ sessionId }) => sessionId))].sort());
    const heard = seen.map(({ lastSeenAt }) => lastSeenAt);
    expect(heard).toEqual([...heard].sort().reverse());
  });

  test('a session sums up its runs', async () => {
    const session = await collector.get<Session>('/api/sessions/sess-42');
    const own = runs.filter(({ sessionId }) => sessionId === 'sess-42');
    const inputs = own.reduce((sum, { usage }) => sum + (usage.input ?? 0), 0);
    const calls = own.reduce((sum, { counts }) => sum + (counts['tool_call'] ?? 0), 0);

    expect(session).toMatchObject({
      runs: own.length,
      startedAt: own.map(({ startedAt }) => startedAt).sort()[0],
      workflows: [...new Set(own.flatMap(({ workflow }) => workflow ?? []))].sort(),
      agents: [...new Set(own.flatMap(({ agents }) => agents))].sort(),
      user: 'user-7',
    });
    expect(session.usage.input).toBe(inputs);
    expect(session.counts['tool_call']).toBe(calls);
  });

  test('filters look at the runs of a session', async () => {
    const ids = async (query: string): Promise<string[]> =>
      (await collector.get<SessionPage>(`/api/sessions?${query}`)).sessions.map(({ id }) => id);

    expect(await ids('workflow=price_workflow')).toEqual(['sess-42']);
    expect(await ids('q=PRICE_WORK')).toEqual(['sess-42']);
    expect(await ids('q=no-such-word')).toEqual([]);
    expect(await ids('from=2030-01-01T00:00:00Z')).toEqual([]);
    expect(await ids('from=2026-11-20T00:00:00Z&to=2026-11-21T00:00:00Z')).toContain('sess-42');
    const open = runs.filter(({ status }) => status === 'in_progress').map(({ sessionId }) => sessionId);
    expect((await ids('status=in_progress')).sort()).toEqual([...new Set(open)].sort());
  });

  test.each([
    ['/api/sessions/nobody', 404, 'not_found'],
    ['/api/sessions?cursor=garbage', 400, 'invalid_request'],
    ['/api/sessions?limit=0', 400, 'invalid_request'],
  ])('%s is answered %i', async (path, status, code) => {
    expect(await refused(path)).toMatchObject({ status, code });
  });
});

describe('the documents', () => {
  const references = (value: unknown): string[] => {
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([key, inner]) =>
      key === '$ref' && typeof inner === 'string' ? [inner] : references(inner),
    );
  };
  const resolve = (document: unknown, reference: string): unknown =>
    reference
      .slice(2)
      .split('/')
      .reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], document);

  test.each(['/openapi.json', '/asyncapi.json'])('every reference in %s resolves', async (path) => {
    const document = await collector.get<Record<string, unknown>>(path);
    const all = [...new Set(references(document))];

    expect(all.length).toBeGreaterThan(0);
    expect(
      all.filter((reference) => !reference.startsWith('#/') || resolve(document, reference) === undefined),
    ).toEqual([]);
  });

  test('both sockets are described, with every frame in both directions', async () => {
    const { channels, components } = await collector.get<{
      channels: Record<string, { address: string; messages: object }>;
      components: { messages: Record<string, { payload: object }> };
    }>('/asyncapi.json');

    expect(Object.values(channels).map(({ address }) => address)).toEqual(['/ws/events', '/agent']);
    expect(Object.keys(channels['agent']?.messages ?? {})).toEqual(
      expect.arrayContaining(['agent.hello', 'agent.approval.request', 'agent.command.report', 'agent.command']),
    );
    expect(components.messages['agent.hello']?.payload).toMatchObject({
      required: expect.arrayContaining(['agentId']),
    });
  });

  test('an operation has a name of its own, says who may call it, and describes every parameter of its path', async () => {
    const document = await collector.get<OpenApi>('/openapi.json');
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.values(methods).map((operation) => ({ path, ...operation })),
    );

    expect(document.openapi).toMatch(/^3\.1\./);
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    for (const { path, parameters, ...operation } of operations) {
      expect(['public', 'reader', 'decider', 'admin']).toContain(operation['x-signalbox-access']);
      const inPath = parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => `{${name}}`);
      expect(path.match(/\{\w+\}/g) ?? []).toEqual(inPath);
    }
  });

  test('names a default where one holds', async () => {
    const { paths } = await collector.get<OpenApi>('/openapi.json');
    const limit = paths['/api/events']?.['get']?.parameters.find(({ name }) => name === 'limit');

    expect(limit?.schema).toMatchObject({ type: 'integer', minimum: 1, maximum: 1000, default: 100 });
  });
});

/** Handlers are never called: what is looked at are the entries themselves. */
const TABLE: readonly Route[] = routeTable({} as Parameters<typeof routeTable>[0]);
const READABLE = TABLE.filter(
  ({ method, access, answer }) => method === 'get' && access !== 'admin' && !answer.mediaType,
);

describe('every documented answer is what its schema says:', () => {
  const pathsOf = async (path: string): Promise<string[]> => {
    if (path === '/api/metrics') return ['/api/metrics?name=gen_ai.client.token.usage'];
    if (!path.includes('{id}')) return [path];
    if (path.startsWith('/api/runs/')) return runs.map(({ id }) => path.replace('{id}', id));
    if (path.startsWith('/api/sessions/')) return [path.replace('{id}', 'sess-42')];
    if (path.startsWith('/api/events/')) {
      const { events } = await collector.get<EventPage>('/api/events?limit=1000');
      return events.map(({ id }) => path.replace('{id}', id));
    }
    return [];
  };

  test.each(READABLE.map(({ path, answer }) => [path, answer.schema] as [string, z.ZodType]))(
    '%s',
    async (path, schema) => {
      for (const target of await pathsOf(path)) {
        const answer = await collector.get(target);

        // A schema drops the members it does not know: nothing may be missing afterwards.
        expect(schema.parse(answer)).toEqual(answer);
      }
    },
  );

  test('there is one for each of the paths of the document', async () => {
    const { paths } = await collector.get<OpenApi>('/openapi.json');

    expect(Object.keys(paths).sort()).toEqual([...new Set(TABLE.map(({ path }) => path))].sort());
  });
});
