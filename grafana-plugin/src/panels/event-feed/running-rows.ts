import type { EventRow } from '@signalbox/event-model';

/** From when on a running call is called stalled. */
export const STALLED_AFTER_MS = 240_000;

/** Calls that run now, latest first. Agents and nodes that enclose them are not calls. */
export function runningRows(rows: readonly EventRow[]): EventRow[] {
  return rows.filter((row) => row.status === 'in_progress' && !ENCLOSING.has(row.type)).reverse();
}

const ENCLOSING = new Set(['agent_started', 'node_started']);
