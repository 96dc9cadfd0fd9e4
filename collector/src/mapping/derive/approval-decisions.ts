import type { CorrelationFact } from '../derivation.ts';
import type { DecisionFacts } from '../facts.ts';
import { asText } from '../reading/coerce.ts';
import { eventId } from '../reading/identifiers.ts';
import { comparableToolName } from '../reading/tool-names.ts';
import { approvedRun, type ApprovalRequest } from './approval-requests.ts';
import { FACT_KINDS, foreignRequest, toolKeys } from './correlation.ts';
import type { ModelCall } from './model-calls.ts';
import type { Scene } from './scene.ts';
import type { SpanView } from './span-view.ts';
import type { ToolCall } from './tool-calls.ts';
import { argsKey } from './tool-matching.ts';

/** An answer to an approval request, stated or shown by what happened next. */
export interface ApprovalDecision {
  id: string;
  decision: DecisionFacts['decision'];
  by: DecisionFacts['by'];
  answer: unknown;
  /** Who decided, when named. */
  who: string | null;
  atNs: bigint;
  endNs: bigint | null;
  failed: boolean;
  span: SpanView;
  /** The tool call decided upon; null when the decision resumes a whole graph. */
  callId: string | null;
  /** Keys the request may be known under. */
  keys: string[];
  action: string | null;
  /** The tool decided upon, when it is one. */
  tool: string | null;
  request: ApprovalRequest | null;
  /** True when only another trace's request makes this a decision. */
  isForeignBased: boolean;
  basis: 'declared' | 'inferred';
}

/** An answer to a call of another trace that only counts when that trace asked for approval. */
export interface ToolAnswer {
  callId: string;
  text: string;
  atNs: bigint;
  span: SpanView;
}

/** Every decision the trace shows. */
export function collectDecisions(
  scene: Scene,
  models: readonly ModelCall[],
  calls: readonly ToolCall[],
  requests: readonly ApprovalRequest[],
): ApprovalDecision[] {
  const stated = statedDecisions(scene, calls, requests);
  const shown = requests.flatMap((request) => shownDecision(scene, request, stated));
  const resumed = calls
    .filter((call) => call.resumed && !isDecided(call, stated))
    .map((call) => resumedDecision(scene, call, models));
  const answered = unknownAnswers(models, calls).flatMap((answer) => answeredDecision(scene, answer));
  return [...stated, ...shown, ...resumed, ...answered];
}

/** A graph's resume decides everything it lets run; a stated decision decides its own call. */
function isDecided(call: ToolCall, stated: readonly ApprovalDecision[]): boolean {
  return stated.some((decision) => decision.callId === null || decision.callId === call.callId);
}

function statedDecisions(
  scene: Scene,
  calls: readonly ToolCall[],
  requests: readonly ApprovalRequest[],
): ApprovalDecision[] {
  const found = new Map<string, ApprovalDecision>();
  for (const span of scene.deciding) {
    for (const facts of span.facts.decisions) {
      if (facts.callId === null && facts.keys.length === 0 && span.enclosed) continue;
      const identity = facts.callId ?? `${span.spanId}:${facts.discriminator}`;
      if (!found.has(identity)) found.set(identity, toDecision(scene, span, facts, { identity, calls, requests }));
    }
  }
  return [...found.values()];
}

function toDecision(
  scene: Scene,
  span: SpanView,
  facts: DecisionFacts,
  context: { identity: string; calls: readonly ToolCall[]; requests: readonly ApprovalRequest[] },
): ApprovalDecision {
  const call = facts.callId === null ? undefined : context.calls.find((candidate) => candidate.callId === facts.callId);
  const keys = decisionKeys(scene, span, facts);
  const request = context.requests.find((candidate) => isAnswerTo(candidate, call, facts)) ?? null;
  const atNs = facts.atNs ?? span.startNs;
  return {
    id: eventId(scene.traceId, 'approval_decision', context.identity),
    decision: facts.decision,
    by: facts.by,
    answer: facts.answer,
    who: facts.who,
    atNs,
    endNs: call === undefined ? null : call.endNs,
    failed: call?.status === 'error',
    span,
    callId: facts.callId,
    keys,
    action: call?.name ?? request?.action ?? facts.action ?? foreignAction(scene, keys, atNs),
    tool: call === undefined ? null : call.name,
    request,
    isForeignBased: false,
    basis: 'declared',
  };
}

function foreignAction(scene: Scene, keys: readonly string[], atNs: bigint): string | null {
  return asText(foreignRequest(scene, keys, atNs)?.data['action']);
}

function isAnswerTo(request: ApprovalRequest, call: ToolCall | undefined, facts: DecisionFacts): boolean {
  if (call !== undefined && request.call === call) return true;
  return facts.keys.some((key) => request.keys.includes(key));
}

function decisionKeys(scene: Scene, span: SpanView, facts: DecisionFacts): string[] {
  const own = facts.callId === null ? facts.keys : [...facts.keys, `call:${facts.callId}`];
  return own.length > 0 ? own : resumeKeys(scene, span);
}

/** A resumed graph runs the interrupted node again under its namespace: that is the only link between the traces. */
function resumeKeys(scene: Scene, root: SpanView): string[] {
  const keys = new Set<string>();
  for (const span of scene.view.spans) {
    if (span.facts.graph !== null) for (const key of namespaceKeys(span.facts.graph.namespace)) keys.add(key);
  }
  const session = root.facts.session;
  if (session !== null) keys.add(`langgraph-thread:${session}`);
  return [...keys].sort();
}

function namespaceKeys(namespace: string): string[] {
  const parts = namespace.split('|');
  return parts.map((_, at) => `langgraph:${parts.slice(0, at + 1).join('|')}`);
}

/** A deferred call that ran after all was approved, even where nobody recorded the answer. */
function shownDecision(
  scene: Scene,
  request: ApprovalRequest,
  stated: readonly ApprovalDecision[],
): ApprovalDecision[] {
  const run = approvedRun(request);
  if (request.call === null || run === null || stated.some((decision) => decision.request === request)) return [];
  return [
    {
      id: eventId(scene.traceId, 'approval_decision', request.call.id),
      decision: 'approve',
      by: 'unknown',
      answer: null,
      who: null,
      atNs: run.startNs,
      endNs: run.endNs,
      failed: request.call.status === 'error',
      span: run,
      callId: request.call.callId,
      keys: request.keys,
      action: request.action,
      tool: request.call.name,
      request,
      isForeignBased: false,
      basis: 'inferred',
    },
  ];
}

function resumedDecision(scene: Scene, call: ToolCall, models: readonly ModelCall[]): ApprovalDecision {
  return {
    id: eventId(scene.traceId, 'approval_decision', call.anchor.spanId),
    decision: 'approve',
    by: 'unknown',
    answer: null,
    who: null,
    atNs: call.startNs,
    endNs: call.endNs,
    failed: call.status === 'error',
    span: call.anchor,
    callId: call.callId,
    keys: toolKeys(scene, call, promptCallIds(call, models)),
    action: call.name,
    tool: call.name,
    request: null,
    isForeignBased: call.resumedByForeign,
    basis: 'inferred',
  };
}

/** Call ids that later prompts of the trace show for the same tool and arguments. */
export function promptCallIds(call: ToolCall, models: readonly ModelCall[]): string[] {
  const name = comparableToolName(call.name);
  const ids = models
    .flatMap((model) => model.tail.calls)
    .filter((proposed) => {
      return comparableToolName(proposed.tool) === name && argsKey(proposed.args) === argsKey(call.args);
    });
  return [...new Set(ids.map((proposed) => proposed.callId).filter((id): id is string => id !== null))].sort();
}

/** Answers in the first prompt to calls that neither were proposed nor ran in this trace. */
export function unknownAnswers(models: readonly ModelCall[], calls: readonly ToolCall[]): ToolAnswer[] {
  const first = models[0];
  if (first === undefined) return [];
  const known = new Set(calls.map((call) => call.callId));
  const ran = new Set(calls.map((call) => comparableToolName(call.name)));
  return first.tail.answers.flatMap((answer) => {
    const proposed = first.tail.calls.find((call) => call.callId === answer.callId);
    const didRun = proposed !== undefined && ran.has(comparableToolName(proposed.tool));
    return known.has(answer.callId) || didRun ? [] : [{ ...answer, atNs: first.span.startNs, span: first.span }];
  });
}

const REFUSAL = /\b(not approved|reject(ed)?|den(y|ied)|declin(e|ed)|refus(e|ed))\b/i;

/** What an answer without an execution says about the approval it follows. */
export function answerVerdict(text: string): DecisionFacts['decision'] {
  return REFUSAL.test(text) ? 'reject' : 'unknown';
}

function answeredDecision(scene: Scene, answer: ToolAnswer): ApprovalDecision[] {
  const keys = [`call:${answer.callId}`];
  const request: CorrelationFact | null = foreignRequest(scene, keys, answer.atNs);
  if (request === null || request.kind !== FACT_KINDS.request) return [];
  return [
    {
      id: eventId(scene.traceId, 'approval_decision', answer.callId),
      decision: answerVerdict(answer.text),
      by: 'unknown',
      answer: answer.text,
      who: null,
      atNs: answer.atNs,
      endNs: answer.atNs,
      failed: false,
      span: answer.span,
      callId: answer.callId,
      keys,
      action: asText(request.data['action']),
      tool: asText(request.data['action']),
      request: null,
      isForeignBased: true,
      basis: 'inferred',
    },
  ];
}
