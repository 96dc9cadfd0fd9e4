import type { Command, Principal } from '@signalbox/event-model';
import type { ControlRefusal, Ordered, Refused } from './control-port.ts';
import { ProblemError } from './problem.ts';

const DONE: Record<string, string> = {
  approved: 'approved',
  rejected: 'rejected',
  withdrawn: 'withdrawn',
  expired: 'expired',
};

type Kind = ControlRefusal['refused'];
type Of<K extends Kind> = ControlRefusal & { refused: K };

const PROBLEMS: { [K in Kind]: (refusal: Of<K>) => ProblemError } = {
  not_found: () => new ProblemError(404, 'not_found', 'There is nothing with this id.'),
  not_pending: ({ approval }) =>
    new ProblemError(409, 'interrupt_not_pending', settled(approval), 'Nothing of yours was sent.'),
  expired: ({ approval }) =>
    new ProblemError(410, 'expired', `It expired at ${approval.expiresAt ?? 'its end'} and counts as rejected.`),
  changed: () =>
    new ProblemError(
      409,
      'changed_since_shown',
      'The action or its arguments are not those you were shown.',
      'Look at the request again, then decide.',
    ),
  already_voted: () => new ProblemError(409, 'already_voted', 'You agreed already; somebody else must agree too.'),
  run_stopped: ({ by, at }) => new ProblemError(409, 'run_stopped', `The run was stopped by ${by.name} at ${at}.`),
  key_reused: () =>
    new ProblemError(
      409,
      'idempotency_key_reused',
      'This idempotency key was used for another request.',
      'Make a new key for each new decision.',
    ),
  forbidden: ({ reason, who }) => new ProblemError(403, 'not_allowed', reason, canDo(who)),
  not_allowed: ({ reason }) => new ProblemError(422, 'decision_not_offered', reason),
  not_extendable: ({ reason }) => new ProblemError(409, 'cannot_extend', reason),
  not_alike: ({ reason }) => new ProblemError(422, 'not_alike', reason, 'Decide it by itself.'),
  capability_missing: ({ reason }) => new ProblemError(409, 'capability_missing', reason),
  no_runtime: ({ reason }) => new ProblemError(409, 'capability_missing', reason),
};

/** A refusal as the answer people read: what happened, by whom, when, what to do; of several things, which is at fault. */
export function problemOf(refusal: ControlRefusal, subject?: string | null): ProblemError {
  const tell = PROBLEMS[refusal.refused] as (refusal: ControlRefusal) => ProblemError;
  const error = tell(refusal);
  if (typeof subject === 'string') error.problem.subject = subject;
  return error;
}

/** The command an order made; throws the problem where it was refused. */
export function commandOf(outcome: ControlRefusal | Ordered): Command {
  if ('refused' in outcome) throw problemOf(outcome);
  return outcome.command;
}

function settled({ status, decidedBy, decidedAt, decisionReason }: Refused): string {
  const reason = decisionReason === null ? '' : ` Reason: ${decisionReason}`;
  return `Already ${DONE[status] ?? status} by ${nameOf(decidedBy)} at ${decidedAt ?? 'an unknown time'}.${reason}`;
}

function nameOf(by: Principal | null): string {
  if (by === null) return 'the agent';
  return by.name === by.login ? by.login : `${by.name} (${by.login})`;
}

function canDo(who: readonly string[] | undefined): string | undefined {
  return who === undefined || who.length === 0 ? undefined : `These can: ${who.join(', ')}.`;
}
