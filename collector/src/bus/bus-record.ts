import { digest } from '../mapping/reading/identifiers.ts';
import { Attributes, NO_ATTRIBUTES, type AttributeValue } from '../telemetry/attributes.ts';
import type { LogRecord, Scope } from '../telemetry/records.ts';
import { clean, type BusEntry } from './bus-entry.ts';

const SCOPE: Scope = { name: 'signalbox.bus', version: '', attributes: NO_ATTRIBUTES };
const INFO = 9;
const ERROR = 17;
/** Names of the own vocabulary (docs/vocabulary.md); the middle part is the name space of its short keys. */
const OURS = /^signalbox\.([a-z]+)\.[a-z_]+$/;
const NAME_SPACES =
  /^(plan|task|approval|graph|component|test|experiment|learning|prediction|autonomy|chat|delegation)\./;

/**
 * The log record that stands for a message. It depends on the message and its place in the stream alone, so a message
 * delivered again, to whichever collector, is the same record.
 */
export function toRecord(entry: BusEntry, runId: string | null): LogRecord {
  const { event } = entry;
  const own = event.type === 'CUSTOM' && typeof event['name'] === 'string' ? OURS.exec(event['name']) : null;
  const isFailure = event.type === 'RUN_ERROR' || event.type === 'SUBAGENT_ERROR';
  return {
    traceId: entry.traceId ?? traceIdOf(entry.workflowId, runId),
    spanId: entry.traceId === null ? null : entry.spanId,
    timeNs: timeOf(entry),
    severityNumber: isFailure ? ERROR : INFO,
    severityText: isFailure ? 'ERROR' : 'INFO',
    eventName: own === null ? `ag-ui.${event.type}` : own[0],
    body: own === null ? toValue(event) : null,
    attributes: attributesOf([
      ...envelope(entry, runId),
      ...(own === null ? [] : vocabulary(own[1] ?? '', event['value'])),
    ]),
    scope: SCOPE,
    resource: attributesOf([['service.name', entry.agentId]]),
  };
}

/** What is kept of a message that nobody can read: enough to find its sender. */
export function toPoison(id: string, text: string, timeNs: bigint): LogRecord {
  return {
    traceId: null,
    spanId: null,
    timeNs,
    severityNumber: ERROR,
    severityText: 'ERROR',
    eventName: 'signalbox.bus.unreadable',
    body: clean(text.slice(0, 2000)),
    attributes: attributesOf([['signalbox.bus.id', id]]),
    scope: SCOPE,
    resource: NO_ATTRIBUTES,
  };
}

/** Trace of a run whose agents know nothing of traces. */
export function traceIdOf(workflowId: string, runId: string | null): string {
  return digest('ag-ui', workflowId, runId ?? '').slice(0, 32);
}

/** Nanoseconds of a stream id's clock. */
export function entryTime(id: string): bigint {
  const ms = /^(\d{1,15})-/.exec(id)?.[1];
  return ms === undefined ? 0n : BigInt(ms) * 1_000_000n;
}

/** The event's own clock in milliseconds, where it can be one; else when it entered the stream. */
function timeOf({ id, event }: BusEntry): bigint {
  const stated = event['timestamp'];
  const isTime = typeof stated === 'number' && stated > 1e11 && stated < 1e14;
  return isTime ? BigInt(Math.round(stated * 1000)) * 1000n : entryTime(id);
}

type Pair = [string, AttributeValue | undefined];

function envelope(entry: BusEntry, runId: string | null): Pair[] {
  const { event } = entry;
  return [
    ['gen_ai.agent.name', entry.agentId],
    ['gen_ai.conversation.id', entry.threadId ?? undefined],
    ['ag-ui.message_id', textOf(event['messageId'])],
    ['ag-ui.tool_call_id', textOf(event['toolCallId'])],
    ['ag-ui.run_id', runId ?? undefined],
    ['ag-ui.thread_id', entry.threadId ?? undefined],
    ['signalbox.workflow', entry.workflowId],
    ['signalbox.bus.seq', entry.seq ?? undefined],
    // A numbered event that is sent twice is one event; without a number only its place tells two alike apart.
    ['signalbox.bus.id', entry.seq === null ? entry.id : undefined],
  ];
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? clean(value) : undefined;
}

/** The value of a vocabulary event as its attributes: full names as they are, short ones in the event's name space. */
function vocabulary(space: string, value: unknown): Pair[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).map(([key, member]): Pair => [fullName(space, key), toAttribute(member)]);
}

function fullName(space: string, key: string): string {
  if (/^(signalbox|gen_ai)\./.test(key)) return clean(key);
  return NAME_SPACES.test(key) ? `signalbox.${clean(key)}` : `signalbox.${space}.${clean(key)}`;
}

/** The vocabulary keeps structures as JSON texts; lists of plain values stay lists. */
function toAttribute(value: unknown): AttributeValue {
  const isPlainList = Array.isArray(value) && value.every((member) => typeof member !== 'object');
  return typeof value === 'object' && value !== null && !isPlainList ? clean(JSON.stringify(value)) : toValue(value);
}

function attributesOf(pairs: readonly Pair[]): Attributes {
  const keys: string[] = [];
  const values: AttributeValue[] = [];
  for (const [key, value] of pairs) {
    if (value === undefined) continue;
    keys.push(key);
    values.push(value);
  }
  return new Attributes(keys, values);
}

function toValue(value: unknown): AttributeValue {
  if (typeof value === 'string') return clean(value);
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map(toValue);
  if (typeof value !== 'object' || value === null) return null;
  return attributesOf(Object.entries(value).map(([key, member]): Pair => [clean(key), toValue(member)]));
}
