// An agent that set OpenTelemetry up by itself before.
import { trace } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { startSignalbox } from '../../src/index.ts';

const own = new InMemorySpanExporter();
const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: own })] });
trace.setGlobalTracerProvider(provider);
const tracer = trace.getTracer('joined');
const signalbox = startSignalbox();

const span = tracer.startSpan('invoke_agent joined', { attributes: { 'gen_ai.operation.name': 'invoke_agent' } });
span.end();
await signalbox.flush();
process.stdout.write(`${span.spanContext().traceId} ${own.getFinishedSpans().length}`);
await signalbox.shutdown();
