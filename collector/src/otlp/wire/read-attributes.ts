import { Attributes, NO_ATTRIBUTES, type AttributeValue } from '../../telemetry/attributes.ts';
import {
  DROPPED_ATTRIBUTES_KEY,
  MAX_ATTRIBUTES,
  MAX_VALUE_DEPTH,
  MAX_VALUE_NODES,
  TOO_DEEP,
  TOO_MANY,
} from './limits.ts';
import type { WireReader } from './wire-reader.ts';

/** Collects the entries of one attribute list while the message around it is read. */
export class AttributeList {
  readonly #keys: string[] = [];
  readonly #values: AttributeValue[] = [];
  #dropped = 0;

  /** Reads one `KeyValue` field (opentelemetry-proto common/v1). */
  read(reader: WireReader, end: number): void {
    const to = reader.until(end);
    if (this.#keys.length >= MAX_ATTRIBUTES) {
      this.#dropped++;
      reader.pos = to;
      return;
    }
    reader.nodes = MAX_VALUE_NODES;
    readKeyValue(reader, to, 0, this.#keys, this.#values);
  }

  done(): Attributes {
    if (this.#keys.length === 0) return NO_ATTRIBUTES;
    if (this.#dropped > 0) {
      this.#keys.push(DROPPED_ATTRIBUTES_KEY);
      this.#values.push(this.#dropped);
    }
    return new Attributes(this.#keys, this.#values);
  }
}

/** Reads an `AnyValue` that stands alone, such as a log body. */
export function readValue(reader: WireReader, end: number): AttributeValue {
  reader.nodes = MAX_VALUE_NODES;
  return readAnyValue(reader, reader.until(end), 0);
}

/** Reads a message whose only field of interest is an attribute list (Resource). */
export function readAttributesOf(reader: WireReader, end: number, field: number): Attributes {
  const wanted = (field << 3) | 2;
  const to = reader.until(end);
  const attributes = new AttributeList();
  while (reader.pos < to) {
    const tag = reader.tag(to);
    if (tag === wanted) attributes.read(reader, to);
    else reader.skip(tag, to);
  }
  return attributes.done();
}

// Two lists instead of one object a pair: this runs for every attribute of every span.
// eslint-disable-next-line max-params
function readKeyValue(reader: WireReader, end: number, depth: number, keys: string[], values: AttributeValue[]): void {
  let key = '';
  let value: AttributeValue = null;
  while (reader.pos < end) {
    const tag = reader.tag(end);
    if (tag === 10) key = reader.text(end);
    else if (tag === 18) value = readAnyValue(reader, reader.until(end), depth);
    else reader.skip(tag, end);
  }
  keys.push(key);
  values.push(value);
}

function readAnyValue(reader: WireReader, end: number, depth: number): AttributeValue {
  let value: AttributeValue = null;
  while (reader.pos < end) {
    const tag = reader.tag(end);
    switch (tag) {
      case 10:
        value = reader.text(end);
        break;
      case 16:
        value = reader.int64(end) !== 0;
        break;
      case 24:
        value = reader.int64(end);
        break;
      case 33:
        value = reader.double(end);
        break;
      case 42:
        value = readNested(reader, reader.until(end), depth + 1, readList);
        break;
      case 50:
        value = readNested(reader, reader.until(end), depth + 1, readKeyedList);
        break;
      case 58:
        value = reader.blob(end);
        break;
      default:
        reader.skip(tag, end);
    }
  }
  return value;
}

type ReadNested = (reader: WireReader, end: number, depth: number) => AttributeValue;

function readNested(reader: WireReader, end: number, depth: number, read: ReadNested): AttributeValue {
  if (depth <= MAX_VALUE_DEPTH) return read(reader, end, depth);
  reader.pos = end;
  return TOO_DEEP;
}

function readList(reader: WireReader, end: number, depth: number): AttributeValue {
  const values: AttributeValue[] = [];
  while (reader.pos < end) {
    const tag = reader.tag(end);
    if (tag !== 10) {
      reader.skip(tag, end);
    } else if (reader.nodes-- > 0) {
      values.push(readAnyValue(reader, reader.until(end), depth));
    } else {
      reader.pos = end;
      values.push(TOO_MANY);
    }
  }
  return values;
}

function readKeyedList(reader: WireReader, end: number, depth: number): AttributeValue {
  const keys: string[] = [];
  const values: AttributeValue[] = [];
  while (reader.pos < end) {
    const tag = reader.tag(end);
    if (tag !== 10) {
      reader.skip(tag, end);
    } else if (reader.nodes-- > 0) {
      readKeyValue(reader, reader.until(end), depth, keys, values);
    } else {
      reader.pos = end;
      keys.push(DROPPED_ATTRIBUTES_KEY);
      values.push(TOO_MANY);
    }
  }
  return keys.length === 0 ? NO_ATTRIBUTES : new Attributes(keys, values);
}
