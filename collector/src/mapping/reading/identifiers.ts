import { createHash } from 'node:crypto';

/** Digest over the parts in order; no two part lists share an input. */
export function digest(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:${part};`);
  return hash.digest('hex');
}

/**
 * Id of an event: a UUID made from what the event stands for, so the same telemetry always gives the same id
 * (architecture.md §5, the central invariant). Version 8 of RFC 9562 marks it as custom.
 */
export function eventId(traceId: string, ...parts: readonly string[]): string {
  const hex = digest(traceId, ...parts);
  const variant = (8 + (Number.parseInt(hex.charAt(16), 16) % 4)).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
