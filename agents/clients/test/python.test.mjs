import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { contentOf, eventsOf, get, runClient, settledRuns, telemetryTo, tell } from './support.mjs';

const PYTHON = process.env.CLIENT_TEST_PYTHON;
const MODEL = 'model:scripted-mini';

describe(
  'Python',
  { skip: PYTHON === '' ? 'there is no Python 3.10 or newer with venv' : false, concurrency: 2 },
  () => {
    test('LangGraph with OpenInference: plan, tools, a failure, a question and its answer', async () => {
      const session = 'python-langgraph';
      await runClient(PYTHON, ['python/langgraph_agent.py', session], telemetryTo('http/protobuf', 'travel'));
      const runs = await settledRuns(session, 2);
      const [asked, resumed] = runs;
      assert.deepEqual(
        runs.map(({ workflow, service, status, usage }) => ({ workflow, service, status, usage })),
        [
          { workflow: 'travel_graph', service: 'travel', status: 'completed', usage: { input: 250, output: 50 } },
          { workflow: 'travel_graph', service: 'travel', status: 'completed', usage: {} },
        ],
      );
      assert.deepEqual([asked.continuesRunId, resumed.continuesRunId], [null, asked.id]);
      assert.deepEqual([asked.models, asked.tools], [['scripted-mini'], ['book_flight', 'get_weather']]);
      const events = await eventsOf(session);
      assert.deepEqual(tell(events), LANGGRAPH);
      await checkCalls(events);
      await checkApproval(events);
      await checkViews(resumed.id);
    });

    test('spans of the OpenTelemetry SDK over gRPC', async () => {
      const session = 'python-gen-ai';
      await runClient(PYTHON, ['python/gen_ai_agent.py', session], telemetryTo('grpc', 'weather'));
      const [run] = await settledRuns(session);
      assert.deepEqual(
        [run.workflow, run.service, run.status, run.agents, run.models, run.tools, run.usage],
        [
          'weather-agent',
          'weather',
          'completed',
          ['weather-agent'],
          ['scripted-mini'],
          ['get_weather'],
          { input: 100, output: 15 },
        ],
      );
      const events = await eventsOf(session);
      assert.deepEqual(tell(events), GEN_AI);
      const result = await contentOf(events, ({ type }) => type === 'tool_result');
      assert.deepEqual([result.callId, result.error], ['call_1', 'the station answered 503']);
      const error = await contentOf(events, ({ type }) => type === 'error');
      assert.deepEqual([error.message, error.errorType], ['the station answered 503', 'ConnectionError']);
      const answer = await contentOf(events, ({ type, usage }) => type === 'model_response' && usage.output === 7);
      assert.deepEqual(answer.messages[0].parts, [
        { kind: 'content', content: { kind: 'text', text: 'The weather is not known.' } },
      ]);
    });
  },
);

async function checkCalls(events) {
  const of = (type, tool) => contentOf(events, (event) => event.type === type && event.tool === tool);
  for (const [tool, key, args] of [
    ['get_weather', 'call_weather', { city: 'Lisbon' }],
    ['book_flight', 'call_flight', { to: 'Lisbon' }],
  ]) {
    const call = await of('tool_call', tool);
    assert.deepEqual([call.callId, call.arguments], [key, { kind: 'json', value: args }]);
  }
  assert.deepEqual((await of('tool_result', 'get_weather')).result, { kind: 'text', text: '21 degrees in Lisbon' });
  assert.equal((await of('tool_result', 'book_flight')).error, 'the airline answered 503');
  const error = await contentOf(events, ({ type }) => type === 'error');
  assert.deepEqual([error.message, error.errorType], ['the airline answered 503', 'RuntimeError']);
}

async function checkApproval(events) {
  const { approval, correlationKey } = await contentOf(events, ({ type }) => type === 'approval_request');
  assert.equal(approval.action, 'publish_report');
  assert.deepEqual(approval.arguments, { kind: 'json', value: { path: 'report.md' } });
  assert.equal(approval.risk, 'high');
  assert.match(correlationKey, /^interrupt:/);
  const decided = await contentOf(events, ({ type }) => type === 'approval_decision');
  assert.deepEqual([decided.decision, decided.by, decided.action], ['approve', 'human', 'publish_report']);
}

async function checkViews(run) {
  const graph = await get(`/api/runs/${run}/graph`);
  assert.deepEqual([graph.name, graph.basis, graph.active], ['travel_graph', 'inferred', []]);
  assert.deepEqual(graph.nodes.map(({ id, visits, status }) => `${id} ${visits} ${status}`).sort(), [
    '__end__ 1 completed',
    '__start__ 1 completed',
    'agent 2 completed',
    'planner 1 completed',
    'publish 1 completed',
    'tools 1 completed',
  ]);
  assert.deepEqual(graph.edges.map(({ source, target, taken }) => `${source} > ${target} ${taken}`).sort(), [
    '__start__ > planner 1',
    'agent > publish 1',
    'agent > tools 1',
    'planner > agent 1',
    'publish > __end__ 1',
    'tools > agent 1',
  ]);
  const { revisions } = await get(`/api/runs/${run}/plan`);
  const statuses = ({ items }) => items.map(({ text, status }) => `${text}: ${status}`);
  assert.deepEqual(revisions.map(statuses), [
    ['ask for the weather: pending', 'book the flight: pending'],
    ['ask for the weather: completed', 'book the flight: completed'],
  ]);
}

const LANGGRAPH = [
  'approval_decision user:user > workflow:travel_graph completed',
  'approval_request node:publish > user:user completed in node_started publish',
  'error tool:book_flight error in tool_call book_flight',
  `model_request node:agent > ${MODEL} completed in node_started agent`,
  `model_request node:agent > ${MODEL} completed in node_started agent`,
  `model_response ${MODEL} > node:agent completed in model_request agent`,
  `model_response ${MODEL} > node:agent completed in model_request agent`,
  'node_completed node:agent completed in node_started agent',
  'node_completed node:agent completed in node_started agent',
  'node_completed node:planner completed in node_started planner',
  'node_completed node:publish completed in node_started publish',
  'node_completed node:tools completed in node_started tools',
  'node_started node:agent completed',
  'node_started node:agent completed',
  'node_started node:planner completed',
  'node_started node:publish completed',
  'node_started node:publish completed',
  'node_started node:tools completed',
  'plan_update node:planner completed in node_started planner',
  'plan_update node:publish completed in node_started publish',
  'tool_call node:tools > tool:book_flight error in node_started tools',
  'tool_call node:tools > tool:get_weather completed in node_started tools',
  'tool_result tool:book_flight > node:tools error in tool_call book_flight',
  'tool_result tool:get_weather > node:tools completed in tool_call get_weather',
  'user_input user:user > workflow:travel_graph completed',
];

const GEN_AI = [
  'agent_completed agent:weather-agent completed in agent_started weather-agent',
  'agent_started agent:weather-agent completed',
  'error tool:get_weather error in tool_call get_weather',
  `model_request agent:weather-agent > ${MODEL} completed in agent_started weather-agent`,
  `model_request agent:weather-agent > ${MODEL} completed in agent_started weather-agent`,
  `model_response ${MODEL} > agent:weather-agent completed in model_request weather-agent`,
  `model_response ${MODEL} > agent:weather-agent completed in model_request weather-agent`,
  'tool_call agent:weather-agent > tool:get_weather error in agent_started weather-agent',
  'tool_result tool:get_weather > agent:weather-agent error in tool_call get_weather',
  'user_input user:user > agent:weather-agent completed',
];
