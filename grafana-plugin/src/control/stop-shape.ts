import type { Approval, Command, EventRow, RunControl } from '@signalbox/event-model';
import { commandProgress, isUnanswered, type StepName } from './command-steps.ts';

/**
 * Where a stop stands. Only `stopped` says that the agent has ended its work; `barred` says that whatever it asks for is
 * refused while it may go on, and `ended` that its run came to an end without the agent having confirmed a stop.
 */
export type StopPhase =
  | 'none'
  | 'requested'
  | 'unanswered'
  | 'acknowledged'
  | 'stopped'
  | 'refused'
  | 'expired'
  | 'failed'
  | 'barred'
  | 'ended';

/** A stop as its separate facts. */
export interface StopFacts {
  phase: StopPhase;
  /** What was asked for; null while nobody asked. */
  kind: 'stop' | 'bar' | null;
  requestedAt: string | null;
  by: string | null;
  deliveredAt: string | null;
  acknowledgedAt: string | null;
  /** What the agent said when it acknowledged, such as where it will stop. */
  acknowledgement: string | null;
  lastActivityAt: string | null;
  stoppedAt: string | null;
  /** Since when further actions are refused, and what was done for it; null unless the run is barred. */
  barredAt: string | null;
  enforced: string | null;
  problem: string | null;
}

const NONE: StopFacts = {
  phase: 'none',
  kind: null,
  requestedAt: null,
  by: null,
  deliveredAt: null,
  acknowledgedAt: null,
  acknowledgement: null,
  lastActivityAt: null,
  stoppedAt: null,
  barredAt: null,
  enforced: null,
  problem: null,
};

/** Tells how far a stop came; `again` is the order a person sent after the first one was not answered. */
export function stopFacts(
  { stop, ended }: Pick<RunControl, 'stop' | 'ended'>,
  again: Command | null,
  now: number,
): StopFacts {
  if (stop === null) return ended ? { ...NONE, phase: 'ended' } : NONE;
  const command = again ? further(stop.command, again) : stop.command;
  const phase = phaseOf(command, now);
  return {
    ...NONE,
    ...(command.kind === 'bar' ? barFacts(command) : agentFacts(command)),
    phase: ended && OPEN.has(phase) ? 'ended' : phase,
    requestedAt: stop.requestedAt,
    by: stop.by.name,
    lastActivityAt: stop.lastActivityAt,
    problem: commandProgress(command).end?.words ?? null,
  };
}

/** A stop is the agent's doing. */
function agentFacts(command: Command): Partial<StopFacts> {
  const acked = stepOf(command, 'acked');
  return {
    kind: 'stop',
    deliveredAt: stepOf(command, 'delivered').at,
    acknowledgedAt: acked.at,
    acknowledgement: acked.evidence,
    stoppedAt: stepOf(command, 'effective').at,
  };
}

/** A bar is the collector's doing. */
function barFacts(command: Command): Partial<StopFacts> {
  const { at, evidence } = stepOf(command, 'effective');
  return { kind: 'bar', barredAt: at, enforced: evidence };
}

function stepOf(command: Command, name: StepName): { at: string | null; evidence: string | null } {
  return commandProgress(command).steps.find((step) => step.name === name) ?? { at: null, evidence: null };
}

const PHASES: Partial<Record<Command['state'], StopPhase>> = {
  effective: 'stopped',
  acked: 'acknowledged',
  refused: 'refused',
  expired: 'expired',
  failed: 'failed',
};

/** Phases that wait for the agent. */
const OPEN = new Set<StopPhase>(['requested', 'unanswered', 'acknowledged']);

function phaseOf(command: Command, now: number): StopPhase {
  if (command.kind === 'bar' && command.state === 'effective') return 'barred';
  return PHASES[command.state] ?? (isUnanswered(command, now) ? 'unanswered' : 'requested');
}

const RANK: Command['state'][] = ['failed', 'expired', 'refused', 'queued', 'delivered', 'acked', 'effective'];

/** Two orders say the same: the one the agent answered counts, and of two unanswered ones the newer; a stop tops a bar. */
function further(first: Command, again: Command): Command {
  if (first.kind !== again.kind) return first.kind === 'stop' ? first : again;
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
