import * as api from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core';
import type { LoggerProvider } from '@opentelemetry/sdk-logs';
import { createRequire } from 'node:module';
import { type Environment, textOf } from './settings.ts';

/** The part of the two logs APIs that is used here. */
interface LogsApi {
  setGlobalLoggerProvider(provider: LoggerProvider): unknown;
}

/** Lets context follow asynchronous work, unless the application's own manager does already. */
export function registerContextManager(): void {
  const probe = api.createContextKey('signalbox probe');
  const followed = api.context.with(api.ROOT_CONTEXT.setValue(probe, true), () => api.context.active().getValue(probe));
  if (followed !== true) api.context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
}

/** Registers the propagators of `OTEL_PROPAGATORS` this package knows: `tracecontext` and `baggage`, or `none`. */
export function registerPropagators(environment: Environment): void {
  if (api.propagation.fields().length > 0) return;
  const names = (textOf(environment, 'OTEL_PROPAGATORS') ?? 'tracecontext,baggage')
    .split(',')
    .map((name) => name.trim());
  const propagators: api.TextMapPropagator[] = [];
  if (names.includes('tracecontext')) propagators.push(new W3CTraceContextPropagator());
  if (names.includes('baggage')) propagators.push(new W3CBaggagePropagator());
  if (propagators.length > 0) api.propagation.setGlobalPropagator(new CompositePropagator({ propagators }));
}

/** Makes the provider the global one in each logs API there is, so that other instrumentation uses it too. */
export function registerLoggerProvider(provider: LoggerProvider): void {
  for (const logs of [logsOfApi(), logsOfApiLogs()]) {
    if (logs && !hasProvider(logs)) logs.setGlobalLoggerProvider(provider);
  }
}

/** Logs are part of the API from 1.10 on. */
function logsOfApi(): LogsApi | undefined {
  return (api as { logs?: LogsApi }).logs;
}

/** Before that they stand in a package of their own, which need not be there. */
function logsOfApiLogs(): LogsApi | undefined {
  try {
    return (createRequire(import.meta.url)('@opentelemetry/api-logs') as { logs: LogsApi }).logs;
  } catch {
    return undefined;
  }
}

function hasProvider(logs: LogsApi): boolean {
  const current = (logs as { getLoggerProvider?(): object }).getLoggerProvider?.();
  return current !== undefined && !/Proxy|Noop/.test(current.constructor.name);
}
