import { Attributes, NO_ATTRIBUTES, type AttributeValue } from '../../telemetry/attributes.ts';
import { asDouble, asInteger, asList, asObject, asObjects, asText, field, type JsonObject } from './json-fields.ts';
import {
  DROPPED_ATTRIBUTES_KEY,
  MAX_ATTRIBUTES,
  MAX_VALUE_DEPTH,
  MAX_VALUE_NODES,
  TOO_DEEP,
  TOO_MANY,
} from './limits.ts';

interface Budget {
  nodes: number;
}

/** Attribute list of an OTLP/JSON message, under the same limits as on the protobuf side. */
export function readJsonAttributes(value: unknown): Attributes {
  const entries = asObjects(value, 'attributes');
  if (entries.length === 0) return NO_ATTRIBUTES;
  const keys: string[] = [];
  const values: AttributeValue[] = [];
  for (const entry of entries.slice(0, MAX_ATTRIBUTES)) {
    keys.push(asText(field(entry, 'key'), 'attribute key'));
    values.push(readJsonValue(field(entry, 'value')));
  }
  if (entries.length > MAX_ATTRIBUTES) {
    keys.push(DROPPED_ATTRIBUTES_KEY);
    values.push(entries.length - MAX_ATTRIBUTES);
  }
  return new Attributes(keys, values);
}

/** `AnyValue` of OTLP/JSON; an empty one is null. */
export function readJsonValue(value: unknown): AttributeValue {
  return readAnyValue(value, 0, { nodes: MAX_VALUE_NODES });
}

function readAnyValue(value: unknown, depth: number, budget: Budget): AttributeValue {
  if (value === undefined || value === null) return null;
  const any = asObject(value, 'attribute value');
  const scalar = readScalar(any);
  if (scalar !== undefined) return scalar;
  const list = field(any, 'arrayValue', 'array_value');
  const keyed = field(any, 'kvlistValue', 'kvlist_value');
  if (list === undefined && keyed === undefined) return null;
  if (depth + 1 > MAX_VALUE_DEPTH) return TOO_DEEP;
  return list === undefined ? readKeyedList(keyed, depth + 1, budget) : readList(list, depth + 1, budget);
}

function readScalar(any: JsonObject): AttributeValue | undefined {
  const text = field(any, 'stringValue', 'string_value');
  if (text !== undefined) return asText(text, 'stringValue');
  const integer = field(any, 'intValue', 'int_value');
  if (integer !== undefined) return asInteger(integer, 'intValue');
  const double = field(any, 'doubleValue', 'double_value');
  if (double !== undefined) return asDouble(double, 'doubleValue');
  const flag = field(any, 'boolValue', 'bool_value');
  if (flag !== undefined) return flag === true || flag === 'true';
  const bytes = field(any, 'bytesValue', 'bytes_value');
  return bytes === undefined ? undefined : new Uint8Array(Buffer.from(asText(bytes, 'bytesValue'), 'base64'));
}

function readList(value: unknown, depth: number, budget: Budget): AttributeValue {
  const members: AttributeValue[] = [];
  for (const member of asList(field(asObject(value, 'arrayValue'), 'values'), 'arrayValue.values')) {
    if (budget.nodes-- <= 0) {
      members.push(TOO_MANY);
      break;
    }
    members.push(readAnyValue(member, depth, budget));
  }
  return members;
}

function readKeyedList(value: unknown, depth: number, budget: Budget): AttributeValue {
  const keys: string[] = [];
  const values: AttributeValue[] = [];
  for (const entry of asObjects(field(asObject(value, 'kvlistValue'), 'values'), 'kvlistValue.values')) {
    const isRoom = budget.nodes-- > 0;
    keys.push(isRoom ? asText(field(entry, 'key'), 'kvlist key') : DROPPED_ATTRIBUTES_KEY);
    values.push(isRoom ? readAnyValue(field(entry, 'value'), depth, budget) : TOO_MANY);
    if (!isRoom) break;
  }
  return keys.length === 0 ? NO_ATTRIBUTES : new Attributes(keys, values);
}
