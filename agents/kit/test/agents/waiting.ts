// An agent in the middle of its work when a signal comes.
import { trace } from '@opentelemetry/api';
import { startSignalbox } from '../../src/index.ts';

startSignalbox();
const span = trace.getTracer('waiting').startSpan('invoke_agent waiting', {
  attributes: { 'gen_ai.operation.name': 'invoke_agent' },
});
const done = trace.getTracer('waiting').startSpan('invoke_agent done', {
  attributes: { 'gen_ai.operation.name': 'invoke_agent' },
});
done.end();
process.stdout.write(`${span.spanContext().traceId} ${done.spanContext().traceId}`);
setInterval(() => undefined, 1000);
process.kill(process.pid, 'SIGTERM');
