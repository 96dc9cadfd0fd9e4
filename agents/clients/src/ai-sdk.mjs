// An agent on the Vercel AI SDK: `node src/ai-sdk.mjs <5|6|7> <generate|stream> <session> <model>`. The usual variables
// say where the model is (OPENAI_BASE_URL) and where telemetry goes (OTEL_EXPORTER_OTLP_*).
import { NodeSDK } from '@opentelemetry/sdk-node';
import { z } from 'zod';

const [version, way, session, model] = process.argv.slice(2);
const sdk = new NodeSDK();
// First: version 7 takes its tracer when its telemetry is registered.
sdk.start();
const { ai, openai } = await packagesOf(version);

const options = {
  model: openai.chat(model),
  system: 'You are a travel agent.',
  prompt: 'What is the weather in Lisbon? Book a flight there.',
  stopWhen: ai.stepCountIs(5),
  maxRetries: 0,
  tools: {
    get_weather: ai.tool({
      description: 'Tells the weather.',
      inputSchema: z.object({ city: z.string() }),
      execute: ({ city }) => ({ city, degrees: 21 }),
    }),
    book_flight: ai.tool({
      description: 'Books a flight.',
      inputSchema: z.object({ to: z.string() }),
      execute: () => {
        throw new Error('the airline answered 503');
      },
    }),
  },
  ...(version === '7'
    ? {
        telemetry: { functionId: 'travel-agent', includeRuntimeContext: { sessionId: true, userId: true } },
        runtimeContext: { sessionId: session, userId: 'ada' },
      }
    : {
        experimental_telemetry: {
          isEnabled: true,
          functionId: 'travel-agent',
          metadata: { sessionId: session, userId: 'ada' },
        },
      }),
};

try {
  if (way === 'generate') console.log((await ai.generateText(options)).text);
  else {
    const result = ai.streamText({ ...options, onError: ({ error }) => console.log(`failed: ${error.message}`) });
    for await (const piece of result.textStream) process.stdout.write(piece);
  }
} catch (error) {
  console.log(`failed: ${error.message}`);
}
await sdk.shutdown();

async function packagesOf(line) {
  if (line === '5') return { ai: await import('ai-5'), ...(await import('ai-sdk-openai-5')) };
  if (line === '6') return { ai: await import('ai-6'), ...(await import('ai-sdk-openai-6')) };
  const ai7 = await import('ai');
  const { OpenTelemetry } = await import('@ai-sdk/otel');
  ai7.registerTelemetry(new OpenTelemetry({ runtimeContext: true }));
  return { ai: ai7, ...(await import('@ai-sdk/openai')) };
}
