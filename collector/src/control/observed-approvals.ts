import type { Approval, SimilarApprovals } from '@signalbox/event-model';
import type { ObservedRequest } from './run-facts.ts';

/** Why nothing can be ordered of a run that only telemetry knows. */
export const NO_CHANNEL =
  'Only telemetry is known of this run: nothing connects Signalbox to its agent. Use the agent kit or a LangGraph server to steer it.';

/** Days that are looked back for requests alike. */
export const SIMILAR_DAYS = 30;

/** Nothing alike was asked before. */
export const FIRST_OF_ITS_KIND: SimilarApprovals = { approved: 0, rejected: 0, expired: 0, days: SIMILAR_DAYS };

/** Order of the list. */
export function newestFirst(a: Approval, b: Approval): number {
  if (a.requestedAt !== b.requestedAt) return a.requestedAt < b.requestedAt ? 1 : -1;
  return a.id < b.id ? 1 : -1;
}

/** A request nobody can answer from here: shown with the reason, and without buttons. */
export function toObserved(request: ObservedRequest): Approval {
  const { summary, id, ...known } = request;
  return {
    ...known,
    id,
    eventId: id,
    runtime: 'none',
    args: null,
    question: summary,
    reason: null,
    risk: 'medium',
    riskReasons: [{ source: 'default', risk: 'medium', rule: null }],
    affects: null,
    reversible: null,
    similar: FIRST_OF_ITS_KIND,
    allowedDecisions: [],
    shownHash: '',
    status: 'observed',
    expiresAt: null,
    decidedAt: null,
    decidedBy: null,
    decision: null,
    decisionReason: null,
    editedArgs: null,
    votes: [],
    votesNeeded: 1,
    command: null,
    mayDecide: { allowed: false, reason: `Observed, cannot be answered here. ${NO_CHANNEL}`, who: [] },
    mayExtend: { allowed: false, minutes: 0, reason: 'It cannot be answered here.' },
  };
}
