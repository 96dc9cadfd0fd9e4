import type { ModelFacts } from '../facts.ts';
import { digest } from '../reading/identifiers.ts';
import { emptyModel } from '../reading/span-defaults.ts';
import type { AnswerReport, ModelReport } from '../reports.ts';
import type { LogEntry } from './entries.ts';
import { UNKNOWN_PARENT, type SpanEntry } from './span-view.ts';
import { ofKind, teller, type Told, type Weaving } from './told.ts';

/** Two reports of one call are written within this time of each other. */
const NEAR_NS = 2_000_000_000n;

/** One model call as reports tell it. */
interface CallStory {
  begin: Told<ModelReport> | null;
  end: Told<ModelReport> | null;
  witness: Told<ModelReport>;
}

/**
 * Works reports of model calls into the calls' spans, or makes spans where none came. Products name no common id, so
 * a report belongs to the call of the same agent and model that ended nearest to it. Answers get the span's id and
 * are read like any other log record of the call; they are returned by key.
 */
export function weaveModels(weaving: Weaving, told: readonly Told[]): Map<string, LogEntry> {
  const stories = pairPhases(ofKind(told, 'model'));
  const answers = ofKind(told, 'answer');
  if (stories.length === 0 && answers.length === 0) return new Map();
  const spans = weaving.entries.filter(({ facts }) => facts.role === 'model');
  const taken = new Set<string>();
  const calls: SpanEntry[] = [...spans];
  const placed = new Map<string, LogEntry>();
  for (const story of stories) {
    const span = ownSpan(weaving, story) ?? nearest(spans, story.witness, taken);
    if (span === null) {
      const call = inferCall(story, weaving);
      weaving.put(call);
      calls.push(call);
      placeLogs(placed, story, call.spanId);
    } else {
      taken.add(span.spanId);
      enrichCall(weaving, span, story);
      placeLogs(placed, story, span.spanId);
    }
  }
  placeAnswers(placed, calls, answers);
  return placed;
}

/** A begin is closed by the first end after it of the same model and agent. */
function pairPhases(told: readonly Told<ModelReport>[]): CallStory[] {
  const open: CallStory[] = [];
  const stories: CallStory[] = [];
  for (const each of told) {
    if (each.report.phase === 'begin') {
      const story = { begin: each, end: null, witness: each };
      open.push(story);
      stories.push(story);
      continue;
    }
    const known = open.find((story) => story.end === null && isSameCall(story.witness, each));
    if (known === undefined) stories.push({ begin: null, end: each, witness: each });
    else {
      known.end = each;
      known.witness = each;
      open.splice(open.indexOf(known), 1);
    }
  }
  return stories;
}

function isSameCall(begin: Told<ModelReport>, end: Told<ModelReport>): boolean {
  const sameModel = begin.report.name === null || end.report.name === null || begin.report.name === end.report.name;
  return sameModel && begin.report.agentRun === end.report.agentRun;
}

/** The span a report was written in, where that is the call itself. */
function ownSpan(weaving: Weaving, story: CallStory): SpanEntry | null {
  for (const told of [story.end, story.begin]) {
    const span = weaving.get(told?.log?.spanId ?? null);
    if (span?.facts.role === 'model') return span;
  }
  return null;
}

function nearest(
  spans: readonly SpanEntry[],
  told: Told<ModelReport | AnswerReport>,
  taken: ReadonlySet<string>,
): SpanEntry | null {
  let best: SpanEntry | null = null;
  let bestGap = NEAR_NS;
  for (const span of spans) {
    const side = sideOf(span, told);
    if (taken.has(span.spanId) || side === null || !isSameAgent(span, told)) continue;
    const gap = side > told.atNs ? side - told.atNs : told.atNs - side;
    if (gap > bestGap || (gap === bestGap && best !== null && best.spanId < span.spanId)) continue;
    best = span;
    bestGap = gap;
  }
  return best;
}

/** A prompt is told when a call begins, everything else when it ends. */
function sideOf(span: SpanEntry, { report, log }: Told<ModelReport | AnswerReport>): bigint | null {
  const isPrompt = report.kind === 'model' ? report.phase === 'begin' : log?.facts?.answer.length === 0;
  if (isPrompt) return span.startNs;
  return span.pending ? null : span.endNs;
}

function isSameAgent(span: SpanEntry, { report, log }: Told<ModelReport | AnswerReport>): boolean {
  if (span.facts.convention !== log?.facts?.convention) return false;
  if ((span.facts.agentRun?.id ?? null) !== report.agentRun) return false;
  const name = report.kind === 'model' ? report.name : null;
  const own = span.facts.model?.name ?? null;
  return name === null || own === null || name === own;
}

function enrichCall(weaving: Weaving, span: SpanEntry, { end }: CallStory): void {
  const model = span.facts.model;
  if (model === null || end === null) return;
  weaving.change(span.spanId, {
    model: {
      ...model,
      usage: model.usage ?? end.report.usage,
      finishReason: model.finishReason ?? end.report.finishReason,
      responseId: model.responseId ?? end.report.responseId,
    },
    failure: span.facts.failure ?? end.report.failure,
  });
}

function inferCall({ begin, end, witness }: CallStory, weaving: Weaving): SpanEntry {
  const { facts, ...source } = teller(witness);
  const { report } = witness;
  const duration = report.durationNs ?? 0n;
  return {
    // The first record of the call names it, so that its event keeps its id when the next one comes.
    spanId: digest('model', (begin ?? witness).key).slice(0, 16),
    parentSpanId: placeOf(weaving, witness),
    pending: end === null,
    inferred: true,
    ...source,
    startNs: begin === null ? witness.atNs - duration : begin.atNs,
    endNs: end === null ? 0n : end.atNs,
    facts: {
      ...facts,
      title: report.name ?? 'model',
      role: 'model',
      agentRun: report.agentRun === null ? null : { id: report.agentRun, type: null },
      clientOnly: true,
      failure: report.failure,
      model: { ...emptyModel(), ...modelOf(report), name: report.name ?? begin?.report.name ?? null },
    },
  };
}

function modelOf({ provider, usage, finishReason, responseId }: ModelReport): Partial<ModelFacts> {
  return { provider, usage, finishReason, responseId };
}

/** The span a record was written in, where model calls can be inside it. */
function placeOf(weaving: Weaving, { log }: Told): string {
  const place = weaving.get(log?.spanId ?? null);
  const isPlace = place !== null && place.facts.role !== 'model' && place.facts.role !== 'tool';
  return isPlace ? place.spanId : UNKNOWN_PARENT;
}

/** What the records of a call say is read like any log record of its span. */
function placeLogs(placed: Map<string, LogEntry>, { begin, end }: CallStory, spanId: string): void {
  for (const log of [begin?.log ?? null, end?.log ?? null]) {
    if (log?.facts && log.facts.prompt.length + log.facts.answer.length > 0) placed.set(log.key, ofCall(log, spanId));
  }
}

function ofCall(log: LogEntry, spanId: string): LogEntry {
  return { ...log, spanId, facts: log.facts === null ? null : { ...log.facts, isModelCall: true } };
}

function placeAnswers(
  placed: Map<string, LogEntry>,
  calls: readonly SpanEntry[],
  answers: readonly Told<AnswerReport>[],
): void {
  const taken = { prompt: new Set<string>(), answer: new Set<string>() };
  for (const answer of answers) {
    if (answer.log?.facts === undefined || answer.log.facts === null) continue;
    const side = answer.log.facts.answer.length > 0 ? 'answer' : 'prompt';
    const own = calls.find(({ spanId }) => spanId === answer.log?.spanId) ?? null;
    const call = own ?? nearest(calls, answer, taken[side]);
    if (call === null) continue;
    taken[side].add(call.spanId);
    placed.set(answer.log.key, ofCall(answer.log, call.spanId));
  }
}
