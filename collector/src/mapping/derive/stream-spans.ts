import type { RunEnd, Stretch } from '../conventions/ag-ui/lifecycle.ts';
import { finalAnswer, type MessageStory } from '../conventions/ag-ui/messages.ts';
import type { Question } from '../conventions/ag-ui/questions.ts';
import type { StreamEvent, StreamRun } from '../conventions/ag-ui/stream-runs.ts';
import type { ToolStory } from '../conventions/ag-ui/tools.ts';
import type { DecisionFacts, SpanFacts } from '../facts.ts';
import { asText } from '../reading/coerce.ts';
import { digest } from '../reading/identifiers.ts';
import { toContent } from '../reading/messages.ts';
import { emptyFacts } from '../reading/span-defaults.ts';
import type { StreamReport } from '../reports.ts';
import { bySpanStart, UNKNOWN_PARENT, type SpanEntry } from './span-view.ts';
import type { Told, Weaving } from './told.ts';

/** One run with everything its events add up to. */
export interface RunStory {
  run: StreamRun;
  /** Span of the agent's run; that of its tracing where it has one. */
  spanId: string;
  end: RunEnd | null;
  steps: Stretch[];
  subagents: Stretch[];
  calls: ToolStory[];
  messages: MessageStory[];
  questions: Question[];
  answers: DecisionFacts[];
}

type StreamTold = Told<StreamReport>;

/** Puts the spans of workflows, agents, steps and sub-agents; a traced agent keeps its own. */
export function placeRuns(weaving: Weaving, stories: readonly RunStory[], told: readonly StreamTold[]): void {
  const traced = weaving.entries.filter(({ facts }) => facts.role === 'agent' || facts.role === 'workflow');
  if (traced.length === 0) for (const workflow of workflowsOf(told)) putWorkflow(weaving, workflow, stories);
  for (const story of stories) {
    const own = traced
      .filter(({ facts }) => facts.role === 'agent' && facts.agent === story.run.agent)
      .sort(bySpanStart)[0];
    if (own === undefined) putRun(weaving, story, stories);
    else addToTraced(weaving, own, story);
  }
  for (const story of stories) {
    for (const step of story.steps) putStretch(weaving, story, 'step', step);
    for (const agent of story.subagents) putStretch(weaving, story, 'subagent', agent);
  }
}

function workflowsOf(told: readonly StreamTold[]): Map<string, StreamTold[]> {
  const workflows = new Map<string, StreamTold[]>();
  for (const each of told) {
    const name = each.report.workflow;
    if (name === null || each.log === null) continue;
    const group = workflows.get(name);
    if (group === undefined) workflows.set(name, [each]);
    else group.push(each);
  }
  return workflows;
}

function workflowId(workflow: string): string {
  return digest('ag-ui workflow', workflow).slice(0, 16);
}

/** The workflow around the agents of its name: over when all of their runs are. */
function putWorkflow(
  weaving: Weaving,
  [workflow, told]: readonly [string, readonly StreamTold[]],
  stories: readonly RunStory[],
): void {
  const first = told[0];
  if (first?.log === undefined || first.log === null) return;
  const own = stories.filter(({ run }) => run.workflow === workflow);
  const ends = own.map(({ end }) => end);
  const isOver = ends.every((end) => end !== null);
  const last = ends.reduce(
    (latest, end) => (latest === null || (end !== null && end.atNs > latest.atNs) ? end : latest),
    null,
  );
  const { report, key, atNs, log } = first;
  const span = {
    spanId: workflowId(workflow),
    parentSpanId: null,
    startNs: told.reduce((least, each) => (each.atNs < least ? each.atNs : least), atNs),
    endNs: isOver ? told.reduce((most, each) => (each.atNs > most ? each.atNs : most), atNs) : null,
  };
  const facts = { role: 'workflow', title: workflow, failure: isOver ? (last?.failure ?? null) : null } as const;
  weaving.put(streamSpan({ ...report, key, atNs, log }, span, facts));
}

function putRun(weaving: Weaving, story: RunStory, stories: readonly RunStory[]): void {
  const { run, end, spanId } = story;
  const first = run.events[0];
  if (first === undefined) return;
  const startNs = run.events.reduce((least, { atNs }) => (atNs < least ? atNs : least), first.atNs);
  const parentSpanId = parentOf(weaving, story, stories);
  weaving.put(streamSpan(first, { spanId, parentSpanId, startNs, endNs: end?.atNs ?? null }, runFacts(story)));
}

/** The run that started this one, the span the events were sent in, the workflow. */
function parentOf(weaving: Weaving, { run }: RunStory, stories: readonly RunStory[]): string {
  const started = run.events.find(({ type }) => type === 'RUN_STARTED')?.event;
  const parentRun = asText(started?.['parentRunId']);
  const above = stories.find((other) => other.run !== run && parentRun !== null && other.run.runId === parentRun);
  if (above !== undefined) return above.spanId;
  const sentIn = run.events.map(({ log }) => weaving.get(log.spanId)).find((entry) => entry !== null);
  if (sentIn !== undefined) return sentIn.spanId;
  const workflow = run.workflow === null ? null : weaving.get(workflowId(run.workflow));
  return workflow?.spanId ?? UNKNOWN_PARENT;
}

function addToTraced(weaving: Weaving, { spanId, facts }: SpanEntry, story: RunStory): void {
  story.spanId = spanId;
  weaving.change(spanId, {
    interrupts: [...facts.interrupts, ...story.questions.map(({ interrupt }) => interrupt)],
    decisions: [...facts.decisions, ...story.answers],
  });
}

/** A step that was open when the run stopped to ask waits with it. */
function putStretch(weaving: Weaving, story: RunStory, kind: 'step' | 'subagent', stretch: Stretch): void {
  const { first, name, startNs, endNs, failure } = stretch;
  const around = story.steps.findLast(
    (step) => step !== stretch && step.from < stretch.from && stretch.from <= step.to,
  );
  const isStopped = endNs !== null && stretch.to === Number.MAX_SAFE_INTEGER;
  weaving.put(
    streamSpan(
      first,
      {
        spanId: stretchId(story, kind, stretch),
        parentSpanId: around === undefined ? story.spanId : stretchId(story, 'step', around),
        startNs,
        endNs,
      },
      {
        role: kind === 'step' ? 'node' : 'agent',
        title: name,
        agent: kind === 'step' ? first.agent : name,
        entity: kind === 'step' ? name : null,
        failure,
        interrupts: isStopped ? story.questions.map(({ interrupt }) => interrupt) : [],
      },
    ),
  );
}

/** Facts of the agent's span: what it was asked, what it answered, what it waits for. */
function runFacts(story: RunStory): Partial<SpanFacts> {
  const { run, end, messages, questions, answers } = story;
  const result = run.events.findLast(({ type }) => type === 'RUN_FINISHED')?.event['result'];
  const asked = run.events.map(({ log }) => log.facts?.userText ?? null).find((text) => text !== null) ?? null;
  return {
    role: 'agent',
    title: run.agent,
    agent: run.agent,
    failure: end?.failure ?? null,
    interrupts: questions.map(({ interrupt }) => interrupt),
    decisions: answers,
    io: { input: () => toContent(asked), output: () => toContent(finalAnswer(messages) ?? result) },
  };
}

/** The innermost step an event happened in, else the run. */
export function placeOf(story: RunStory, event: StreamEvent): string {
  const at = story.run.events.indexOf(event);
  const step = story.steps.findLast(({ from, to }) => from <= at && at <= to);
  return step === undefined ? story.spanId : stretchId(story, 'step', step);
}

/** Span of a step or sub-agent. */
export function stretchId(story: RunStory, kind: 'step' | 'subagent', stretch: Stretch): string {
  return digest('ag-ui', kind, story.spanId, stretch.key).slice(0, 16);
}

/** A span made of stream events. */
export function streamSpan(
  first: StreamEvent,
  span: Pick<SpanEntry, 'spanId' | 'parentSpanId' | 'startNs'> & { endNs: bigint | null },
  facts: Partial<SpanFacts>,
): SpanEntry {
  const { scope, service, facts: logFacts } = first.log;
  return {
    ...span,
    scope,
    service,
    pending: span.endNs === null,
    // The agent states the run itself; nothing is guessed.
    inferred: false,
    endNs: span.endNs ?? 0n,
    facts: {
      ...emptyFacts('ag-ui', first.agent),
      session: first.threadId ?? logFacts?.session ?? null,
      user: logFacts?.user ?? null,
      ...facts,
    },
  };
}
