import { DecodeError } from './decode-error.ts';
import { asObject, type JsonObject } from './json-fields.ts';

// A bare integer of 16 and more digits loses its last ones in a double: nanoseconds, sent unquoted by some exporters.
const LONG_INTEGER = /[:,[]\s*-?\d{16}/;
const INTEGER = /^-?\d+$/;

/** Parses the text of an OTLP/JSON request. Integers beyond 2^53 come out as bigint. */
export function parseRequest(json: string | Uint8Array): JsonObject {
  const text =
    typeof json === 'string' ? json : Buffer.from(json.buffer, json.byteOffset, json.byteLength).toString('utf8');
  return asObject(parse(text.startsWith('\ufeff') ? text.slice(1) : text), 'request');
}

function parse(text: string): unknown {
  try {
    // The reviver costs ten times the parse, so it only runs for texts that need it.
    return LONG_INTEGER.test(text) ? (JSON.parse(text, keepExactly) as unknown) : (JSON.parse(text) as unknown);
  } catch (error) {
    throw new DecodeError('not JSON', { cause: error });
  }
}

function keepExactly(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source ?? '';
  return INTEGER.test(source) && source.length < 40 ? BigInt(source) : value;
}
