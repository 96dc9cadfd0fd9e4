import { t } from '@grafana/i18n';
import { isOpenProposal, type PlanProposal } from './plan-proposals.ts';
import type { AgentPlan } from './plan-shape.ts';

/** Why something cannot be done with an item now; null where it can. */
export interface RowBlocks {
  cancel: string | null;
  up: string | null;
  down: string | null;
}

/** What decides what can be done with the items of a plan. */
export interface RowSituation {
  plan: AgentPlan;
  /** Why nothing can be proposed at all. */
  block: string | null;
  /** Ids of items that stand in several plans. */
  ambiguous: ReadonlySet<string>;
  proposals: readonly PlanProposal[];
  /** Ids of what can change places, as it is ordered now. */
  order: readonly string[];
}

/** An order takes that many ids. */
const MOST_ITEMS = 200;

/** Weighs what can be done with one item. */
export function rowBlocks(id: string, situation: RowSituation): RowBlocks {
  const { block, order } = situation;
  const place = block ?? orderBlocked(situation);
  const first = order[0] === id ? t('plan-box.first', 'It is the first that can be moved.') : null;
  const last = order.at(-1) === id ? t('plan-box.last', 'It is the last that can be moved.') : null;
  return { cancel: block ?? cancelBlocked(id, situation), up: place ?? first, down: place ?? last };
}

/** The newest proposal to cancel an item. */
export function cancelOf(id: string, proposals: readonly PlanProposal[]): PlanProposal | null {
  return proposals.find(({ change, items }) => change === 'cancel' && items.includes(id)) ?? null;
}

function cancelBlocked(id: string, { ambiguous, proposals }: RowSituation): string | null {
  if (ambiguous.has(id)) return unclear();
  const proposal = cancelOf(id, proposals);
  return proposal && isOpenProposal(proposal) ? t('plan-box.already', 'It is proposed already.') : null;
}

/** An order names the whole plan, so one unclear item spoils it. */
function orderBlocked({ plan: { items }, ambiguous }: RowSituation): string | null {
  if (items.some(({ id }) => ambiguous.has(id))) return unclear();
  if (items.length <= MOST_ITEMS) return null;
  return t('plan-box.too-long', 'A plan of more than {{count}} items cannot be reordered from here.', {
    count: MOST_ITEMS,
    defaultValue_one: 'A plan of more than {{count}} item cannot be reordered from here.',
  });
}

function unclear(): string {
  return t('plan-box.ambiguous', 'Several plans of this run have an item with this id.');
}
