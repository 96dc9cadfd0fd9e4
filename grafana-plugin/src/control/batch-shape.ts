import type { Approval } from '@signalbox/event-model';
import { riskTier } from './approval-shape.ts';

/** Requests that may be decided with one answer: the same action of the same run, none above medium risk. */
export interface Batch {
  key: string;
  action: string;
  runId: string;
  approvals: Approval[];
}

/** More than a person can look through, and than the collector takes at once. */
const MOST = 100;

/** The batches among pending requests; a request that stands alone is in none. */
export function findBatches(pending: readonly Approval[]): Batch[] {
  const batches = new Map<string, Batch>();
  for (const approval of pending) {
    const { runId, workflow, action } = approval;
    if (runId === null || !fitsBatch(approval)) continue;
    const key = JSON.stringify([workflow, runId, action]);
    const batch = batches.get(key) ?? { key, action, runId, approvals: [] };
    if (batch.approvals.length < MOST) batch.approvals.push(approval);
    batches.set(key, batch);
  }
  return [...batches.values()].filter((batch) => batch.approvals.length > 1);
}

function fitsBatch({ status, risk, mayDecide, votesNeeded, allowedDecisions }: Approval): boolean {
  const tier = riskTier(risk);
  const mild = tier === 'low' || tier === 'medium';
  return status === 'pending' && mild && mayDecide.allowed && votesNeeded < 2 && allowedDecisions.includes('approve');
}

/** Whether a row can still be decided as it was shown. */
export type RowState = 'open' | 'changed' | 'gone';

/** Compares a row as shown with what waits now. */
export function rowState(shown: Approval, pending: readonly Approval[]): RowState {
  const now = pending.find((approval) => approval.id === shown.id);
  if (!now) return 'gone';
  return now.shownHash === shown.shownHash ? 'open' : 'changed';
}
