import type { CorrelationFact } from '../derivation.ts';
import { answerVerdict, promptCallIds, type ApprovalDecision, type ToolAnswer } from './approval-decisions.ts';
import type { ApprovalRequest } from './approval-requests.ts';
import { FACT_KINDS, foreignRequest, toFact, toolKeys } from './correlation.ts';
import type { ModelCall } from './model-calls.ts';
import type { Scene } from './scene.ts';
import type { SpanView } from './span-view.ts';
import { modelOffers, modelWants } from './told-elsewhere.ts';
import { isRefused, type ToolCall } from './tool-calls.ts';

/** What a trace found that other traces may need or answer. */
export interface Findings {
  requests: readonly ApprovalRequest[];
  decisions: readonly ApprovalDecision[];
  answers: readonly ToolAnswer[];
  calls: readonly ToolCall[];
  models: readonly ModelCall[];
}

/** Facts for other traces: the open and settled requests, the decisions, the answers without an execution. */
export function offersOf(scene: Scene, findings: Findings): CorrelationFact[] {
  const facts = [
    ...findings.requests.flatMap((request) => request.keys.map((key) => requestFact(scene, request, key))),
    ...findings.decisions
      .filter((decision) => !decision.isForeignBased)
      .flatMap((decision) => decision.keys.map((key) => decisionFact(scene, decision, key))),
    ...findings.answers.map((answer) => answerFact(scene, answer)),
    ...findings.calls.flatMap((call) => executionFacts(scene, call)),
    ...modelOffers(scene),
  ];
  return facts.sort(byIdentity);
}

function requestFact(scene: Scene, request: ApprovalRequest, key: string): CorrelationFact {
  return toFact(scene, key, FACT_KINDS.request, {
    at: String(request.atNs),
    action: request.action,
    eventId: request.id,
  });
}

function decisionFact(scene: Scene, decision: ApprovalDecision, key: string): CorrelationFact {
  const outcome = decision.decision === 'reject' ? 'rejected' : decision.failed ? 'error' : 'completed';
  return toFact(scene, key, FACT_KINDS.decision, {
    at: String(decision.atNs),
    end: decision.endNs === null ? null : String(decision.endNs),
    decision: decision.decision,
    outcome,
    eventId: decision.id,
  });
}

function answerFact(scene: Scene, answer: ToolAnswer): CorrelationFact {
  const decision = answerVerdict(answer.text);
  return toFact(scene, `call:${answer.callId}`, FACT_KINDS.answer, {
    at: String(answer.atNs),
    end: String(answer.atNs),
    decision,
    outcome: decision === 'reject' ? 'rejected' : 'completed',
    eventId: answer.span.spanId,
  });
}

function byIdentity(a: CorrelationFact, b: CorrelationFact): number {
  const left = `${a.key} ${a.kind} ${String(a.data['eventId'])}`;
  const right = `${b.key} ${b.kind} ${String(b.data['eventId'])}`;
  return left < right ? -1 : left > right ? 1 : 0;
}

/**
 * The execution of a call that no model of this trace proposed. Only spans tell: the state of the call may depend on
 * what other traces said.
 */
function executedAlone(call: ToolCall): SpanView | null {
  if (call.proposal !== null) return null;
  return call.spans.findLast((span) => !span.pending && span.facts.interrupts.length === 0 && !isRefused(span)) ?? null;
}

function executionFacts(scene: Scene, call: ToolCall): CorrelationFact[] {
  const run = executedAlone(call);
  if (run === null) return [];
  return toolKeys(scene, call).map((key) =>
    toFact(scene, key, FACT_KINDS.answer, {
      at: String(run.startNs),
      end: String(run.endNs),
      decision: 'approve',
      outcome: run.facts.failure === null ? 'completed' : 'error',
      eventId: call.anchor.spanId,
    }),
  );
}

/** Keys whose facts of other traces matter here. */
export function wantsOf(scene: Scene, findings: Findings): string[] {
  const keys = new Set<string>();
  for (const request of findings.requests) for (const key of request.keys) keys.add(key);
  for (const decision of findings.decisions) for (const key of decision.keys) keys.add(key);
  for (const answer of findings.answers) keys.add(`call:${answer.callId}`);
  for (const call of findings.calls) {
    if (call.proposal === null)
      for (const key of toolKeys(scene, call, promptCallIds(call, findings.models))) keys.add(key);
  }
  for (const key of modelWants(scene)) keys.add(key);
  return [...keys].sort();
}

/** The trace whose request this trace answers: the run it continues. */
export function continuedTrace(scene: Scene, decisions: readonly ApprovalDecision[]): string | null {
  for (const decision of decisions) {
    if (decision.request !== null) continue;
    const request = foreignRequest(scene, decision.keys, decision.atNs);
    if (request !== null) return request.traceId;
  }
  return null;
}
