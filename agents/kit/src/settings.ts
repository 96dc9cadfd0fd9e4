import type { SpanProcessor } from '@opentelemetry/sdk-trace';
import type { ControlOptions } from './control/control-options.ts';

/** Signalbox shows work while it happens; the SDK's own default is 5000 ms for spans and 1000 ms for logs. */
const DELAY_MS = 100;
const LOCAL_COLLECTOR = 'http://localhost:4318';

/** Options of `startSignalbox`. What is absent comes from the standard `OTEL_*` variables. */
export interface StartOptions {
  /** Name of the agent or service; else `OTEL_SERVICE_NAME`. */
  serviceName?: string;
  /** Base address of the collector's OTLP/HTTP port; else `OTEL_EXPORTER_OTLP_ENDPOINT`, else `http://localhost:4318`. */
  endpoint?: string;
  /** Headers of every export, such as `authorization`; else `OTEL_EXPORTER_OTLP_HEADERS`. */
  headers?: Record<string, string>;
  /** Attributes that describe this process, over `OTEL_RESOURCE_ATTRIBUTES`. */
  resourceAttributes?: Record<string, string | number | boolean>;
  /** More span processors of the application. */
  spanProcessors?: SpanProcessor[];
  /** False sends span starts and events only: for applications whose own exporter sends spans to Signalbox already. */
  exportSpans?: boolean;
  /** False leaves SIGTERM and SIGINT alone. */
  handleSignals?: boolean;
  /** Lets people approve, stop and add tasks over the agent link: `true`, or its options. */
  control?: boolean | ControlOptions;
}

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Options and environment, put together. */
export interface Settings {
  disabled: boolean;
  exportSpans: boolean;
  exportLogs: boolean;
  /** For messages: where telemetry goes. */
  target: string;
  traceExporter: ExporterSettings;
  logExporter: ExporterSettings;
  spanBatches: BatchSettings;
  logBatches: BatchSettings;
}

/** Only what the caller gave: exporters read the environment by themselves. */
export interface ExporterSettings {
  url?: string;
  headers?: Record<string, string>;
}

/** How a batch processor collects. */
export interface BatchSettings {
  scheduledDelayMillis: number;
  maxQueueSize?: number;
  maxExportBatchSize?: number;
  exportTimeoutMillis?: number;
}

/** Puts options and environment together; options win. */
export function readSettings(options: StartOptions, environment: Environment): Settings {
  const exporter = (path: string): ExporterSettings => ({
    ...(options.endpoint === undefined ? {} : { url: `${options.endpoint.replace(/\/+$/, '')}/${path}` }),
    ...(options.headers === undefined ? {} : { headers: options.headers }),
  });
  return {
    disabled: environment['OTEL_SDK_DISABLED']?.trim().toLowerCase() === 'true',
    exportSpans: options.exportSpans !== false && environment['OTEL_TRACES_EXPORTER'] !== 'none',
    exportLogs: environment['OTEL_LOGS_EXPORTER'] !== 'none',
    target:
      options.endpoint ??
      textOf(environment, 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT') ??
      textOf(environment, 'OTEL_EXPORTER_OTLP_ENDPOINT') ??
      LOCAL_COLLECTOR,
    traceExporter: exporter('v1/traces'),
    logExporter: exporter('v1/logs'),
    spanBatches: batchSettings(environment, 'OTEL_BSP'),
    logBatches: batchSettings(environment, 'OTEL_BLRP'),
  };
}

/** A variable's text; undefined when unset or blank, as the specification wants. */
export function textOf(environment: Environment, name: string): string | undefined {
  const text = environment[name]?.trim();
  return text === '' ? undefined : text;
}

function batchSettings(environment: Environment, prefix: string): BatchSettings {
  const settings: BatchSettings = {
    scheduledDelayMillis: numberOf(environment, `${prefix}_SCHEDULE_DELAY`) ?? DELAY_MS,
  };
  const queue = numberOf(environment, `${prefix}_MAX_QUEUE_SIZE`);
  const batch = numberOf(environment, `${prefix}_MAX_EXPORT_BATCH_SIZE`);
  const timeout = numberOf(environment, `${prefix}_EXPORT_TIMEOUT`);
  if (queue !== undefined) settings.maxQueueSize = queue;
  if (batch !== undefined) settings.maxExportBatchSize = batch;
  if (timeout !== undefined) settings.exportTimeoutMillis = timeout;
  return settings;
}

/** A whole number from 0; undefined when unset or no number, as the specification wants. */
function numberOf(environment: Environment, name: string): number | undefined {
  const text = textOf(environment, name);
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}
