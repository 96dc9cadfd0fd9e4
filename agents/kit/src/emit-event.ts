import { type Attributes, type Context, type HrTime, context as contexts, diag, trace } from '@opentelemetry/api';

const SCOPE = '@signalbox/kit';
const VERSION = '0.1.0';
const SEVERITY_INFO = 9;
/** Where `@opentelemetry/api` (from 1.10, `logs`) and `@opentelemetry/api-logs` keep the global logger provider. */
const API_REGISTRY = Symbol.for('opentelemetry.js.api.1');
const API_LOGS_REGISTRY = Symbol.for('io.opentelemetry.js.api.logs');
const API_LOGS_COMPATIBILITY = 1;

/** Fields every event may carry beside its own. */
export interface EventOptions {
  /** The agent that speaks, when the surrounding span does not say it. */
  agentName?: string;
  /** The conversation or session the event belongs to. */
  conversationId?: string;
  /** The tool in question. */
  toolName?: string;
  /** Context whose span the event belongs to; the active one if absent. */
  context?: Context;
}

/** What is needed of a logger provider; those of all SDK versions have it. */
export interface EventLoggerProvider {
  getLogger(name: string, version?: string): { emit(record: EventRecord): void };
}

interface EventRecord {
  eventName: string;
  timestamp: HrTime;
  severityNumber: number;
  severityText: string;
  attributes: Attributes;
  context: Context;
}

type Fields = Record<string, string | number | boolean | string[] | undefined>;

let chosenProvider: EventLoggerProvider | undefined;
let lastNanoseconds = 0n;

/** Makes events go through `provider` instead of the global one; `undefined` goes back to the global one. */
export function sendEventsThrough(provider: EventLoggerProvider | undefined): void {
  chosenProvider = provider;
}

/**
 * Emits one event as a log record of the span in `options.context`. Without a logger provider it becomes a span
 * event, which the collector reads the same way. Never throws.
 */
export function emitEvent(eventName: string, fields: Fields, options: EventOptions = {}): void {
  try {
    const context = options.context ?? contexts.active();
    const attributes = definedOnly({
      ...fields,
      'gen_ai.agent.name': options.agentName,
      'gen_ai.conversation.id': options.conversationId,
      'gen_ai.tool.name': options.toolName,
    });
    const timestamp = uniqueTime();
    const provider = chosenProvider ?? globalProvider();
    if (!provider) return void trace.getSpan(context)?.addEvent(eventName, attributes, timestamp);
    const record = { eventName, timestamp, severityNumber: SEVERITY_INFO, severityText: 'INFO', attributes, context };
    provider.getLogger(SCOPE, VERSION).emit(record);
  } catch (error) {
    diag.debug(`${SCOPE}: ${eventName} was not sent`, error);
  }
}

/** JSON text of any value; what JSON cannot say is said as text, and nothing throws. */
export function jsonText(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  try {
    return JSON.stringify(value, (_key, each: unknown) => (typeof each === 'bigint' ? each.toString() : each));
  } catch {
    return '"[not serializable]"';
  }
}

function definedOnly(fields: Fields): Attributes {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null));
}

function globalProvider(): EventLoggerProvider | undefined {
  const registry = globalThis as {
    [API_REGISTRY]?: { logs?: EventLoggerProvider };
    [API_LOGS_REGISTRY]?: (version: number) => EventLoggerProvider | undefined;
  };
  return registry[API_REGISTRY]?.logs ?? registry[API_LOGS_REGISTRY]?.(API_LOGS_COMPATIBILITY);
}

/**
 * Now, later than every time given before: two tokens in one millisecond keep their order. From the wall clock, because
 * `performance.now()` stands still while a laptop sleeps.
 */
function uniqueTime(): HrTime {
  const now = BigInt(Date.now()) * 1_000_000n;
  lastNanoseconds = now > lastNanoseconds ? now : lastNanoseconds + 1n;
  return [Number(lastNanoseconds / 1_000_000_000n), Number(lastNanoseconds % 1_000_000_000n)];
}
