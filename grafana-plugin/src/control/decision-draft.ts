import type { Approval, Decision, DecisionRequest } from '@signalbox/event-model';
import { confirmationFor, type Confirmation, confirmationText } from './approval-shape.ts';
import { readEdit } from './edit-args.ts';

/** A decision somebody is about to make. Kept when somebody else was faster. */
export interface Draft {
  decision: Decision;
  /** `write` gathers what the decision needs, `confirm` is the second step. */
  stage: 'write' | 'confirm';
  reason: string;
  /** Edited arguments as JSON. */
  args: string;
  answer: string;
  /** What was typed to confirm a critical action. */
  typed: string;
}

/** An empty draft of a decision. */
export function startDraft(decision: Decision, approval: Approval): Draft {
  const args = JSON.stringify(approval.args ?? null, null, 2);
  const stage = decision === 'approve' ? 'confirm' : 'write';
  return { decision, stage, reason: '', args, answer: '', typed: '' };
}

/** Whether a decision needs anything of the person beside the click. */
export function needsDraft(decision: Decision, risk: string, everythingSeen: boolean): boolean {
  return decision !== 'approve' || confirmationFor(decision, risk, everythingSeen) !== 'none';
}

/** What the second step of a draft asks for. */
export function draftConfirmation(draft: Draft, approval: Approval, everythingSeen: boolean): Confirmation {
  return confirmationFor(draft.decision, approval.risk, everythingSeen);
}

/** Whether a draft can go on to its next step, or be sent. */
export function isDraftReady(draft: Draft, approval: Approval, everythingSeen: boolean): boolean {
  if (draft.decision === 'reject') return draft.reason.trim() !== '';
  if (draft.decision === 'respond' && draft.answer.trim() === '') return false;
  if (draft.decision === 'edit' && readEdit(draft.args, approval.args).problems.length > 0) return false;
  if (draft.stage === 'write') return true;
  const typed = draftConfirmation(draft, approval, everythingSeen) === 'type';
  return !typed || draft.typed.trim() === confirmationText(approval);
}

/** What is sent, but for the key. */
export function toRequest(
  draft: Draft,
  { args, shownHash }: Pick<Approval, 'args' | 'shownHash'>,
): Omit<DecisionRequest, 'idempotencyKey'> {
  const reason = draft.reason.trim();
  return {
    decision: draft.decision,
    shownHash,
    ...(reason === '' ? {} : { reason }),
    ...(draft.decision === 'edit' ? { args: readEdit(draft.args, args).value } : {}),
    ...(draft.decision === 'respond' ? { answer: draft.answer } : {}),
  };
}

/** What somebody wrote and should not lose, as text; null when there is nothing. */
export function draftText(draft: Draft | null, approval: Approval): string | null {
  if (!draft) return null;
  const unchanged = draft.args === startDraft(draft.decision, approval).args;
  const parts = [draft.reason, draft.answer, unchanged ? '' : draft.args].filter((part) => part.trim() !== '');
  return parts.length === 0 ? null : parts.join('\n\n');
}
