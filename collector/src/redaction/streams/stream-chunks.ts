import { Attributes } from '../../telemetry/attributes.ts';
import type { LogRecord, SpanEvent } from '../../telemetry/records.ts';

/** A piece of a text that is sent while it is written. */
export interface StreamChunk {
  /** Pieces with the same key make one text. */
  stream: string;
  /** Position of the piece where the sender numbers them, else undefined: then they count in the order they come. */
  index: number | undefined;
  /** Tells a piece sent again from one that says the same. */
  id: string;
  text: string;
  /** Whether the text ends with this piece. */
  isLast: boolean;
}

type Carrier = Pick<LogRecord, 'attributes' | 'timeNs'> & { name: string; body: LogRecord['body']; owner: string };

interface ChunkShape {
  /** Names of the events that carry pieces of such texts, and those that end them. */
  names: RegExp;
  /** Attributes that name the text, the first that is there counts. */
  streams: readonly string[];
  /** Where the piece stands: an attribute, or a field of a body. */
  attribute: string;
  field: string | undefined;
  index: string;
  isLast(carrier: Carrier): boolean;
}

const SHAPES: readonly ChunkShape[] = [
  {
    names: /^signalbox\.chat\.token$/,
    streams: ['signalbox.chat.message_id'],
    attribute: 'signalbox.chat.delta',
    field: undefined,
    index: 'signalbox.chat.index',
    isLast: ({ attributes }) => attributes.get('signalbox.chat.done') === true,
  },
  {
    names: /^ag-ui\.[A-Z_]+_(?:CONTENT|ARGS|CHUNK|END)$/,
    streams: ['ag-ui.message_id', 'ag-ui.tool_call_id'],
    attribute: 'ag-ui.delta',
    field: 'delta',
    index: 'ag-ui.index',
    isLast: ({ name }) => name.endsWith('_END'),
  },
];

/** The piece a log record carries; undefined for any other record. */
export function chunkOfLog(log: LogRecord): StreamChunk | undefined {
  return readChunk({ ...log, name: nameOf(log), owner: log.traceId ?? '' });
}

/** The piece a span event carries; undefined for any other event. */
export function chunkOfEvent(event: SpanEvent, spanId: string): StreamChunk | undefined {
  return readChunk({ ...event, body: null, owner: spanId });
}

/** The record with another text in the place of its piece. */
export function withChunkText(log: LogRecord, text: string): LogRecord {
  const shape = shapeOf(nameOf(log));
  if (shape === undefined) return log;
  const body =
    shape.field !== undefined && log.body instanceof Attributes ? replaced(log.body, shape.field, text) : log.body;
  return { ...log, body, attributes: replaced(log.attributes, shape.attribute, text) };
}

/** The event with another text in the place of its piece. */
export function withEventText(event: SpanEvent, text: string): SpanEvent {
  const shape = shapeOf(event.name);
  return shape === undefined ? event : { ...event, attributes: replaced(event.attributes, shape.attribute, text) };
}

// Older senders name the event in an attribute.
function nameOf(log: LogRecord): string {
  const older = log.attributes.get('event.name');
  return log.eventName === '' && typeof older === 'string' ? older : log.eventName;
}

function shapeOf(name: string): ChunkShape | undefined {
  return SHAPES.find((shape) => shape.names.test(name));
}

function readChunk(carrier: Carrier): StreamChunk | undefined {
  const shape = shapeOf(carrier.name);
  if (shape === undefined) return undefined;
  const { attributes, body, owner } = carrier;
  const field = shape.field !== undefined && body instanceof Attributes ? body.get(shape.field) : undefined;
  const text = field ?? attributes.get(shape.attribute) ?? '';
  const isLast = shape.isLast(carrier);
  if (typeof text !== 'string') return undefined;
  const owned = shape.streams.map((key) => attributes.get(key)).find((value) => typeof value === 'string') ?? '';
  const family = carrier.name.replace(/_[A-Z]+$/, '');
  const index = attributes.get(shape.index);
  return {
    stream: JSON.stringify([family, owned, owner]),
    index: typeof index === 'number' && Number.isSafeInteger(index) && index >= 0 ? index : undefined,
    id: identityOf(carrier, index),
    text,
    isLast,
  };
}

// A piece from the bus has a number or a place of its own; others are told apart by their time.
function identityOf({ attributes, timeNs }: Carrier, index: unknown): string {
  const known = [index, attributes.get('signalbox.bus.seq'), attributes.get('signalbox.bus.id'), timeNs];
  return known.find(isPlain)?.toString() ?? '';
}

function isPlain(value: unknown): value is string | number | bigint {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint';
}

function replaced(attributes: Attributes, key: string, text: string): Attributes {
  if (typeof attributes.get(key) !== 'string') return attributes;
  const values = attributes.values.map((value, at) => (attributes.keys[at] === key ? text : value));
  return new Attributes(attributes.keys, values);
}
