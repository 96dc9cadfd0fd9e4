import type { BatchDecisionRequest } from '@signalbox/event-model';
import type { Impossible } from './control-desk.ts';
import type { Refusal, StoredApproval } from './control-store.ts';

const TAME = new Set(['low', 'medium']);

/** Why several requests cannot have one answer, and which of them is at fault; null when they can. */
export function unfitForBatch(
  { decision, items }: BatchDecisionRequest,
  stored: readonly (StoredApproval | null)[],
): { refusal: Refusal | Impossible; subject: string | null } | null {
  const missing = stored.indexOf(null);
  if (missing >= 0) return { refusal: { refused: 'not_found' }, subject: items[missing]?.id ?? null };
  const [first, ...others] = stored as StoredApproval[];
  if (!first) return { refusal: { refused: 'not_found' }, subject: null };
  const odd = others.find((each) => !isAlike(first, each));
  if (odd) return notAlike('Only requests of one run for the same action can be decided together.', odd.id);
  for (const { id, risk, votesNeeded, allowedDecisions } of stored as StoredApproval[]) {
    if (!TAME.has(risk)) return notAlike(`At ${risk} risk each request is decided by itself.`, id);
    if (votesNeeded > 1) return notAlike('What takes two people is decided by itself.', id);
    if (!allowedDecisions.includes(decision)) {
      const reason = `This request can be answered with ${allowedDecisions.join(', ')}, not with ${decision}.`;
      return { refusal: { refused: 'not_allowed', reason }, subject: id };
    }
  }
  return null;
}

function isAlike(one: StoredApproval, other: StoredApproval): boolean {
  return (
    one.runId !== null && one.runId === other.runId && one.action === other.action && one.workflow === other.workflow
  );
}

function notAlike(reason: string, subject: string) {
  return { refusal: { refused: 'not_alike' as const, reason }, subject };
}
