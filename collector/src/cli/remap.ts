import type { Config } from '../config/config.ts';
import { remap, type RemapReport } from '../ingest/remap.ts';
import { TraceCache } from '../ingest/trace-cache.ts';
import { Writer } from '../ingest/writer.ts';
import { StartError } from '../lifecycle/start-error.ts';
import { createTraceReducer } from '../mapping/trace-reducer.ts';
import type { Database } from '../store/database.ts';
import { createPostgresTraceStore } from '../store/postgres-trace-store.ts';
import { readDiffering, readKinds, readTracesSince } from '../store/remap-queries.ts';
import { openStorageForCommand } from './open-storage.ts';

/** What the operator asked for. */
export interface RemapAsked {
  since: string | undefined;
  dryRun: boolean;
}

const UNIT_MS: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** A moment from a duration before now (`90m`, `12h`, `7d`, `2w`) or a time. Throws a StartError otherwise. */
export function readSince(text: string | undefined, now: number): Date {
  const [, count, unit] = /^(\d{1,5})([mhdw])$/.exec(text ?? '') ?? [];
  const ms = count === undefined ? Date.parse(text ?? '') : now - Number(count) * (UNIT_MS[unit ?? ''] ?? 0);
  if (Number.isNaN(ms))
    throw new StartError('remap needs --since with a duration (90m, 12h, 7d, 2w) or a time (2026-11-20T00:00:00Z).');
  return new Date(ms);
}

/** Derives the runs of a database again. */
export function remapDatabase(database: Database, options: { since: Date; write: boolean }): Promise<RemapReport> {
  const store = createPostgresTraceStore(database.write);
  return remap(
    {
      writer: new Writer(store, new TraceCache(store, createTraceReducer)),
      tracesSince: (since) => readTracesSince(database.write, since),
      differing: (traces) => readDiffering(database.write, traces),
      kinds: (ids) => readKinds(database.write, ids),
    },
    options,
  );
}

/** `signalbox remap`: derives history again by the rules of this version, and prints what changed. */
export async function runRemap(
  config: Config,
  asked: RemapAsked,
  { print, say }: { print: (line: string) => void; say: (text: string) => void },
): Promise<boolean> {
  const since = readSince(asked.since, Date.now());
  const storage = await openStorageForCommand(config, say);
  try {
    const report = await remapDatabase(storage.database, { since, write: !asked.dryRun });
    for (const line of linesOf(report, asked.dryRun)) print(line);
    return true;
  } finally {
    await storage.close();
  }
}

function linesOf({ runs, changedRuns, differences }: RemapReport, dryRun: boolean): string[] {
  const verdict = dryRun ? 'would change' : 'changed';
  return [
    `${runs} runs looked at, ${changedRuns} ${verdict}.`,
    ...differences.map(
      ({ convention, type, added, changed, removed }) =>
        `  ${convention} ${type}: ${added} added, ${changed} changed, ${removed} removed`,
    ),
  ];
}
