// Sends one span with the official OTLP/HTTP exporter, in a process of its own: the exporter loads its transport with a
// dynamic import, which the test runner's module registry does not offer. Argument: the endpoint.
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BasicTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';

const exporter = new OTLPTraceExporter({ url: process.argv[2] });
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
provider
  .getTracer('test')
  .startSpan('greet', { attributes: { answer: 42 } })
  .end();
await provider.forceFlush();
await provider.shutdown();
