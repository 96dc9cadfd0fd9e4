import type { DerivedEvent } from './derivation.ts';
import { readExpected, readFixture } from './testing/fixtures.ts';
import { itemsOf, MappingDriver } from './testing/mapping-driver.ts';

const EXACT = [
  'langgraph-openinference',
  'ai-sdk-6',
  'openai-agents-openinference',
  'proto-gzip-raw',
  'logfire-pending',
  'mastra-agent-approval',
  'claude-code',
];

function deriveFixture(name: string): MappingDriver {
  const driver = new MappingDriver();
  for (const request of readFixture(name)) driver.add(itemsOf([request]));
  return driver;
}

function countOf(events: readonly DerivedEvent[]): Record<string, number> {
  const count = (type: string, status?: string): number =>
    new Set(
      events
        .filter((event) => event.type === type && (status === undefined || event.status === status))
        .map((event) => event.id),
    ).size;
  return {
    UserInput: count('user_input'),
    ModelRequest: count('model_request'),
    ModelResponse: count('model_response', 'completed'),
    ToolCall: count('tool_call'),
    ToolResultOk: count('tool_result', 'completed'),
    ToolResultError: count('tool_result', 'error'),
    PlanUpdate: count('plan_update'),
    ApprovalRequest: count('approval_request'),
    ApprovalDecision: count('approval_decision'),
    Error: count('error'),
    ToolRejected: count('tool_call', 'rejected'),
    ApprovalDecisionAutoAccept: events.filter(
      ({ type, status, actor }) => type === 'approval_decision' && status === 'completed' && actor.kind === 'system',
    ).length,
    ApprovalDecisionReject: count('approval_decision', 'rejected'),
  };
}

function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function actorsOf(events: readonly DerivedEvent[], type: string): string[] {
  return events.filter((event) => event.type === type).map((event) => event.actor.name);
}

describe.each(EXACT)('recorded %s', (name) => {
  const expected = readExpected(name);
  const driver = deriveFixture(name);
  const events = driver.events();

  test('gives exactly the expected events', () => {
    const counts = countOf(events);

    for (const [key, count] of Object.entries(expected.counts)) expect([key, counts[key]]).toEqual([key, count]);
  });

  test('starts the expected agents and nodes', () => {
    expect(tally(actorsOf(events, 'agent_started'))).toEqual(expected.agentRuns ?? {});
    expect(tally(actorsOf(events, 'node_started'))).toEqual(expected.nodeRuns ?? {});
  });

  test('names the expected models and tools', () => {
    const models = new Set(events.map((event) => event.model).filter((model) => model !== null));
    const tools = new Set(events.map((event) => event.tool).filter((tool) => tool !== null));

    if (expected.models !== undefined) expect([...models]).toEqual(expected.models);
    expect([...tools].sort()).toEqual([...new Set(expected.tools)].sort());
  });

  test('names the expected workflows', () => {
    const workflows = driver.derivations().map(([, { run }]) => run.workflow);

    if (expected.workflowRuns === undefined) return;
    expect(tally(workflows.filter((workflow) => workflow !== null))).toEqual(expected.workflowRuns);
  });

  test('leaves nothing in progress or waiting', () => {
    expect(events.filter((event) => event.status === 'in_progress' || event.status === 'waiting')).toEqual([]);
  });

  test('keeps every parent inside the trace and every id distinct', () => {
    const ids = new Set(events.map((event) => event.id));

    expect(ids.size).toBe(events.length);
    for (const event of events) if (event.parentId !== null) expect(ids).toContain(event.parentId);
  });

  test('nests agents, nodes and tools as expected', () => {
    const byId = new Map(events.map((event) => [event.id, event]));
    const label = (event: DerivedEvent | undefined): string =>
      event?.type === 'tool_call' || event?.type === 'tool_result'
        ? (event.tool ?? '').replace(/^handoff_to_.*/, 'handoff')
        : (event?.actor.name ?? '');
    const edges = new Set(
      events
        .filter((event) => event.parentId !== null)
        .map((event) => `${label(byId.get(event.parentId ?? ''))}>${label(event)}`),
    );

    for (const edge of expected.parents ?? []) expect(edges).toContain(edge);
  });
});

test('a session named by one span holds for the whole trace', () => {
  const events = deriveFixture('langgraph-openinference').events();

  expect(new Set(events.map((event) => event.sessionId))).toEqual(new Set(['sess-42']));
});

test('a sub-agent inherits the session of its caller, the user is the sender’s', () => {
  const driver = deriveFixture('ai-sdk-6');
  const [, first] = driver.derivations()[0] ?? [];

  expect(new Set(first?.events.map((event) => event.sessionId))).toEqual(new Set(['sess-42']));
  expect(first?.run).toMatchObject({
    user: 'user-7',
    status: 'completed',
    workflow: 'planner',
    usage: { input: 720, output: 144 },
  });
});

test('the order of node runs tells the edges of the graph', () => {
  const runs = deriveFixture('langgraph-openinference')
    .events()
    .filter((event) => event.type === 'node_started')
    .sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1))
    .map((event) => event.actor.name)
    .filter((node, at, all) => node !== all[at - 1]);
  const path = ['__start__', ...runs];
  const edges = path.slice(1).map((node, at) => `${path[at]}>${node}`);

  expect(edges).toEqual(readExpected('langgraph-openinference').graphEdges);
});

test('an interrupt waits until the resumed trace answers, and links the two', () => {
  const items = itemsOf(readFixture('langgraph-openinference'));
  const interrupted = items.filter((item) => 'span' in item && item.span.traceId.startsWith('67bcbf'));
  const driver = new MappingDriver();
  driver.add(interrupted);
  const [, before] = driver.derivations()[0] ?? [];

  expect(before?.run.status).toBe('waiting');
  expect(before?.events.find((event) => event.type === 'approval_request')).toMatchObject({ status: 'waiting' });
  expect(
    before?.events.filter((event) => event.type === 'node_started' && event.actor.name === 'approval'),
  ).toMatchObject([{ status: 'waiting' }]);

  driver.add(items);
  const byTrace = new Map(driver.derivations());
  const first = [...byTrace.keys()].find((id) => id.startsWith('67bcbf')) ?? '';
  const resumed = [...byTrace.values()].find(({ run }) => run.continuesTraceId !== null);
  expect(byTrace.get(first)?.run.status).toBe('completed');
  expect(resumed?.run.continuesTraceId).toBe(first);
  expect(byTrace.get(first)?.events.find((event) => event.type === 'approval_request')?.status).toBe('completed');
});

test('a call proposed in one trace and run in another is one call', () => {
  const driver = deriveFixture('openai-agents-openinference');
  const publish = driver
    .events()
    .filter((event) => event.tool === 'publish_report')
    .map((event) => [event.type, event.status]);

  expect(publish.sort()).toEqual([
    ['approval_decision', 'completed'],
    ['approval_request', 'completed'],
    ['tool_call', 'completed'],
    ['tool_result', 'completed'],
  ]);
});

test('a start notice shows agent, step and model request in progress with the prompt readable', () => {
  const [first] = readFixture('logfire-pending');
  const driver = new MappingDriver();
  driver.add(itemsOf(first === undefined ? [] : [first]));
  const [, derivation] = driver.derivations()[0] ?? [];
  const request = derivation?.events.find((event) => event.type === 'model_request');

  expect(derivation?.run.status).toBe('in_progress');
  expect(derivation?.events.map((event) => [event.type, event.status])).toEqual(
    expect.arrayContaining([
      ['agent_started', 'in_progress'],
      ['model_request', 'in_progress'],
      ['user_input', 'completed'],
    ]),
  );
  expect(JSON.stringify(request?.content())).toContain('Find prices');
});

test('a system prompt lost from the indexed messages is read from the serialised input', () => {
  const request = deriveFixture('langgraph-openinference')
    .events()
    .find((event) => event.type === 'model_request' && event.actor.name === 'planner_agent');

  expect(JSON.stringify(request?.content())).toContain('You are the Planner agent.');
});

test('the log record of a prompt shows a model call before its span', () => {
  const requests = readFixture('proto-gzip-raw');
  const logs = itemsOf(requests).filter((item) => 'log' in item);
  const driver = new MappingDriver();
  driver.add(logs.slice(0, 2));

  expect(driver.events().map((event) => [event.type, event.status])).toEqual(
    expect.arrayContaining([
      ['model_request', 'in_progress'],
      ['user_input', 'completed'],
    ]),
  );
});
