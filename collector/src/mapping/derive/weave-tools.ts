import type { DecisionFacts, ToolFacts } from '../facts.ts';
import { digest } from '../reading/identifiers.ts';
import { baseDecision, toolInterrupt } from '../reading/span-defaults.ts';
import { handoffTarget } from '../reading/tool-names.ts';
import type { DecisionReport, ToolReport, WaitReport } from '../reports.ts';
import { UNKNOWN_PARENT, type SpanEntry } from './span-view.ts';
import { ofKind, teller, type Told, type Weaving } from './told.ts';

interface ToolStory {
  identity: string;
  callId: string | null;
  tools: Told<ToolReport>[];
  decisions: Told<DecisionReport>[];
}

/** Works reports about tool calls into the tools' spans, or makes the span where none came. */
export function weaveTools(weaving: Weaving, told: readonly Told[]): void {
  const stories = collectStories(weaving, told);
  if (stories.length > 0) {
    const byCall = spansByCall(weaving);
    for (const story of stories) {
      const span = story.callId === null ? null : (byCall.get(story.callId) ?? null);
      if (span === null) inferTool(weaving, story);
      else enrichTool(weaving, span, story);
    }
  }
  for (const wait of ofKind(told, 'wait')) raiseWait(weaving, wait);
}

function collectStories(weaving: Weaving, told: readonly Told[]): ToolStory[] {
  const stories = new Map<string, ToolStory>();
  const storyOf = (callId: string | null, key: string): ToolStory => {
    const identity = callId === null ? `log:${key}` : `call:${callId}`;
    const story = stories.get(identity) ?? { identity, callId, tools: [], decisions: [] };
    stories.set(identity, story);
    return story;
  };
  for (const each of ofKind(told, 'tool')) storyOf(each.report.callId, each.key).tools.push(each);
  for (const each of ofKind(told, 'decision')) {
    const callId = each.report.callId ?? parentCall(weaving, each);
    // Without its parent nobody knows which call a decision span is about.
    if (callId !== null || each.log !== null) storyOf(callId, each.key).decisions.push(each);
  }
  return [...stories.values()];
}

function parentCall(weaving: Weaving, { entry }: Told): string | null {
  return weaving.get(entry?.parentSpanId ?? null)?.facts.tool?.callId ?? null;
}

function spansByCall(weaving: Weaving): Map<string, SpanEntry> {
  const byCall = new Map<string, SpanEntry>();
  for (const entry of weaving.entries) {
    const callId = entry.facts.tool?.callId ?? null;
    if (callId === null) continue;
    const known = byCall.get(callId);
    if (known === undefined || entry.spanId < known.spanId) byCall.set(callId, entry);
  }
  return byCall;
}

function enrichTool(weaving: Weaving, span: SpanEntry, story: ToolStory): void {
  const { facts } = span;
  if (facts.tool === null) return;
  const decisions = decisionsOf(story);
  const isRejected = decisions.some(({ decision }) => decision === 'reject');
  weaving.change(span.spanId, {
    tool: fillTool(facts.tool, story.tools),
    failure: isRejected ? null : (facts.failure ?? firstOf(story.tools, ({ failure }) => failure)),
    decisions: [...facts.decisions, ...decisions],
  });
}

function fillTool(tool: ToolFacts, told: readonly Told<ToolReport>[]): ToolFacts {
  return {
    ...tool,
    args: tool.args ?? firstOf(told, ({ args }) => args) ?? undefined,
    result: tool.result ?? firstOf(told, ({ result }) => result) ?? undefined,
  };
}

function firstOf<T>(told: readonly Told<ToolReport>[], read: (report: ToolReport) => T): T | null {
  for (const { report } of told) {
    const value = read(report);
    if (value !== undefined && value !== null) return value;
  }
  return null;
}

/** The first decision stands: a log repeats what the span said. */
function decisionsOf(story: ToolStory): DecisionFacts[] {
  const first = story.decisions[0];
  if (first === undefined) return [];
  const { decision, by, note, tool } = first.report;
  return [
    baseDecision({
      decision,
      by,
      answer: note,
      callId: story.callId,
      discriminator: 'call',
      atNs: first.atNs,
      action: tool ?? firstOf(story.tools, ({ name }) => name),
    }),
  ];
}

function inferTool(weaving: Weaving, story: ToolStory): void {
  const all: Told<ToolReport | DecisionReport>[] = [...story.tools, ...story.decisions];
  const witness = all.find(({ log }) => log !== null) ?? all[0];
  const name = firstOf(story.tools, (report) => report.name) ?? story.decisions[0]?.report.tool ?? null;
  if (witness === undefined || name === null) return;
  const end = story.tools.find(({ report }) => report.ended);
  const { facts, ...source } = teller(witness);
  weaving.put({
    spanId: reportedId(story) ?? digest('tool', story.identity).slice(0, 16),
    parentSpanId: parentOf(weaving, witness),
    ...source,
    inferred: true,
    ...outcomeOf(story, all, end),
    facts: { ...facts, title: name, role: 'tool', ...toolFacts(story, name, witness.report.agentRun) },
  });
}

/** A span inside the tool's own tells the id the tool's span will have. */
function reportedId(story: ToolStory): string | null {
  return story.tools.find(({ entry }) => entry !== null)?.entry?.parentSpanId ?? null;
}

function outcomeOf(
  story: ToolStory,
  all: readonly Told[],
  end: Told<ToolReport> | undefined,
): Pick<SpanEntry, 'pending' | 'startNs' | 'endNs'> {
  const refusal = story.decisions.find(({ report }) => report.decision === 'reject');
  const last = end ?? refusal;
  return { pending: last === undefined, startNs: startOf(all, end), endNs: last === undefined ? 0n : last.atNs };
}

function toolFacts(
  story: ToolStory,
  name: string,
  run: string | null,
): Pick<SpanEntry['facts'], 'agentRun' | 'failure' | 'decisions' | 'tool'> {
  const { callId } = story;
  const decisions = decisionsOf(story);
  const isRejected = decisions.some(({ decision }) => decision === 'reject');
  const bare = { name, callId, args: undefined, result: undefined, description: null, handoffTo: handoffTarget(name) };
  return {
    agentRun: run === null ? null : { id: run, type: null },
    failure: isRejected ? null : firstOf(story.tools, ({ failure }) => failure),
    decisions,
    tool: fillTool(bare, story.tools),
  };
}

/** The agent or step a log was written in; a tool's own inner span is no place for the tool. */
function parentOf(weaving: Weaving, { log }: Told): string {
  const place = weaving.get(log?.spanId ?? null);
  return place !== null && (place.facts.role === 'agent' || place.facts.role === 'workflow')
    ? place.spanId
    : UNKNOWN_PARENT;
}

function startOf(told: readonly Told[], end: Told<ToolReport> | undefined): bigint {
  const begun = end === undefined ? null : end.atNs - (end.report.durationNs ?? 0n);
  const times = told.map(({ atNs }) => atNs);
  return times.reduce((least, ns) => (ns < least ? ns : least), begun ?? times[0] ?? 0n);
}

/** A call that waits, or waited, for a person: the request of an approval. */
function raiseWait(weaving: Weaving, { report, entry }: Told<WaitReport>): void {
  const parent = weaving.get(entry?.parentSpanId ?? null);
  const tool = parent?.facts.tool ?? null;
  if (entry === null || tool === null) return;
  const interrupt = toolInterrupt(tool.name, report.callId ?? tool.callId, tool.args);
  weaving.change(entry.spanId, { interrupts: [{ ...interrupt, atNs: entry.startNs }] });
}
