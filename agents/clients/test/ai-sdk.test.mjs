import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ANSWER, MODEL, startScriptedOpenAi } from '../src/scripted-openai.mjs';
import { contentOf, eventsOf, runClient, settledRuns, telemetryTo, tell } from './support.mjs';

const QUESTION = 'What is the weather in Lisbon? Book a flight there.';
const AGENT = 'agent:travel-agent';
const IN_AGENT = 'in agent_started travel-agent';
let openAi;
before(async () => (openAi = await startScriptedOpenAi()));
after(() => openAi.stop());

/** Version 5 tells cached and reasoning tokens only where it streams, version 7 never tells reasoning. */
const ROWS = [
  { version: '5', way: 'generate', protocol: 'http/protobuf', convention: 'ai-sdk', more: {} },
  { version: '5', way: 'stream', protocol: 'grpc', convention: 'ai-sdk', more: { cached: 64, reasoning: 5 } },
  { version: '6', way: 'stream', protocol: 'http/protobuf', convention: 'ai-sdk', more: { cached: 64, reasoning: 5 } },
  { version: '6', way: 'generate', protocol: 'grpc', convention: 'ai-sdk', more: { cached: 64, reasoning: 5 } },
  { version: '7', way: 'generate', protocol: 'http/protobuf', convention: 'gen-ai', more: { cached: 64 } },
  { version: '7', way: 'stream', protocol: 'grpc', convention: 'gen-ai', more: { cached: 64 } },
];

// Side by side: a client mostly starts up.
describe('AI SDK', { concurrency: 4 }, () => {
  for (const row of ROWS) {
    test(`${row.version}, ${row.way}, ${row.protocol}: an agent with two tools, one of which fails`, async () => {
      const session = `ai-sdk-${row.version}-${row.way}`;
      assert.equal(await runAgent(row, session, MODEL), ANSWER);
      const [run] = await settledRuns(session);
      assert.deepEqual(pick(run), {
        workflow: 'travel-agent',
        service: 'ai-sdk-client',
        status: 'completed',
        agents: ['travel-agent'],
        models: [MODEL],
        tools: ['book_flight', 'get_weather'],
        usage: { input: 250, output: 50, ...row.more },
        user: 'ada',
      });
      const events = await eventsOf(session);
      assert.deepEqual(tell(events), TOLD);
      assert.deepEqual(
        new Set(events.map(({ source }) => `${source.convention} ${source.basis}`)),
        new Set([`${row.convention} declared`]),
      );
      await checkContents(events);
    });

    test(`${row.version}, ${row.way}, ${row.protocol}: a model that is not there is one error`, async () => {
      const session = `ai-sdk-${row.version}-${row.way}-failing`;
      assert.equal(await runAgent(row, session, 'no-model'), 'failed: The model no-model does not exist');
      const [run] = await settledRuns(session);
      assert.equal(run.status, 'error');
      assert.deepEqual(run.usage, {});
      const events = await eventsOf(session);
      assert.deepEqual(tell(events), [
        `agent_failed ${AGENT} error ${IN_AGENT}`,
        `agent_started ${AGENT} error`,
        'error model:no-model error in model_request travel-agent',
        `model_request ${AGENT} > model:no-model error ${IN_AGENT}`,
        `user_input user:ada > ${AGENT} completed`,
      ]);
      const error = await contentOf(events, ({ type }) => type === 'error');
      assert.equal(error.message, 'The model no-model does not exist');
    });
  }
});

const TOLD = [
  `agent_completed ${AGENT} completed ${IN_AGENT}`,
  `agent_started ${AGENT} completed`,
  'error tool:book_flight error in tool_call book_flight',
  `model_request ${AGENT} > model:${MODEL} completed ${IN_AGENT}`,
  `model_request ${AGENT} > model:${MODEL} completed ${IN_AGENT}`,
  `model_response model:${MODEL} > ${AGENT} completed in model_request travel-agent`,
  `model_response model:${MODEL} > ${AGENT} completed in model_request travel-agent`,
  `tool_call ${AGENT} > tool:book_flight error ${IN_AGENT}`,
  `tool_call ${AGENT} > tool:get_weather completed ${IN_AGENT}`,
  `tool_result tool:book_flight > ${AGENT} error in tool_call book_flight`,
  `tool_result tool:get_weather > ${AGENT} completed in tool_call get_weather`,
  `user_input user:ada > ${AGENT} completed`,
];

async function checkContents(events) {
  const of = (type, tool) => contentOf(events, (event) => event.type === type && event.tool === tool);
  const input = await contentOf(events, ({ type }) => type === 'user_input');
  assert.deepEqual(input.text, { kind: 'text', text: QUESTION });
  const weather = await of('tool_call', 'get_weather');
  assert.deepEqual(weather.arguments, { kind: 'json', value: { city: 'Lisbon' } });
  assert.match(weather.callId, /^call_weather_\d+$/);
  const result = await of('tool_result', 'get_weather');
  assert.deepEqual(result.result, { kind: 'json', value: { city: 'Lisbon', degrees: 21 } });
  assert.equal(result.callId, weather.callId);
  assert.equal((await of('tool_result', 'book_flight')).error, 'the airline answered 503');
  assert.equal((await of('error', 'book_flight')).message, 'the airline answered 503');
  const last = await contentOf(events, ({ type, usage }) => type === 'model_response' && usage.output === 30);
  assert.deepEqual(last.messages[0].parts, [{ kind: 'content', content: { kind: 'text', text: ANSWER } }]);
  assert.equal(last.finishReason, 'stop');
}

function runAgent({ version, way, protocol }, session, model) {
  return runClient(process.execPath, ['src/ai-sdk.mjs', version, way, session, model], {
    ...telemetryTo(protocol, 'ai-sdk-client'),
    OPENAI_BASE_URL: openAi.url,
    OPENAI_API_KEY: 'none',
  });
}

function pick({ workflow, service, status, agents, models, tools, usage, user }) {
  return { workflow, service, status, agents, models, tools, usage, user };
}
