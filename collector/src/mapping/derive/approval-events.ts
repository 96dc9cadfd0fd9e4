import type { DerivedEvent } from '../derivation.ts';
import { toContent } from '../reading/messages.ts';
import type { ApprovalDecision } from './approval-decisions.ts';
import type { ApprovalRequest } from './approval-requests.ts';
import { actorOf, parentEventId, toEvent, type Scene } from './scene.ts';
import { valueLine } from './text-limits.ts';

/** Requests and decisions as events. */
export function approvalEvents(
  scene: Scene,
  requests: readonly ApprovalRequest[],
  decisions: readonly ApprovalDecision[],
): DerivedEvent[] {
  return [
    ...requests.map((request) => requestEvent(scene, request)),
    ...decisions.map((decision) => decisionEvent(scene, decision)),
  ];
}

function requestEvent(scene: Scene, request: ApprovalRequest): DerivedEvent {
  const resolution = request.resolution;
  const args = valueLine(request.args);
  return toEvent(scene, {
    id: request.id,
    type: 'approval_request',
    span: request.span,
    parentId: request.parentId,
    actor: actorOf(request.span),
    target: { kind: 'user', name: 'user' },
    status: resolution === null ? 'waiting' : resolution.decision === 'reject' ? 'rejected' : 'completed',
    startNs: request.atNs,
    endNs: resolution?.atNs ?? null,
    summary: [request.question, args === '' ? request.action : `${request.action} ${args}`]
      .filter((text) => text !== null)
      .join(' · '),
    tool: request.call?.name ?? null,
    convention: request.span.facts.convention,
    basis: request.basis,
    content: () => ({
      kind: 'approval_request',
      approval: {
        action: request.action,
        arguments: toContent(request.args),
        question: request.question,
        allowedDecisions: request.allowedDecisions,
        ...request.terms,
      },
      correlationKey: request.keys[0] ?? null,
    }),
  });
}

const VERBS = {
  approve: 'approved',
  reject: 'rejected',
  edit: 'edited',
  respond: 'answered',
  unknown: 'decided',
} as const;

function decisionEvent(scene: Scene, decision: ApprovalDecision): DerivedEvent {
  const answer = decision.answer;
  return toEvent(scene, {
    id: decision.id,
    type: 'approval_decision',
    span: decision.span,
    parentId: decision.request?.id ?? parentEventId(scene, decision.span),
    actor:
      decision.by === 'human'
        ? { kind: 'user', name: decision.who ?? scene.traceUser ?? 'user' }
        : { kind: 'system', name: decision.who ?? 'system' },
    target: actorOf(decision.span),
    status: decision.decision === 'reject' ? 'rejected' : 'completed',
    startNs: decision.atNs,
    endNs: decision.atNs,
    summary: [VERBS[decision.decision], decision.action].filter((text) => text !== null).join(' '),
    text: [VERBS[decision.decision], decision.action ?? '', valueLine(answer)].join(' '),
    tool: decision.tool,
    convention: decision.span.facts.convention,
    basis: decision.basis,
    content: () => ({
      kind: 'approval_decision',
      decision: decision.decision,
      by: decision.by,
      answer: answer === null || answer === undefined ? null : toContent(answer),
      action: decision.action,
      correlationKey: decision.keys[0] ?? null,
    }),
  });
}
