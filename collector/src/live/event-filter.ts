import { searchWords, type EventFilter, type EventRow } from '@signalbox/event-model';

/** Decides whether an event belongs in a filtered stream; `text` is what `q` looks in. */
export type EventPredicate = (row: EventRow, text: string) => boolean;

/**
 * What a filtered reader gets of an event: the row, nothing, or the row marked as removed, because it was withdrawn or
 * because a revision no longer fits the filter and the reader may hold the one that did.
 */
export function chooseRow(filter: EventFilter): (row: EventRow, text: string) => EventRow | undefined {
  const fits = compileFilter(filter);
  return (row, text) => {
    if (row.removed === true || fits(row, text)) return row;
    // A run never changes, so an event of another run cannot have fitted before.
    const fittedBefore = row.revision > 1 && (filter.run === undefined || filter.run === row.runId);
    return fittedBefore ? { ...row, removed: true } : undefined;
  };
}

function compileFilter(filter: EventFilter): EventPredicate {
  const checks: EventPredicate[] = [];
  if (filter.run !== undefined) checks.push((row) => row.runId === filter.run);
  if (filter.session !== undefined) checks.push((row) => row.sessionId === filter.session);
  among(checks, filter.type, (row) => row.type);
  among(checks, filter.status, (row) => row.status);
  among(checks, filter.actor, (row) => row.actor.name);
  among(checks, filter.workflow, (row) => row.workflow);
  among(checks, filter.model, (row) => row.model);
  among(checks, filter.tool, (row) => row.tool);
  const { from, to } = filter;
  if (from !== undefined) checks.push((row) => row.startedAt >= from);
  if (to !== undefined) checks.push((row) => row.startedAt < to);
  const words = searchWords(filter.q);
  if (words.length > 0) checks.push((row, text) => words.every((word) => haystack(row, text).includes(word)));
  return (row, text) => checks.every((check) => check(row, text));
}

function among(checks: EventPredicate[], wanted: string[] | undefined, of: (row: EventRow) => string | null): void {
  if (wanted === undefined) return;
  const set = new Set(wanted);
  checks.push((row) => set.has(of(row) ?? ''));
}

function haystack(row: EventRow, text: string): string {
  return `${row.summary} ${row.actor.name} ${row.tool ?? ''} ${row.model ?? ''} ${text}`.toLowerCase();
}
