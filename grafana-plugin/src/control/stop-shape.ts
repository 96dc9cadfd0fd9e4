import type { Approval, Command, EventRow, RunControl } from '@signalbox/event-model';
import { commandProgress, isUnanswered } from './command-steps.ts';

/** Where a stop stands. Only `stopped` says that the agent has ended its work. */
export type StopPhase =
  'none' | 'requested' | 'unanswered' | 'acknowledged' | 'stopped' | 'refused' | 'expired' | 'failed';

/** A stop as its separate facts. */
export interface StopFacts {
  phase: StopPhase;
  requestedAt: string | null;
  by: string | null;
  deliveredAt: string | null;
  acknowledgedAt: string | null;
  /** What the agent said when it acknowledged, such as where it will stop. */
  acknowledgement: string | null;
  lastActivityAt: string | null;
  stoppedAt: string | null;
  problem: string | null;
}

const NONE: StopFacts = {
  phase: 'none',
  requestedAt: null,
  by: null,
  deliveredAt: null,
  acknowledgedAt: null,
  acknowledgement: null,
  lastActivityAt: null,
  stoppedAt: null,
  problem: null,
};

/** Tells how far a stop came; `again` is the order a person sent after the first one was not answered. */
export function stopFacts(stop: RunControl['stop'], again: Command | null, now: number): StopFacts {
  if (stop === null) return NONE;
  const command = again ? further(stop.command, again) : stop.command;
  const { steps, end } = commandProgress(command);
  const at = (name: string) => steps.find((step) => step.name === name)?.at ?? null;
  return {
    phase: phaseOf(command, now),
    requestedAt: stop.requestedAt,
    by: stop.by.name,
    deliveredAt: at('delivered'),
    acknowledgedAt: at('acked'),
    acknowledgement: steps.find((step) => step.name === 'acked')?.evidence ?? null,
    lastActivityAt: stop.lastActivityAt,
    stoppedAt: at('effective'),
    problem: end?.words ?? null,
  };
}

const PHASES: Partial<Record<Command['state'], StopPhase>> = {
  effective: 'stopped',
  acked: 'acknowledged',
  refused: 'refused',
  expired: 'expired',
  failed: 'failed',
};

function phaseOf(command: Command, now: number): StopPhase {
  return PHASES[command.state] ?? (isUnanswered(command, now) ? 'unanswered' : 'requested');
}

const RANK: Command['state'][] = ['failed', 'expired', 'refused', 'queued', 'delivered', 'acked', 'effective'];

/** Two orders say the same: the one the agent answered counts, and of two unanswered ones the newer. */
function further(first: Command, again: Command): Command {
  return RANK.indexOf(first.state) > RANK.indexOf(again.state) && first.state !== 'delivered' ? first : again;
}

/** Whether something happened after a person asked its run to stop. */
export function isAfterStop(row: Pick<EventRow, 'startedAt'>, requestedAt: string | undefined): boolean {
  return requestedAt !== undefined && Date.parse(row.startedAt) > Date.parse(requestedAt);
}

/** What a stop touches beside the run itself. */
export interface StopReach {
  /** Approvals that will be taken back. */
  approvals: string[];
  /** Tool calls that run and may end anyway. */
  toolCalls: string[];
}

/** Looks up what a stop of a run touches now. */
export function stopReach(runId: string, pending: readonly Approval[], rows: readonly EventRow[]): StopReach {
  const running = rows.filter((row) => row.runId === runId && row.type === 'tool_call' && row.status === 'in_progress');
  return {
    approvals: pending.filter((approval) => approval.runId === runId).map((approval) => approval.action),
    toolCalls: running.map((row) => row.tool ?? row.summary),
  };
}
