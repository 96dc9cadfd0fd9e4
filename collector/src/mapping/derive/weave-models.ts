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
  for (const story of stories) {
    const span = ownSpan(weaving, story) ?? nearest(spans, story.witness, taken);
    if (span === null) {
      const call = inferCall(story, weaving);
      weaving.put(call);
      calls.push(call);
    } else {
      taken.add(span.spanId);
      enrichCall(weaving, span, story);
    }
  }
  return placeAnswers(calls, answers);
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
    if (taken.has(span.spanId) || span.pending || !isSameAgent(span, told)) continue;
    const gap = span.endNs > told.atNs ? span.endNs - told.atNs : told.atNs - span.endNs;
    if (gap > bestGap || (gap === bestGap && best !== null && best.spanId < span.spanId)) continue;
    best = span;
    bestGap = gap;
  }
  return best;
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

function placeAnswers(calls: readonly SpanEntry[], answers: readonly Told<AnswerReport>[]): Map<string, LogEntry> {
  const placed = new Map<string, LogEntry>();
  const taken = new Set<string>();
  for (const answer of answers) {
    const call = nearest(calls, answer, taken);
    if (call === null || answer.log?.facts === undefined || answer.log.facts === null) continue;
    taken.add(call.spanId);
    const facts = { ...answer.log.facts, isModelCall: true };
    placed.set(answer.log.key, { ...answer.log, spanId: call.spanId, facts });
  }
  return placed;
}
