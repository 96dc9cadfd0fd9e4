import type { EventRow } from '@signalbox/event-model';
import { timeToMs } from '../../shared/time.ts';

/** What the loaded events tell about one run. */
export interface RunSummary {
  runId: string;
  workflow: string | null;
  status: string;
  /** Start of the earliest event at hand, RFC 3339. */
  startedAt: string;
  /** End of the latest event; null while something runs or waits. */
  endedAt: string | null;
  input: number;
  output: number;
  errors: number;
  /** Approvals that wait for a person. */
  pending: number;
  count: number;
}

/** One line of the grid: an event, or the head of the run whose events follow. */
export type FeedLine = EventLine | RunLine;

/** An event. */
export interface EventLine {
  kind: 'event';
  id: string;
  status: string;
  row: EventRow;
  /** The event before it in time: of the same run where they are grouped. */
  before: EventRow | undefined;
}

/** The head of a run. */
export interface RunLine {
  kind: 'run';
  id: string;
  run: RunSummary;
  closed: boolean;
}

/** One line for each event; `rows` are in the order they are drawn. */
export function flatLines(rows: readonly EventRow[], newestFirst: boolean): FeedLine[] {
  return rows.map((row, index) => eventLine(row, rows[index + (newestFirst ? 1 : -1)]));
}

/** The events of each run below its head, runs in the order their first event is drawn; closed runs are heads only. */
export function groupedLines(rows: readonly EventRow[], closed: readonly string[], newestFirst: boolean): FeedLine[] {
  const groups = new Map<string, EventRow[]>();
  for (const row of rows) {
    const group = groups.get(row.runId);
    if (group) group.push(row);
    else groups.set(row.runId, [row]);
  }
  return [...groups].flatMap(([runId, group]) => {
    const isClosed = closed.includes(runId);
    const head: RunLine = { kind: 'run', id: `run:${runId}`, run: summarizeRun(runId, group), closed: isClosed };
    return isClosed ? [head] : [head, ...flatLines(group, newestFirst)];
  });
}

/** Sums up the events of one run, at least one, in whatever order they come. */
export function summarizeRun(runId: string, rows: readonly EventRow[]): RunSummary {
  const status = runStatus(rows);
  const answers = rows.filter((row) => row.type === 'model_response');
  const ends = rows.map((row) => row.endedAt ?? row.startedAt);
  return {
    runId,
    workflow: rows.find((row) => row.workflow !== null)?.workflow ?? null,
    status,
    startedAt: rows
      .map((row) => row.startedAt)
      .reduce((left, right) => (timeToMs(right) < timeToMs(left) ? right : left)),
    endedAt: OPEN.has(status) ? null : ends.reduce((left, right) => (timeToMs(right) > timeToMs(left) ? right : left)),
    // A model call's tokens stand on its answer; a request may repeat them.
    input: answers.reduce((sum, row) => sum + (row.usage?.input ?? 0), 0),
    output: answers.reduce((sum, row) => sum + (row.usage?.output ?? 0), 0),
    errors: rows.filter((row) => row.status === 'error').length,
    pending: rows.filter((row) => row.status === 'waiting' && row.type === 'approval_request').length,
    count: rows.length,
  };
}

const OPEN = new Set(['in_progress', 'waiting']);

/** An error inside a run need not fail it, so the outermost agent or node decides. */
function runStatus(rows: readonly EventRow[]): string {
  if (rows.some((row) => row.status === 'waiting')) return 'waiting';
  if (rows.some((row) => row.status === 'in_progress')) return 'in_progress';
  const outermost = rows.find((row) => row.parentId === null && ENCLOSING.has(row.type));
  if (outermost) return outermost.status;
  const latest = rows.reduce<EventRow | null>(
    (known, row) => (known && known.startedAt > row.startedAt ? known : row),
    null,
  );
  return latest?.status ?? 'completed';
}

const ENCLOSING = new Set(['agent_started', 'node_started']);

function eventLine(row: EventRow, before: EventRow | undefined): EventLine {
  return { kind: 'event', id: row.id, status: row.status, row, before };
}
