// An agent without a line about Signalbox, started with `--import`.
import { trace } from '@opentelemetry/api';

const work = async (): Promise<void> => {
  await new Promise((resolve) => setTimeout(resolve, 5));
  trace.getTracer('registered').startSpan('execute_tool inner').end();
};

await trace.getTracer('registered').startActiveSpan('invoke_agent registered', async (span) => {
  span.setAttribute('gen_ai.operation.name', 'invoke_agent');
  await work();
  process.stdout.write(span.spanContext().traceId);
  span.end();
});
