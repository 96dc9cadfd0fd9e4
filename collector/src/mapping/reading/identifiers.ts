import { createHash } from 'node:crypto';

/** Digest over the parts in order; no two part lists share an input. */
export function digest(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:${part};`);
  return hash.digest('hex');
}

/**
 * Id of an event: a UUID made from what the event stands for, so the same telemetry always gives the same id. Version 8
 * of RFC 9562 marks it as custom.
 */
export function eventId(traceId: string, ...parts: readonly string[]): string {
  let key = '';
  for (const part of parts) key += `${part.length}:${part};`;
  const ids = idsOf(traceId);
  const known = ids.get(key);
  if (known !== undefined) return known;
  const id = toUuid(digest(traceId, ...parts));
  ids.set(key, id);
  count++;
  return id;
}

/** Ids kept in memory: every derivation of a trace asks for the same ones again. */
const MOST_IDS = 200_000;
const remembered = new Map<string, Map<string, string>>();
let count = 0;

/** The ids of a trace, the traces asked for longest ago forgotten when there are too many. */
function idsOf(traceId: string): Map<string, string> {
  const known = remembered.get(traceId);
  if (known !== undefined && count <= MOST_IDS) return known;
  for (const [oldest, ids] of remembered) {
    if (count <= MOST_IDS) break;
    remembered.delete(oldest);
    count -= ids.size;
  }
  const ids = remembered.get(traceId) ?? new Map<string, string>();
  remembered.set(traceId, ids);
  return ids;
}

function toUuid(hex: string): string {
  const variant = (8 + (Number.parseInt(hex.charAt(16), 16) % 4)).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
