import { trace } from '@opentelemetry/api';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import {
  defaultResource,
  detectResources,
  envDetector,
  hostDetector,
  processDetector,
  type Resource,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { BatchSpanProcessor, type SpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { ControlSpanProcessor } from './control/control-span-processor.ts';
import { connectControl, type Control } from './control/control.ts';
import type { ControlOptions } from './control/control-options.ts';
import { sendEventsThrough } from './emit-event.ts';
import { flushAtExit } from './exit-flush.ts';
import { joinProvider, registeredProvider } from './join-provider.ts';
import { PendingSpanProcessor } from './pending-span-processor.ts';
import { Reachability } from './reachability.ts';
import { registerContextManager, registerLoggerProvider, registerPropagators } from './register-globals.ts';
import { createSampler } from './sampling.ts';
import { readSettings, type Settings, type StartOptions } from './settings.ts';

/** An agent that waits for a dead collector at its end helps nobody. */
const FLUSH_LIMIT_MS = 3000;
/** A start that comes late is no news; below the exporter's first back-off this also means no retry. */
const PENDING_TIMEOUT_MS = 1000;

/** What `startSignalbox` set up. */
export interface Signalbox {
  /** Sends everything that waits; resolves after at most three seconds and never rejects. */
  flush(): Promise<void>;
  /** Flushes, then stops sending; never rejects. */
  shutdown(): Promise<void>;
  /** How people steer this agent; there when `control` was asked for. */
  control?: Control;
}

/** A part that sends. */
interface Sender {
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

const OFF: Signalbox = { flush: () => Promise.resolve(), shutdown: () => Promise.resolve() };

let running: Signalbox | undefined;
let control: Control | undefined;

/**
 * Sets OpenTelemetry up for Signalbox, from the standard `OTEL_*` variables: spans and their starts, events, context,
 * propagation. Joins a tracer provider that is registered already. Safe to call twice, and never throws.
 */
export function startSignalbox(
  options: StartOptions & { control: true | ControlOptions },
): Signalbox & { control: Control };
export function startSignalbox(options?: StartOptions): Signalbox;
export function startSignalbox(options: StartOptions = {}): Signalbox {
  // Before everything else: an agent that asks for approvals must get answers, also when telemetry is off.
  if (options.control) control ??= connectControl(controlOptions(options));
  running ??= startTelemetry(options);
  return control === undefined ? running : { ...running, control };
}

function startTelemetry(options: StartOptions): Signalbox {
  try {
    const settings = readSettings(options, process.env);
    return settings.disabled ? OFF : start(options, settings);
  } catch (error) {
    warn(`Signalbox could not start: ${error instanceof Error ? error.message : String(error)}.`);
    return OFF;
  }
}

/** The link leads to the collector that gets the telemetry, with the same key, unless it is told otherwise. */
function controlOptions({ control: given, endpoint, headers, serviceName }: StartOptions): ControlOptions {
  const options = typeof given === 'object' ? given : {};
  return {
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(headers === undefined ? {} : { headers }),
    ...(serviceName === undefined ? {} : { name: serviceName }),
    ...options,
  };
}

function start(options: StartOptions, settings: Settings): Signalbox {
  const reachability = new Reachability(settings.target);
  const resource = describeProcess(options);
  registerContextManager();
  registerPropagators(process.env);
  const senders: Sender[] = startSpans({ options, settings, resource, reachability });
  if (settings.exportLogs) senders.push(startLogs(settings, resource, reachability));

  const flush = (): Promise<void> => withinLimit(senders.map((sender) => sender.forceFlush()));
  const hooks = flushAtExit(flush, options.handleSignals !== false);
  return {
    flush,
    async shutdown() {
      hooks.remove();
      await control?.close();
      await flush();
      sendEventsThrough(undefined);
      await withinLimit(senders.map((sender) => sender.shutdown()));
    },
  };
}

/** What the span side is built from. */
interface SpanParts {
  options: StartOptions;
  settings: Settings;
  resource: Resource;
  reachability: Reachability;
}

/** Registers a tracer provider, or joins the registered one; answers what must be flushed. */
function startSpans({ options, settings, resource, reachability }: SpanParts): Sender[] {
  const pending = new OTLPTraceExporter({ ...settings.traceExporter, timeoutMillis: PENDING_TIMEOUT_MS });
  const processors: SpanProcessor[] = [new PendingSpanProcessor({ exporter: pending })];
  if (settings.exportSpans) {
    const exporter = reachability.watch(new OTLPTraceExporter(settings.traceExporter));
    processors.push(new BatchSpanProcessor({ exporter, ...settings.spanBatches }));
  }
  if (control) processors.push(new ControlSpanProcessor(control));
  processors.push(...(options.spanProcessors ?? []));

  const registered = registeredProvider();
  if (registered) {
    if (joinProvider(registered, processors)) return processors;
    warn('The registered tracer provider takes no more span processors: give PendingSpanProcessor to it.');
    return [];
  }
  const provider = new TracerProvider({ resource, sampler: createSampler(process.env), spanProcessors: processors });
  trace.setGlobalTracerProvider(provider);
  return [provider];
}

/** Events always go through this provider, which is known to lead to Signalbox. */
function startLogs(settings: Settings, resource: Resource, reachability: Reachability): Sender {
  const exporter = reachability.watch(new OTLPLogExporter(settings.logExporter));
  const provider = new LoggerProvider({
    resource,
    processors: [new BatchLogRecordProcessor({ exporter, ...settings.logBatches })],
  });
  registerLoggerProvider(provider);
  sendEventsThrough(provider);
  return provider;
}

function describeProcess(options: StartOptions): Resource {
  const given: Record<string, string | number | boolean> = { ...options.resourceAttributes };
  if (options.serviceName !== undefined) given['service.name'] = options.serviceName;
  return defaultResource()
    .merge(detectResources({ detectors: [hostDetector, processDetector, envDetector] }))
    .merge(resourceFromAttributes(given));
}

/** Waits for all, at most the limit; failures were reported where they happened. */
async function withinLimit(work: Promise<void>[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, FLUSH_LIMIT_MS);
  });
  await Promise.race([Promise.allSettled(work), limit]);
  clearTimeout(timer);
}

function warn(text: string): void {
  process.emitWarning(text, 'SignalboxWarning');
}
