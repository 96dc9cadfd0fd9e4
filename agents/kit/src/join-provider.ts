import { ProxyTracerProvider, trace } from '@opentelemetry/api';
import type { SpanProcessor } from '@opentelemetry/sdk-trace';

/** Parts of a registered provider through which it can be joined. */
interface JoinableProvider {
  /** SDK 1.x. */
  addSpanProcessor?: (processor: SpanProcessor) => void;
  /** SDK 2.x and 3.x give no way to add a processor later, but their processors stand in this list. */
  _activeSpanProcessor?: { _spanProcessors?: SpanProcessor[] };
}

/** The tracer provider somebody registered before; undefined when there is none. */
export function registeredProvider(): object | undefined {
  const provider = trace.getTracerProvider();
  const real = 'getDelegate' in provider ? (provider as ProxyTracerProvider).getDelegate() : provider;
  // Without a registration the proxy stands before a no-op provider, which the API does not export.
  return real === new ProxyTracerProvider().getDelegate() || isNoop(real) ? undefined : real;
}

/** Adds processors to a provider; false when it offers no way. */
export function joinProvider(provider: object, processors: readonly SpanProcessor[]): boolean {
  const { addSpanProcessor, _activeSpanProcessor: active } = provider as JoinableProvider;
  if (typeof addSpanProcessor === 'function') {
    for (const processor of processors) addSpanProcessor.call(provider, processor);
    return true;
  }
  const list = active?._spanProcessors;
  if (!Array.isArray(list)) return false;
  list.push(...processors);
  return true;
}

function isNoop(provider: object): boolean {
  return provider.constructor.name === 'NoopTracerProvider';
}
