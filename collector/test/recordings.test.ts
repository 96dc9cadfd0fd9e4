import type { EventDetail, EventPage, EventRow, RunPage } from '@signalbox/event-model';
import { readContents } from '../src/store/contents.ts';
import { LiveClient } from '../src/testing/live-client.ts';
import {
  PLANTED_SECRET,
  readExpectation,
  readRecording,
  splitRequest,
  type Expectation,
  type RecordedRequest,
} from '../src/testing/recordings.ts';
import { createTestDatabase, type TestDatabase } from '../src/testing/test-database.ts';
import { READ_KEY, startTestCollector, type TestCollector } from '../src/testing/test-collector.ts';

const NAMES = [
  'langgraph-openinference',
  'ai-sdk-6',
  'openai-agents-openinference',
  'proto-gzip-raw',
  'logfire-pending',
  'mastra-agent-approval',
  'claude-code',
];

/** Recordings in which no secret was planted. */
const WITHOUT_SECRET = new Set(['proto-gzip-raw', 'logfire-pending', 'mastra-agent-approval', 'claude-code']);

async function post(collector: TestCollector, request: RecordedRequest): Promise<void> {
  const answer = await fetch(`${collector.http}${request.path}`, {
    method: 'POST',
    headers: request.headers,
    body: request.body,
  });
  expect(answer.status).toBe(200);
}

async function allEvents(collector: TestCollector): Promise<EventRow[]> {
  return (await collector.get<EventPage>('/api/events?limit=1000&order=oldest')).events;
}

/** Counts under the names of expected.json. */
function tally(events: readonly EventRow[]): Record<string, number> {
  const count = (matches: (event: EventRow) => boolean): number => events.filter(matches).length;
  const ofType = (type: string, status?: string) =>
    count((event) => event.type === type && (status === undefined || event.status === status));
  return {
    UserInput: ofType('user_input'),
    ModelRequest: ofType('model_request'),
    ModelResponse: ofType('model_response', 'completed'),
    ToolCall: ofType('tool_call'),
    ToolResultOk: ofType('tool_result', 'completed'),
    ToolResultError: ofType('tool_result', 'error'),
    PlanUpdate: ofType('plan_update'),
    ApprovalRequest: ofType('approval_request'),
    ApprovalDecision: ofType('approval_decision'),
    Error: ofType('error'),
    ToolRejected: ofType('tool_call', 'rejected'),
    ApprovalDecisionAutoAccept: count(
      ({ type, status, actor }) => type === 'approval_decision' && status === 'completed' && actor.kind === 'system',
    ),
    ApprovalDecisionReject: ofType('approval_decision', 'rejected'),
  };
}

function startsOf(events: readonly EventRow[], type: string): Record<string, number> {
  const starts: Record<string, number> = {};
  for (const { type: each, actor } of events) if (each === type) starts[actor.name] = (starts[actor.name] ?? 0) + 1;
  return starts;
}

/** Everything that must not depend on how the telemetry arrived. */
function lasting(events: readonly EventRow[]): unknown[] {
  return events
    .map((event) => ({
      ...event,
      receivedAt: '',
      revision: 0,
      summary: event.summary.replace(/:[0-9a-f]{8}\]/g, ':mark]'),
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

function shuffled<T>(items: readonly T[], seed: number): T[] {
  let state = seed;
  const next = (): number => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648);
  return items
    .map((item) => ({ item, at: next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

describe.each(NAMES)('%s', (name) => {
  const expected: Expectation = readExpectation(name);
  let db: TestDatabase;
  let collector: TestCollector;
  let live: LiveClient;

  beforeAll(async () => {
    db = await createTestDatabase();
    collector = await startTestCollector(db.url);
    live = new LiveClient(collector.api, READ_KEY);
    await live.connect();
    for (const request of readRecording(name)) await post(collector, request);
  });
  afterAll(async () => {
    live.disconnect();
    await collector.stop();
    await db.drop();
  });

  test('comes to exactly the expected events', async () => {
    const events = await allEvents(collector);

    const counts = tally(events);
    for (const [key, count] of Object.entries(expected.counts ?? {})) expect([key, counts[key]]).toEqual([key, count]);
    if (expected.agentRuns) expect(startsOf(events, 'agent_started')).toEqual(expected.agentRuns);
    if (expected.nodeRuns) expect(startsOf(events, 'node_started')).toEqual(expected.nodeRuns);
    if (expected.models) expect([...new Set(events.flatMap((event) => event.model ?? []))]).toEqual(expected.models);
    const tools = new Set(events.filter((event) => event.type === 'tool_call').map((event) => event.tool));
    if (expected.tools) expect([...tools].sort()).toEqual([...new Set(expected.tools)].sort());
  });

  test('ends with every run and event settled, in the named session', async () => {
    const { runs } = await collector.get<RunPage>('/api/runs?limit=100');
    const events = await allEvents(collector);

    if (expected.traces) expect(runs).toHaveLength(expected.traces);
    expect(events.filter((event) => event.status === 'in_progress' || event.status === 'waiting')).toEqual([]);
    if (expected.session?.value)
      expect(runs.some((run) => run.sessionId === expected.session?.value?.split(' ')[0])).toBe(true);
    for (const [workflow, count] of Object.entries(expected.workflowRuns ?? {})) {
      expect(runs.filter((run) => run.workflow === workflow)).toHaveLength(count);
    }
  });

  test('gives the same rows in any order, one by one, twice over, with a restart in the middle', async () => {
    const reference = lasting(await allEvents(collector));
    const pieces = readRecording(name).flatMap(splitRequest);
    const other = await createTestDatabase();
    const order = shuffled([...pieces, ...pieces], name.length);
    const half = Math.floor(order.length / 2);

    const before = await startTestCollector(other.url);
    await Promise.all(order.slice(0, half).map((request) => post(before, request)));
    await before.stop();
    const restarted = await startTestCollector(other.url);
    await Promise.all(order.slice(half).map((request) => post(restarted, request)));
    const again = lasting(await allEvents(restarted));
    await restarted.stop();
    const { rows } = await other.database.read.query<{ extra: bigint }>(
      'select count(*) - count(distinct (run_id, span_id)) as extra from spans',
    );
    await other.drop();

    expect(again).toEqual(reference);
    expect(rows[0]?.extra).toBe(0n);
  });

  test('the planted secret is in no table, answer or frame', async () => {
    const events = await allEvents(collector);
    const details = await Promise.all(events.map((event) => collector.get<EventDetail>(`/api/events/${event.id}`)));
    const newest = new Map(events.map((event) => [event.id, event.revision]));
    await live.until(() =>
      [...newest].every(([id, revision]) => live.rows.some((row) => row.id === id && row.revision === revision)),
    );

    const sinks = {
      api: JSON.stringify([events, details]),
      live: JSON.stringify(live.frames),
      database: await dump(db),
    };

    for (const [sink, text] of Object.entries(sinks))
      expect([sink, text.includes(PLANTED_SECRET)]).toEqual([sink, false]);
    expect(sinks.database).toMatch(WITHOUT_SECRET.has(name) ? /./ : /\[redacted:/);
  });
});

/** Every row of every table as text, contents unpacked. */
async function dump(db: TestDatabase): Promise<string> {
  const pool = db.database.read;
  const { rows: tables } = await pool.query<{ name: string }>(
    `select relname as name from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace and not relispartition`,
  );
  const texts: string[] = [];
  for (const { name } of tables) {
    const { rows } = await pool.query<{ row: string }>(`select t::text as row from ${name} as t`);
    texts.push(...rows.map(({ row }) => row));
  }
  const { rows: hashes } = await pool.query<{ hash: Buffer }>('select hash from contents');
  const contents = await readContents(pool, new Set(hashes.map(({ hash }) => hash.toString('base64url'))));
  return [...texts, ...contents.values()].join('\n');
}
