import { t } from '@grafana/i18n';
import type { GlyphName } from '../shared/glyphs.ts';
import type { PlanProposal, ProposalState } from './plan-proposals.ts';

/** Shape of what became of a proposal. */
export const PROPOSAL_GLYPHS: Record<ProposalState, GlyphName> = {
  proposed: 'circle',
  seen: 'half',
  accepted: 'check',
  reported: 'half',
  done: 'check',
  refused: 'ban',
  expired: 'lost',
  ignored: 'lost',
  unkept: 'lost',
  failed: 'cross',
};

/** What became of a proposal, in words. */
export function proposalWords({ change, state }: Pick<PlanProposal, 'change' | 'state'>): string {
  return (change === 'cancel' ? cancelWords() : orderWords())[state];
}

function cancelWords(): Record<ProposalState, string> {
  return {
    proposed: t('plan-cancel.proposed', 'proposed to cancel (not yet seen by agent)'),
    seen: t('plan-cancel.seen', 'proposed to cancel (delivered, not yet answered)'),
    accepted: t('plan-cancel.accepted', 'proposal to cancel accepted'),
    reported: t('plan-cancel.reported', 'cancelled, the agent says; its plan does not show it yet'),
    done: t('plan-cancel.done', 'cancelled as proposed'),
    refused: t('plan-cancel.refused', 'proposal to cancel refused'),
    expired: t('plan-cancel.expired', 'proposal to cancel ignored: it ran out of time'),
    ignored: t('plan-cancel.ignored', 'proposal to cancel ignored: the revised plan still has it'),
    unkept: t('plan-cancel.unkept', 'proposal to cancel ignored, though accepted: the revised plan still has it'),
    failed: t('plan-cancel.failed', 'proposal to cancel failed'),
  };
}

function orderWords(): Record<ProposalState, string> {
  return {
    proposed: t('plan-order.proposed', 'proposed (not yet seen by agent)'),
    seen: t('plan-order.seen', 'proposed (delivered, not yet answered)'),
    accepted: t('plan-order.accepted', 'accepted'),
    reported: t('plan-order.reported', 'taken into the plan, the agent says; its plan does not show it yet'),
    done: t('plan-order.done', 'taken into the plan'),
    refused: t('plan-order.refused', 'refused'),
    expired: t('plan-order.expired', 'ignored: it ran out of time'),
    ignored: t('plan-order.ignored', 'ignored: the revised plan has another order'),
    unkept: t('plan-order.unkept', 'ignored, though accepted: the revised plan has another order'),
    failed: t('plan-order.failed', 'failed'),
  };
}
