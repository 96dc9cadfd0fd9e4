import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ANSWER, MODEL, startScriptedOpenAi } from '../src/scripted-openai.mjs';
import { contentOf, eventsOf, runClient, settledRuns, telemetryTo, tell } from './support.mjs';

let openAi;
before(async () => (openAi = await startScriptedOpenAi()));
after(() => openAi.stop());

/** OpenInference tells no tokens where the answer is streamed. */
const ROWS = [
  { way: 'generate', protocol: 'http/protobuf', usage: { input: 150, output: 30, cached: 0, reasoning: 5 } },
  { way: 'stream', protocol: 'grpc', usage: {} },
];

describe('openai with OpenInference', { concurrency: 2 }, () => {
  for (const { way, protocol, usage } of ROWS) {
    test(`${way}, ${protocol}: one model call of a service without agents`, async () => {
      const session = `openai-${way}`;
      const said = await runClient(process.execPath, ['src/openai-chat.mjs', way, session, MODEL], {
        ...telemetryTo(protocol, 'chat'),
        OPENAI_BASE_URL: openAi.url,
        OPENAI_API_KEY: 'none',
      });
      assert.equal(said, ANSWER);
      const [run] = await settledRuns(session);
      assert.deepEqual(
        [run.service, run.status, run.agents, run.models, run.usage],
        ['chat', 'completed', [], [MODEL], usage],
      );
      const events = await eventsOf(session);
      assert.deepEqual(tell(events), [
        `model_request service:chat > model:${MODEL} completed`,
        `model_response model:${MODEL} > service:chat completed in model_request chat`,
        'user_input user:user > service:chat completed',
      ]);
      const answer = await contentOf(events, ({ type }) => type === 'model_response');
      assert.deepEqual(answer.messages[0].parts, [{ kind: 'content', content: { kind: 'text', text: ANSWER } }]);
      assert.equal(answer.finishReason, 'stop');
    });
  }
});
