import type { EventRow } from '@signalbox/event-model';

/** A run in words: its workflow where known, and enough of its id to tell runs apart. */
export function runName(runId: string, rows: readonly EventRow[]): string {
  const workflow = rows.find((row) => row.runId === runId && row.workflow)?.workflow;
  const short = runId.slice(0, 8);
  return workflow ? `${workflow} · ${short}` : short;
}
