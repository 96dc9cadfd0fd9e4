import type { LogEntry } from './entries.ts';
import type { SpanEntry } from './span-view.ts';
import type { RecordReport } from '../reports.ts';
import { collectReports, Weaving, type Told } from './told.ts';
import { weaveAgents } from './weave-agents.ts';
import { distinctRecords, weaveApprovals } from './weave-approvals.ts';
import { weaveContext } from './weave-context.ts';
import { weaveInterrupts } from './weave-interrupts.ts';
import { weaveStreams } from './weave-streams.ts';
import { weaveModels } from './weave-models.ts';
import { weaveTools } from './weave-tools.ts';

/** Spans and logs of a trace after everything told of something else has found its place. */
export interface Woven {
  entries: readonly SpanEntry[];
  logs: readonly LogEntry[];
  /** Records that are events of their own, in order of time. */
  records: readonly Told<RecordReport>[];
}

/**
 * Products report facts beside the span they belong to: in log records, in spans around and inside it. Each is worked
 * into its span; where the span is missing, a span is inferred that vanishes when the real one comes, under the same
 * event ids.
 */
export function weave(entries: readonly SpanEntry[], logs: readonly LogEntry[]): Woven {
  const hasContext = entries.some(({ facts }) => facts.modelContext !== null);
  const hasRuns = entries.some(({ facts }) => facts.agentRun !== null);
  const told = collectReports(entries, logs);
  const seeking = entries.filter(({ facts }) => facts.interrupts.some(({ seeksTool }) => seeksTool === true));
  if (told.length === 0 && !hasContext && !hasRuns && seeking.length === 0) return { entries, logs, records: [] };
  const weaving = new Weaving(entries);
  if (hasContext) weaveContext(weaving);
  const streams = weaveStreams(weaving, told);
  weaveTools(weaving, told);
  const answers = weaveModels(weaving, told);
  weaveAgents(weaving, told);
  weaveInterrupts(weaving, seeking);
  const records = distinctRecords([...told, ...streams.records]);
  weaveApprovals(weaving, records);
  return {
    entries: weaving.entries,
    logs: logs.map((log) => answers.get(log.key) ?? streams.logs.get(log.key) ?? log),
    records,
  };
}
