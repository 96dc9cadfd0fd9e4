/**
 * JSON from outside as it may be stored and shown: without secrets, without the characters PostgreSQL refuses.
 * `redact` takes texts, JSON texts among them.
 */
export function cleanJson(value: unknown, redact: (text: string) => string): unknown {
  if (value === undefined || value === null) return value;
  if (typeof value === 'string') return storable(redact(value));
  const parsed = JSON.parse(redact(JSON.stringify(value))) as unknown;
  return walk(parsed, 0);
}

const MOST_DEPTH = 64;

function walk(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return storable(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MOST_DEPTH) return '[nested too deeply]';
  if (Array.isArray(value)) return value.map((member) => walk(member, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [storable(key), walk(member, depth + 1)]));
}

function storable(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}
