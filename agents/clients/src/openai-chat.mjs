// A client of the `openai` package with OpenInference: `node src/openai-chat.mjs <generate|stream> <session> <model>`.
// The usual variables say where the model is (OPENAI_BASE_URL) and where telemetry goes (OTEL_EXPORTER_OTLP_*).
import { setSession } from '@arizeai/openinference-core';
import { OpenAIInstrumentation } from '@arizeai/openinference-instrumentation-openai';
import { context } from '@opentelemetry/api';
import { NodeSDK } from '@opentelemetry/sdk-node';
import OpenAI from 'openai';

const [way, session, model] = process.argv.slice(2);
const instrumentation = new OpenAIInstrumentation();
instrumentation.manuallyInstrument(OpenAI);
const sdk = new NodeSDK({ instrumentations: [instrumentation] });
sdk.start();

const openai = new OpenAI({ maxRetries: 0 });
const question = { model, messages: [{ role: 'user', content: 'What is the weather in Lisbon?' }] };
await context.with(setSession(context.active(), { sessionId: session }), async () => {
  try {
    if (way === 'stream') {
      const options = { ...question, stream: true, stream_options: { include_usage: true } };
      for await (const { choices } of await openai.chat.completions.create(options))
        process.stdout.write(choices[0]?.delta.content ?? '');
    } else console.log((await openai.chat.completions.create(question)).choices[0].message.content);
  } catch (error) {
    console.log(`failed: ${error.message}`);
  }
});
await sdk.shutdown();
