import { createHash } from 'node:crypto';
import { Attributes, type AttributeValue } from '../telemetry/attributes.ts';
import type { LogRecord, SpanRecord } from '../telemetry/records.ts';

const BYTES = 16;

/** Digest of a span with everything it carries: the same span sent twice gives the same digest. */
export function spanHash(span: SpanRecord): string {
  return digest(span);
}

/** Digest of a log record with everything it carries. */
export function logHash(log: LogRecord): string {
  return digest(log);
}

/** Digest of any JSON-like value; bigints, bytes and attribute lists included. */
export function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value, plain)).digest().subarray(0, BYTES).toString('base64url');
}

function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`;
  if (value instanceof Attributes) return [value.keys, value.values as AttributeValue[]];
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return value;
}
