import type { Approval, Decision } from '@signalbox/event-model';
import { UNDO_MS } from '../client/held-order.ts';

/** How bad an action can be, in the tiers people know; words of others count as the worst. */
export type RiskTier = 'low' | 'medium' | 'high' | 'critical';

/** Tier of a risk as sent. */
export function riskTier(risk: string): RiskTier {
  return risk === 'low' || risk === 'medium' || risk === 'high' ? risk : 'critical';
}

/** How a decision is confirmed: at once, by a second step that names the target, or by typing its name. */
export type Confirmation = 'none' | 'step' | 'type';

/** What lies between the first click and sending. Saying no is always safe, so only its reason is asked. */
export function confirmationFor(decision: Decision, risk: string, everythingSeen: boolean): Confirmation {
  if (decision === 'reject') return 'none';
  const tier = riskTier(risk);
  if (tier === 'critical') return 'type';
  return tier === 'high' || !everythingSeen ? 'step' : 'none';
}

/** What to type for a critical action: the thing it acts on where the arguments name one, else the action. */
export function confirmationText({ action, args }: Pick<Approval, 'action' | 'args'>): string {
  return targetOf(args) ?? action;
}

/** What an action acts on, as far as its arguments say so in a usual way. */
export function targetOf(args: unknown): string | null {
  if (typeof args !== 'object' || args === null) return null;
  for (const name of TARGETS) {
    const value = (args as Record<string, unknown>)[name];
    if (typeof value === 'string' && value.trim() !== '' && value.length <= 80) return value;
  }
  return null;
}

const TARGETS = ['target', 'host', 'database', 'path', 'file', 'url', 'to', 'recipient', 'name', 'table', 'branch'];

/** Milliseconds until it lapses, never below zero; null when it does not. */
export function timeLeftMs({ expiresAt }: Pick<Approval, 'expiresAt'>, now: number): number | null {
  return expiresAt === null ? null : Math.max(0, Date.parse(expiresAt) - now);
}

/** Whether there is time to undo an approval before it is sent, and still some left to send it. */
export function leavesTimeToUndo(approval: Pick<Approval, 'expiresAt'>, now: number): boolean {
  const left = timeLeftMs(approval, now);
  return left === null || left > UNDO_MS + SENDING_MS;
}

const SENDING_MS = 5000;

/** Decisions in the order they are offered, whatever the order they were sent in. */
export function offeredDecisions({ allowedDecisions }: Pick<Approval, 'allowedDecisions'>): Decision[] {
  return ORDER.filter((decision) => allowedDecisions.includes(decision));
}

const ORDER: Decision[] = ['approve', 'edit', 'respond', 'reject'];

/** Start and end of a hash: enough to compare by eye. */
export function shortHash(hash: string): string {
  return hash.length > 12 ? `${hash.slice(0, 4)}…${hash.slice(-4)}` : hash;
}

/** Pending ones by urgency: what the visitor may decide first, then what lapses first. */
export function byUrgency(approvals: readonly Approval[]): Approval[] {
  const lapse = ({ expiresAt }: Approval) => (expiresAt === null ? Infinity : Date.parse(expiresAt));
  return approvals.slice().sort((left, right) => {
    if (left.mayDecide.allowed !== right.mayDecide.allowed) return left.mayDecide.allowed ? -1 : 1;
    return lapse(left) - lapse(right) || left.requestedAt.localeCompare(right.requestedAt);
  });
}

/** The one to look at after this one is settled; null when nothing waits. */
export function nextPending(approvals: readonly Approval[], id: string, step: 1 | -1 = 1): Approval | null {
  const ordered = byUrgency(approvals);
  const at = ordered.findIndex((approval) => approval.id === id);
  if (at < 0) return (step === 1 ? ordered[0] : ordered.at(-1)) ?? null;
  const next = ordered[(at + step + ordered.length) % ordered.length];
  return next && next.id !== id ? next : null;
}

/** Headline: the agent's question where it asks one, else its action. */
export function titleOf({ question, action }: Pick<Approval, 'question' | 'action'>): string {
  return question ?? action;
}
