import type { ApprovalStatus, Decision } from '@signalbox/event-model';
import { t } from '@grafana/i18n';
import type { RiskTier } from './approval-shape.ts';
import type { BadEnd, StepName } from './command-steps.ts';

/** Name of a risk tier. */
export function riskLabel(tier: RiskTier): string {
  const words: Record<RiskTier, () => string> = {
    low: () => t('risk.low', 'Risk: low'),
    medium: () => t('risk.medium', 'Risk: medium'),
    high: () => t('risk.high', 'Risk: high'),
    critical: () => t('risk.critical', 'Risk: critical'),
  };
  return words[tier]();
}

/** A risk as sent, inside a sentence; words of others stay as they are. */
export function riskWord(risk: string): string {
  const words: Record<string, () => string> = {
    low: () => t('risk-word.low', 'low'),
    medium: () => t('risk-word.medium', 'medium'),
    high: () => t('risk-word.high', 'high'),
    critical: () => t('risk-word.critical', 'critical'),
  };
  return words[risk]?.() ?? risk;
}

/** What a tier asks of whoever decides, beside a click; null where it asks nothing. */
export function riskMeaning(tier: RiskTier): string | null {
  if (tier === 'high') return t('risk.high-means', 'High: a second step names what it acts on.');
  return tier === 'critical' ? t('risk.critical-means', 'Critical: the name must be typed.') : null;
}

/** What a button that decides says. */
export function decisionVerb(decision: Decision): string {
  const words: Record<Decision, () => string> = {
    approve: () => t('decide.approve', 'Approve'),
    reject: () => t('decide.reject', 'Reject'),
    edit: () => t('decide.edit', 'Edit & approve'),
    respond: () => t('decide.respond', 'Answer'),
  };
  return words[decision]();
}

/** State of an approval in a word. */
export function approvalStatusLabel(status: ApprovalStatus): string {
  const words: Record<ApprovalStatus, () => string> = {
    pending: () => t('approval-status.pending', 'Waiting'),
    approved: () => t('approval-status.approved', 'Approved'),
    rejected: () => t('approval-status.rejected', 'Rejected'),
    expired: () => t('approval-status.expired', 'Expired'),
    withdrawn: () => t('approval-status.withdrawn', 'Taken back'),
    observed: () => t('approval-status.observed', 'Observed'),
  };
  return words[status]();
}

/** Name of a fact about a decision on its way. */
export function stepLabel(step: StepName): string {
  const words: Record<StepName, () => string> = {
    sent: () => t('step.sent', 'Decided'),
    delivered: () => t('step.delivered', 'Delivered to the agent'),
    acked: () => t('step.acked', 'Acknowledged by the agent'),
    effective: () => t('step.effective', 'Effective'),
  };
  return words[step]();
}

/** The same fact while it is none. */
export function stepMissing(step: StepName): string {
  const words: Record<StepName, () => string> = {
    sent: () => t('step.sent-missing', 'Not decided'),
    delivered: () => t('step.delivered-missing', 'Not yet delivered to the agent'),
    acked: () => t('step.acked-missing', 'Not yet acknowledged'),
    effective: () => t('step.effective-missing', 'Not yet effective'),
  };
  return words[step]();
}

/** How an order ended that did not get all the way. */
export function commandEndWords(kind: BadEnd): string {
  const words: Record<BadEnd, () => string> = {
    refused: () => t('command-end.refused', 'The agent refused'),
    expired: () => t('command-end.expired', 'It never reached the agent in time'),
    failed: () => t('command-end.failed', 'It failed'),
  };
  return words[kind]();
}
