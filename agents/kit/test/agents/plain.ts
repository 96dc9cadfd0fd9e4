// An agent that does its work and ends by itself: nothing is flushed by hand.
import { trace } from '@opentelemetry/api';
import { planSet, startSignalbox } from '../../src/index.ts';

startSignalbox();
trace.getTracer('plain').startActiveSpan('invoke_agent plain', (span) => {
  span.setAttribute('gen_ai.operation.name', 'invoke_agent');
  span.setAttribute('gen_ai.agent.name', 'plain');
  planSet([{ id: '1', text: 'end', status: 'in_progress' }]);
  process.stdout.write(span.spanContext().traceId);
  span.end();
});
