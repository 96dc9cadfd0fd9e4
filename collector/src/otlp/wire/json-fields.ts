import { DecodeError } from './decode-error.ts';
import { MAX_TIME_NS } from './limits.ts';

/** Object of a parsed request; names are looked up, never walked, so a hostile `__proto__` has no effect. */
export type JsonObject = Readonly<Record<string, unknown>>;

const HEX = /^[0-9a-f]*$/;
const ZEROS = /^0*$/;
const INTEGER = /^-?\d{1,20}$/;

/** Field by its lowerCamelCase name, else by the proto name that some senders use. Null means absent (proto3 JSON). */
export function field(object: JsonObject, name: string, protoName?: string): unknown {
  const value = object[name] ?? (protoName === undefined ? undefined : object[protoName]);
  return value === null ? undefined : value;
}

export function asObject(value: unknown, name: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(name, 'an object');
  return value as JsonObject;
}

/** Members of a list of objects; absent means empty. */
export function asObjects(value: unknown, name: string): readonly JsonObject[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw wrong(name, 'a list');
  return value.map((member: unknown) => asObject(member, name));
}

export function asList(value: unknown, name: string): readonly unknown[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw wrong(name, 'a list');
  return value as unknown[];
}

/** Text with what PostgreSQL cannot store, NUL and lone surrogates, replaced by U+FFFD. */
export function asText(value: unknown, name: string): string {
  if (value === undefined) return '';
  if (typeof value !== 'string') throw wrong(name, 'a text');
  return sanitise(value);
}

export function sanitise(text: string): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed();
  return whole.includes('\0') ? whole.replaceAll('\0', '\ufffd') : whole;
}

/** Id in hex of any case: '' when absent or all zero, null when it is no id of that many digits. */
export function asId(value: unknown, digits: number): string | null {
  if (value === undefined) return '';
  if (typeof value !== 'string') return null;
  const id = value.toLowerCase();
  if (id === '') return '';
  if (id.length !== digits || !HEX.test(id)) return null;
  return ZEROS.test(id) ? '' : id;
}

/** 64-bit integer, sent as number or as string: a number while it is exact, else a bigint. */
export function asInteger(value: unknown, name: string): number | bigint {
  if (value === undefined) return 0;
  if (Number.isSafeInteger(value)) return value as number;
  if (typeof value === 'number' && Number.isInteger(value)) return narrowed(BigInt.asIntN(64, BigInt(value)));
  if (typeof value === 'bigint') return narrowed(BigInt.asIntN(64, value));
  if (typeof value === 'string' && INTEGER.test(value)) return narrowed(BigInt.asIntN(64, BigInt(value)));
  if (typeof value === 'string' && value.trim() !== '' && Number.isSafeInteger(Number(value))) return Number(value);
  throw wrong(name, 'an integer');
}

/** Nanoseconds, within what PostgreSQL's bigint holds. */
export function asTimeNs(value: unknown, name: string): bigint {
  if (value === undefined || value === '0' || value === '') return 0n;
  if (typeof value === 'string' && INTEGER.test(value)) return clamped(BigInt(value));
  if (typeof value === 'bigint') return clamped(value);
  if (typeof value === 'number' && Number.isInteger(value)) return clamped(BigInt(value));
  throw wrong(name, 'a time in nanoseconds');
}

/** Floating-point number; `NaN` and the infinities come as strings (proto3 JSON). */
export function asDouble(value: unknown, name: string): number {
  if (value === undefined) return 0;
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value === 'NaN') return Number.NaN;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
  if (Number.isNaN(number)) throw wrong(name, 'a number');
  return number;
}

/** Enum as number, digits or name; an unknown name counts as the zero value. */
export function asEnum(value: unknown, prefix: string, names: readonly string[]): number {
  if (value === undefined) return 0;
  if (typeof value === 'number') return Number.isInteger(value) ? value : 0;
  if (typeof value !== 'string') return 0;
  if (/^\d{1,9}$/.test(value)) return Number(value);
  return Math.max(0, names.indexOf(value.startsWith(prefix) ? value.slice(prefix.length) : value));
}

function narrowed(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function clamped(value: bigint): bigint {
  if (value < 0n) return 0n;
  return value > MAX_TIME_NS ? MAX_TIME_NS : value;
}

function wrong(name: string, expected: string): DecodeError {
  return new DecodeError(`${name} is not ${expected}`);
}
