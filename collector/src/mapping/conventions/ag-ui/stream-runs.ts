import type { LogEntry } from '../../derive/entries.ts';
import type { Told } from '../../derive/told.ts';
import { asText } from '../../reading/coerce.ts';
import type { StreamReport } from '../../reports.ts';

/** One event of a stream, with when and by what record it came. */
export interface StreamEvent extends StreamReport {
  atNs: bigint;
  key: string;
  log: LogEntry;
}

/** The events of one run of one agent, in order, each once. */
export interface StreamRun {
  workflow: string | null;
  agent: string;
  runId: string | null;
  threadId: string | null;
  events: StreamEvent[];
}

/** Events that only a run can give; others (`CUSTOM`, `RAW`, what later versions add) prove none. */
const PROOF = /^(RUN|STEP|TEXT_MESSAGE|TOOL_CALL|REASONING|STATE|MESSAGES|SUBAGENT|ACTIVITY)_/;

/** The runs that stream events tell of. */
export function collectRuns(told: readonly Told<StreamReport>[]): StreamRun[] {
  const agents = new Map<string, StreamEvent[]>();
  for (const { report, atNs, key, log } of told) {
    if (log === null) continue;
    const agent = `${report.workflow ?? ''}\0${report.agent}`;
    const event = { ...report, atNs, key, log };
    const group = agents.get(agent);
    if (group === undefined) agents.set(agent, [event]);
    else group.push(event);
  }
  return [...agents.values()].flatMap(runsOfAgent);
}

function runsOfAgent(events: readonly StreamEvent[]): StreamRun[] {
  const starts = events.filter((event) => event.type === 'RUN_STARTED' && event.runId !== null).sort(byTime);
  const named = events
    .map((event) => event.runId)
    .filter((id) => id !== null)
    .sort();
  const groups = new Map<string | null, StreamEvent[]>();
  for (const event of events) {
    const before = starts.findLast((start) => byTime(start, event) <= 0);
    const runId = event.runId ?? before?.runId ?? starts[0]?.runId ?? named[0] ?? null;
    const group = groups.get(runId);
    if (group === undefined) groups.set(runId, [event]);
    else group.push(event);
  }
  return [...groups]
    .filter(([, group]) => group.some(({ type }) => PROOF.test(type)))
    .map(([runId, group]) => toRun(runId, group));
}

function toRun(runId: string | null, group: readonly StreamEvent[]): StreamRun {
  const events = distinct(inOrder(group));
  const { workflow = null, agent = 'agent' } = events[0] ?? {};
  const threadId = events.map((event) => event.threadId).find((id) => id !== null) ?? null;
  return { workflow, agent, runId, threadId, events };
}

/** By their numbers where the agent counts its events, else by time and place in the stream. */
function inOrder(group: readonly StreamEvent[]): StreamEvent[] {
  const isNumbered = group.every((event) => event.isNumbered);
  return [...group].sort((a, b) => (isNumbered ? a.order - b.order || byTime(a, b) : byTime(a, b)));
}

function byTime(a: StreamEvent, b: StreamEvent): number {
  if (a.atNs !== b.atNs) return a.atNs < b.atNs ? -1 : 1;
  return a.order - b.order || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
}

/**
 * What was sent or delivered again counts once. Its text does not tell: half of a secret is redacted otherwise when it
 * comes alone.
 */
function distinct(events: readonly StreamEvent[]): StreamEvent[] {
  const seen = new Set<string>();
  return events.filter(({ order, type, event }) => {
    if (order < 0) return true;
    const about = ['messageId', 'toolCallId', 'stepName', 'name'].map((key) => asText(event[key]) ?? '');
    const identity = JSON.stringify([order, type, ...about]);
    if (seen.has(identity)) return false;
    seen.add(identity);
    return true;
  });
}
