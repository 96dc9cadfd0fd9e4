// An agent that works on for a while without a collector.
import { trace } from '@opentelemetry/api';
import { planSet, startSignalbox } from '../../src/index.ts';

const signalbox = startSignalbox();
for (let round = 0; round < 10; round++) {
  trace.getTracer('long').startActiveSpan('invoke_agent long', (span) => {
    planSet([{ id: '1', text: 'work', status: 'in_progress' }]);
    setTimeout(() => span.end(), 60);
  });
  await new Promise((resolve) => setTimeout(resolve, 150));
}
const started = Date.now();
await signalbox.shutdown();
process.stdout.write(String(Date.now() - started));
process.exit(0);
