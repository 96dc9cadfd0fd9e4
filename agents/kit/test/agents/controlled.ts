// An agent set up in one call: its runs are announced by their spans.
import { trace } from '@opentelemetry/api';
import { startSignalbox } from '../../src/index.ts';

const { control } = startSignalbox({ control: true });
await trace.getTracer('controlled').startActiveSpan('invoke_agent controlled', async (span) => {
  span.setAttribute('gen_ai.operation.name', 'invoke_agent');
  const { traceId } = span.spanContext();
  process.stdout.write(traceId);
  const answer = await control.approve('deploy', { to: 'production' }, { id: `controlled-${traceId}`, risk: 'high' });
  process.stdout.write(` ${answer.decision}`);
  span.end();
});
