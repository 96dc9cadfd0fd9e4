import { emitEvent, type EventOptions, jsonText } from './emit-event.ts';

/** What a person may answer to an approval request. */
export type Decision = 'approve' | 'reject' | 'edit' | 'respond';

/** An action that waits for a person. */
export interface ApprovalRequest extends EventOptions {
  /** Names this approval; the decision carries the same one. */
  id: string;
  /** What would be done, usually the tool's name. */
  action: string;
  /** What it would be done with; sent as JSON. */
  arguments?: unknown;
  question?: string;
  reason?: string;
  risk?: 'low' | 'medium' | 'high' | 'critical';
  allowedDecisions?: Decision[];
  /** A `Date`, or RFC 3339 text. */
  expiresAt?: Date | string;
}

/** The answer to an approval request. */
export interface ApprovalAnswer extends EventOptions {
  /** The id of the request. */
  id: string;
  decision: Decision;
  /** Who decided. */
  by?: string;
  /** True when a rule decided, not a person. */
  automatic?: boolean;
  reason?: string;
  /** The edited arguments or the response; sent as JSON. */
  answer?: unknown;
}

/** States that the agent waits for a person: `signalbox.approval.requested`. */
export function approvalRequested(request: ApprovalRequest): void {
  const { expiresAt } = request;
  const fields = {
    'signalbox.approval.id': request.id,
    'signalbox.approval.action': request.action,
    'signalbox.approval.arguments': jsonText(request.arguments),
    'signalbox.approval.question': request.question,
    'signalbox.approval.reason': request.reason,
    'signalbox.approval.risk': request.risk,
    'signalbox.approval.allowed_decisions': request.allowedDecisions,
    'signalbox.approval.expires_at': expiresAt instanceof Date ? isoText(expiresAt) : expiresAt,
  };
  emitEvent('signalbox.approval.requested', fields, request);
}

/** States what was decided: `signalbox.approval.decided`. */
export function approvalDecided(answer: ApprovalAnswer): void {
  const fields = {
    'signalbox.approval.id': answer.id,
    'signalbox.approval.decision': answer.decision,
    'signalbox.approval.by': answer.by,
    'signalbox.approval.automatic': answer.automatic,
    'signalbox.approval.reason': answer.reason,
    'signalbox.approval.answer': jsonText(answer.answer),
  };
  emitEvent('signalbox.approval.decided', fields, answer);
}

/** An invalid date throws in `toISOString`; here it is left out. */
function isoText(date: Date): string | undefined {
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
