import { Attributes, type AttributeValue } from '../../telemetry/attributes.ts';

/*
 * Senders write the same fact as a number, a numeric string, a JSON string or a structure, and SDK length limits cut
 * JSON in the middle. Everything here answers null for what it cannot read and never throws.
 */

/** An object whose fields are not known. */
export type Fields = Record<string, unknown>;

/** The non-empty text of a value; numbers and booleans are spelled out, structures are not text. */
export function asText(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  return null;
}

/** A finite number, also from a numeric string. */
export function asNumber(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'string' || value.trim() === '') return null;
  const parsed = Number(value);
  return Number.isFinite(parsed) ? parsed : null;
}

/** A boolean, also from its English spelling. */
export function asBoolean(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value;
  if (value === 'true') return true;
  return value === 'false' ? false : null;
}

/** An object with fields; arrays and null are none. */
export function asFields(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

/** The elements of an array; anything else has none. */
export function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** An attribute value in plain JavaScript terms: kvlists become objects, bytes their size. */
export function toPlain(value: AttributeValue | undefined): unknown {
  if (value instanceof Attributes) return toPlainFields(value);
  if (Array.isArray(value)) return value.map(toPlain);
  if (value instanceof Uint8Array) return { bytes: value.byteLength };
  if (typeof value === 'bigint') return String(value);
  return value;
}

/** All attributes as one plain object, names beginning with `prefix` only and without it. */
export function toPlainFields(attributes: Attributes, prefix = ''): Fields {
  const entries: [string, unknown][] = [];
  for (const [key, value] of attributes.entries()) {
    if (key.startsWith(prefix)) entries.push([key.slice(prefix.length), toPlain(value)]);
  }
  return Object.fromEntries(entries);
}

/** The structure of a value that may be a structure already or JSON in a string; other text stays text. */
export function asStructure(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const first = value.trimStart()[0];
  if (first !== '{' && first !== '[' && first !== '"') return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

/** The attribute as a structure; see {@link asStructure}. */
export function structureOf(attributes: Attributes, key: string): unknown {
  return asStructure(toPlain(attributes.get(key)));
}

/** The first attribute of the list that has a text. */
export function firstText(attributes: Attributes, keys: readonly string[]): string | null {
  for (const key of keys) {
    const text = asText(attributes.get(key));
    if (text !== null) return text;
  }
  return null;
}

/** The first field of the list that has a text. */
export function firstField(fields: Fields | null, keys: readonly string[]): string | null {
  if (fields === null) return null;
  for (const key of keys) {
    const text = asText(fields[key]);
    if (text !== null) return text;
  }
  return null;
}

/** The first attribute of the list that is a number. */
export function firstNumber(attributes: Attributes, keys: readonly string[]): number | null {
  for (const key of keys) {
    const number = asNumber(attributes.get(key));
    if (number !== null) return number;
  }
  return null;
}

const DEEPEST = 64;

/** JSON with sorted keys: equal values give equal text whatever order their sender chose. */
export function canonicalJson(value: unknown, depth = 0): string {
  if (depth > DEEPEST) return '"…"';
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item, depth + 1)).join(',')}]`;
  if (value instanceof Attributes) return canonicalJson(toPlainFields(value), depth);
  if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString('base64'));
  if (typeof value === 'bigint') return `"${value}n"`;
  const fields = asFields(value);
  if (fields === null) return JSON.stringify(value) ?? 'null';
  const parts = Object.keys(fields)
    .filter((key) => fields[key] !== undefined)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(fields[key], depth + 1)}`);
  return `{${parts.join(',')}}`;
}
