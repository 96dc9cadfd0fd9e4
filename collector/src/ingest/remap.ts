import type { TraceChange } from './trace-store.ts';
import type { Writer } from './writer.ts';

/** Runs derived again in one transaction. */
const BATCH = 50;

/** How many events of one kind differed. */
export interface Difference {
  convention: string;
  type: string;
  added: number;
  changed: number;
  removed: number;
}

/** What deriving again came to. */
export interface RemapReport {
  /** Runs looked at. */
  runs: number;
  /** Runs with an event that differed. */
  changedRuns: number;
  /** By convention, then type. */
  differences: Difference[];
}

type Kinds = ReadonlyMap<string, { type: string; convention: string }>;

/** What history is derived again with. */
export interface RemapParts {
  writer: Writer;
  /** Trace ids of the runs heard since a moment. */
  tracesSince: (since: Date) => Promise<string[]>;
  /** Of traces with all their events as derived, the ids of those whose rows stand otherwise. */
  differing: (traces: readonly TraceChange[]) => Promise<string[]>;
  /** Type and convention of stored events. */
  kinds: (ids: readonly string[]) => Promise<Kinds>;
}

/** Derives every run heard since a moment again, and writes what differs unless it is only asked for. */
export async function remap(parts: RemapParts, options: { since: Date; write: boolean }): Promise<RemapReport> {
  const traceIds = await parts.tracesSince(options.since);
  const changed = new Set<string>();
  const tally = new Map<string, Difference>();
  for (let at = 0; at < traceIds.length; at += BATCH) {
    let kinds: Kinds = new Map();
    const traces = await parts.writer.again(traceIds.slice(at, at + BATCH), {
      check: parts.differing,
      // A withdrawn event is known by its id alone, and its row is about to lose what it was.
      announce: async (changes) => {
        const events = changes.flatMap((change) => change.events);
        kinds = await parts.kinds(events.filter(({ known }) => known.removed).map(({ event }) => event.id));
      },
      write: options.write,
      now: new Date(),
    });
    for (const trace of traces) if (trace.events.length > 0) changed.add(trace.traceId);
    count(tally, traces, kinds);
  }
  const differences = [...tally.values()].sort((a, b) => order(a.convention, b.convention) || order(a.type, b.type));
  return { runs: traceIds.length, changedRuns: changed.size, differences };
}

function count(tally: Map<string, Difference>, traces: readonly TraceChange[], kinds: Kinds): void {
  for (const { event, known, isNew } of traces.flatMap((trace) => trace.events)) {
    const { type, convention } = kinds.get(event.id) ?? { type: event.type, convention: event.source.convention };
    const key = JSON.stringify([convention, type]);
    const difference = tally.get(key) ?? { convention, type, added: 0, changed: 0, removed: 0 };
    difference[known.removed ? 'removed' : isNew ? 'added' : 'changed']++;
    tally.set(key, difference);
  }
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
