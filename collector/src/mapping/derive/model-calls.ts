import type { Message } from '@signalbox/event-model';
import type { DerivedEvent } from '../derivation.ts';
import type { ModelFacts, ProposedCall, PromptTail } from '../facts.ts';
import { eventId } from '../reading/identifiers.ts';
import { messageText, promptTail, proposedCalls } from '../reading/messages.ts';
import { byLogTime, type LogEntry } from './entries.ts';
import { conversationOf } from './inferred-spans.ts';
import { actorOf, parentEventId, toEvent, type Scene } from './scene.ts';
import { ancestors, type SpanView } from './span-view.ts';
import { isToldElsewhere } from './told-elsewhere.ts';

/** One model call with what span and log records together tell of it. */
export interface ModelCall {
  span: SpanView;
  facts: ModelFacts;
  tail: PromptTail;
  prompt: () => Message[];
  answer: Message[];
  proposals: ProposedCall[];
  finishReason: string | null;
  ended: boolean;
}

/** The model calls of the trace in order, several instrumentations of one call merged. */
export function collectModelCalls(scene: Scene): ModelCall[] {
  const logs = logsBySpan(scene.logs);
  const calls: ModelCall[] = [];
  for (const span of scene.view.spans) {
    if (span.role !== 'model' || span.facts.model === null || isToldElsewhere(scene, span)) continue;
    calls.push(toCall(span, span.facts.model, logs.get(span.spanId) ?? []));
  }
  return withoutDuplicates(calls);
}

function logsBySpan(logs: readonly LogEntry[]): Map<string, LogEntry[]> {
  const bySpan = new Map<string, LogEntry[]>();
  for (const log of logs) {
    if (log.spanId === null || log.facts?.isModelCall !== true) continue;
    const group = bySpan.get(log.spanId);
    if (group === undefined) bySpan.set(log.spanId, [log]);
    else group.push(log);
  }
  for (const group of bySpan.values()) group.sort(byLogTime);
  return bySpan;
}

function toCall(span: SpanView, facts: ModelFacts, logs: readonly LogEntry[]): ModelCall {
  const logged = conversationOf(logs);
  const fromLogs = !facts.promptTail.captured && logged.prompt.length > 0;
  const answer = facts.answer.length > 0 ? facts.answer : logged.answer;
  return {
    span,
    facts,
    tail: fromLogs ? promptTail(logged.prompt) : facts.promptTail,
    prompt: fromLogs ? () => logged.prompt : facts.prompt,
    answer,
    proposals: proposedCalls(answer),
    finishReason: facts.finishReason ?? logged.finishReason,
    ended: !span.pending,
  };
}

/**
 * Two instrumentations of one call: the same response id, one inside the other, or siblings of different scopes with
 * the same model and contained times. The one with calls or text in its answer stays; the other becomes structure.
 */
function withoutDuplicates(calls: readonly ModelCall[]): ModelCall[] {
  const dropped = new Set<ModelCall>();
  const bySpan = new Map(calls.map((call) => [call.span, call]));
  const byResponse = new Map<string, ModelCall>();
  const siblings = new Set(calls.map((call) => call.span.scope)).size > 1 ? calls : [];
  for (const call of calls) {
    const twin = enclosingCall(call, bySpan) ?? sameResponse(call, byResponse) ?? siblingTwin(call, siblings);
    if (twin === null || dropped.has(twin) || dropped.has(call)) continue;
    const [kept, other] = richness(call) > richness(twin) ? [call, twin] : [twin, call];
    completeFrom(kept, other);
    dropped.add(other);
  }
  for (const call of dropped) call.span.role = 'structure';
  return calls.filter((call) => !dropped.has(call));
}

/** What only the poorer report knows is not lost with it. */
function completeFrom(kept: ModelCall, other: ModelCall): void {
  const { facts } = kept;
  kept.facts = {
    ...facts,
    usage: facts.usage ?? other.facts.usage,
    responseId: facts.responseId ?? other.facts.responseId,
  };
  if (kept.tail.captured || !other.tail.captured) return;
  kept.tail = other.tail;
  kept.prompt = other.prompt;
}

function enclosingCall(call: ModelCall, bySpan: ReadonlyMap<SpanView, ModelCall>): ModelCall | null {
  for (const above of ancestors(call.span)) {
    if (above.role === 'model') return bySpan.get(above) ?? null;
    if (above.role !== 'structure' && above.role !== 'chain') return null;
  }
  return null;
}

function sameResponse(call: ModelCall, byResponse: Map<string, ModelCall>): ModelCall | null {
  const id = call.facts.responseId;
  if (id === null) return null;
  const known = byResponse.get(id);
  if (known === undefined) byResponse.set(id, call);
  // Scripted models and caches repeat response ids: only another instrumentation's report is the same call.
  return known !== undefined && known.span.scope !== call.span.scope ? known : null;
}

function siblingTwin(call: ModelCall, calls: readonly ModelCall[]): ModelCall | null {
  if (!call.ended || call.span.parentSpanId === null) return null;
  for (const other of calls) {
    if (other.span.startNs > call.span.startNs) return null;
    if (isContainedTwin(call, other)) return other;
  }
  return null;
}

function isContainedTwin(inner: ModelCall, outer: ModelCall): boolean {
  return (
    outer !== inner &&
    outer.ended &&
    outer.span.scope !== inner.span.scope &&
    outer.span.parentSpanId === inner.span.parentSpanId &&
    outer.facts.name === inner.facts.name &&
    outer.span.startNs <= inner.span.startNs &&
    inner.span.endNs <= outer.span.endNs
  );
}

function richness(call: ModelCall): number {
  return (call.proposals.length > 0 ? 2 : 0) + (call.answer.length > 0 ? 1 : 0);
}

/** Request and response events of the calls. */
export function modelEvents(scene: Scene, calls: readonly ModelCall[]): DerivedEvent[] {
  return calls.flatMap((call) => {
    const request = requestEvent(scene, call);
    const answered = call.ended && call.span.facts.failure === null;
    return answered ? [request, responseEvent(scene, call, request.id)] : [request];
  });
}

/** Id of the request event of a model span. */
export function modelRequestId(scene: Scene, span: SpanView): string {
  return eventId(scene.traceId, 'model_request', span.spanId);
}

function requestEvent(scene: Scene, call: ModelCall): DerivedEvent {
  const { span, facts } = call;
  const failed = span.facts.failure !== null;
  const model = facts.name ?? 'model';
  return toEvent(scene, {
    id: modelRequestId(scene, span),
    type: 'model_request',
    span,
    parentId: parentEventId(scene, span),
    actor: actorOf(span),
    target: { kind: 'model', name: model },
    status: !call.ended ? 'in_progress' : failed ? 'error' : 'completed',
    startNs: span.startNs,
    endNs: call.ended ? span.endNs : null,
    summary: requestLine(call),
    model: facts.name,
    convention: span.facts.convention,
    basis: span.inferred ? 'inferred' : 'declared',
    content: () => ({
      kind: 'model_request',
      provider: facts.provider,
      parameters: facts.parameters(),
      messages: call.prompt(),
      tools: facts.tools(),
      notCaptured: !call.tail.captured,
    }),
  });
}

function requestLine(call: ModelCall): string {
  if (call.tail.line !== null) return call.tail.line;
  const answers = call.tail.answers.map((answer) => answer.text).join(' · ');
  if (answers !== '') return answers;
  return call.tail.captured ? 'prompt without text' : 'content not captured';
}

function responseEvent(scene: Scene, call: ModelCall, requestId: string): DerivedEvent {
  const { span, facts } = call;
  return toEvent(scene, {
    id: eventId(scene.traceId, 'model_response', span.spanId),
    type: 'model_response',
    span,
    parentId: requestId,
    actor: { kind: 'model', name: facts.name ?? 'model' },
    target: actorOf(span),
    status: 'completed',
    startNs: span.endNs,
    endNs: span.endNs,
    summary: responseLine(call),
    model: facts.name,
    usage: facts.usage,
    convention: span.facts.convention,
    basis: span.inferred ? 'inferred' : 'declared',
    content: () => ({
      kind: 'model_response',
      messages: call.answer,
      finishReason: call.finishReason,
      responseId: facts.responseId,
      notCaptured: call.answer.length === 0,
    }),
  });
}

function responseLine(call: ModelCall): string {
  const text = call.answer.map(messageText).join(' ').trim();
  const tools = call.proposals.map((proposal) => proposal.tool).join(', ');
  if (text !== '' && tools !== '') return `${text} → ${tools}`;
  if (text !== '') return text;
  if (tools !== '') return `→ ${tools}`;
  return call.answer.length > 0 ? 'answer without text' : 'content not captured';
}
