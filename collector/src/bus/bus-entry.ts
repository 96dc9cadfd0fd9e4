/** One message of the bus, read and checked (docs/bus.md). */
export interface BusEntry {
  /** Place in the stream, `milliseconds-number`: also the time of an event that names none. */
  id: string;
  workflowId: string;
  agentId: string;
  /** Running number of the agent's events; null when it counts none. */
  seq: number | null;
  traceId: string | null;
  spanId: string | null;
  /** Run the event belongs to, where message or event name it. */
  runId: string | null;
  threadId: string | null;
  event: BusEvent;
}

/** An AG-UI event: a type, and fields that depend on it. */
export interface BusEvent {
  type: string;
  [field: string]: unknown;
}

/** A message as it was read, or why nobody can read it. */
export type ReadEntry = { entry: BusEntry; reason?: undefined } | { entry?: undefined; reason: string };

const MAX_BYTES = 1024 * 1024;
const MAX_NAME = 512;
const MAX_DEPTH = 32;
const VERSION = 1;

/** Reads a stream entry: one field `data` with JSON, or the fields one by one, `event` as JSON. */
export function readEntry(id: string, fields: readonly string[]): ReadEntry {
  const bytes = fields.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (bytes > MAX_BYTES) return { reason: `larger than ${MAX_BYTES} bytes` };
  const flat = new Map<string, string>();
  for (let at = 0; at + 1 < fields.length; at += 2) flat.set(fields[at] ?? '', fields[at + 1] ?? '');
  const data = flat.get('data');
  if (data !== undefined) return readMessage(id, data);
  const event = parse(flat.get('event') ?? '');
  if (event === undefined) return { reason: 'neither a field "data" nor a field "event" with JSON' };
  return check(id, { ...Object.fromEntries(flat), event });
}

/** Reads a message that is one JSON text. */
export function readMessage(id: string, json: string): ReadEntry {
  if (Buffer.byteLength(json) > MAX_BYTES) return { reason: `larger than ${MAX_BYTES} bytes` };
  const message = parse(json);
  if (message === undefined) return { reason: 'not JSON' };
  return isFields(message) ? check(id, message) : { reason: 'not a JSON object' };
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined;
  }
}

function check(id: string, message: Record<string, unknown>): ReadEntry {
  if (Number(message['v']) !== VERSION) return { reason: `version "v" is not ${VERSION}` };
  const workflowId = name(message['workflowId']);
  if (workflowId === null) return { reason: 'no workflowId' };
  const event = message['event'];
  if (!isFields(event)) return { reason: 'no event' };
  const type = name(event['type']);
  if (type === null) return { reason: 'the event has no type' };
  if (isDeeper(event, MAX_DEPTH)) return { reason: `the event is nested deeper than ${MAX_DEPTH}` };
  return {
    entry: {
      id,
      workflowId,
      agentId: name(message['agentId']) ?? 'agent',
      seq: sequence(message['seq']),
      traceId: hex(message['traceId'], 32),
      spanId: hex(message['spanId'], 16),
      runId: name(event['runId']) ?? name(message['runId']),
      threadId: name(event['threadId']) ?? name(message['threadId']),
      event: { ...event, type },
    },
  };
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A short text; numbers are spelled out, since many number their workflows. */
function name(value: unknown): string | null {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && text !== '' && text.length <= MAX_NAME ? clean(text) : null;
}

function sequence(value: unknown): number | null {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : null;
}

function hex(value: unknown, digits: number): string | null {
  const text = typeof value === 'string' ? value.toLowerCase().replaceAll('-', '') : '';
  return text.length === digits && /^[0-9a-f]+$/.test(text) && /[1-9a-f]/.test(text) ? text : null;
}

/** Text that a database can hold. */
export function clean(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeper(member, levels - 1));
}
