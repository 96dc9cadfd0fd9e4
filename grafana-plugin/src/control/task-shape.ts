import type { Command } from '@signalbox/event-model';
import { commandProgress, SILENCE_MS } from './command-steps.ts';

/** Where a proposed task stands. It is the agent's only once the agent said so. */
export type TaskState = 'proposed' | 'seen' | 'accepted' | 'done' | 'refused' | 'ignored' | 'failed';

/** A proposed task and what became of it. */
export interface ProposedTask {
  id: string;
  text: string;
  note: string | null;
  state: TaskState;
  /** When it got there. */
  at: string;
  problem: string | null;
  /** Nobody has seen it for so long that the person should know. */
  late: boolean;
}

const STATES: Record<Command['state'], TaskState> = {
  queued: 'proposed',
  delivered: 'seen',
  acked: 'accepted',
  effective: 'done',
  refused: 'refused',
  expired: 'ignored',
  failed: 'failed',
};

/** The tasks proposed to a run, newest first. */
export function proposedTasks(commands: readonly Command[], now: number): ProposedTask[] {
  return commands
    .filter((command) => command.kind === 'task.add')
    .map((command) => toTask(command, now))
    .reverse();
}

function toTask(command: Command, now: number): ProposedTask {
  const { payload, state, history, createdAt } = command;
  return {
    id: command.id,
    text: typeof payload.text === 'string' ? payload.text : '',
    note: typeof payload.note === 'string' ? payload.note : null,
    state: STATES[state],
    at: history.findLast((entry) => entry.state === state)?.at ?? createdAt,
    problem: commandProgress(command).end?.words ?? null,
    late: state === 'queued' && now - Date.parse(createdAt) >= SILENCE_MS,
  };
}
