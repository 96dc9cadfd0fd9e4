import type { Approval } from '@signalbox/event-model';
import type { ObservedRequest } from './run-facts.ts';

/** Why nothing can be ordered of a run that only telemetry knows. */
export const NO_CHANNEL =
  'Only telemetry is known of this run: nothing connects Signalbox to its agent. Use the agent kit or a LangGraph server to steer it.';

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
  };
}
