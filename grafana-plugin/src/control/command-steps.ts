import type { Command, CommandState } from '@signalbox/event-model';

/** The facts about an order that people must be able to tell apart. */
export type StepName = 'sent' | 'delivered' | 'acked' | 'effective';

/** One of these facts, with its time once it is one. */
export interface CommandStep {
  name: StepName;
  at: string | null;
  evidence: string | null;
}

/** How a command ended where it did not get all the way. */
export type BadEnd = Extract<CommandState, 'refused' | 'expired' | 'failed'>;

/** A command as its separate facts. */
export interface CommandProgress {
  steps: CommandStep[];
  end: { kind: BadEnd; at: string | null; words: string | null } | null;
  /** The last fact there is. */
  reached: StepName;
}

const STATES: [CommandState, StepName][] = [
  ['queued', 'sent'],
  ['delivered', 'delivered'],
  ['acked', 'acked'],
  ['effective', 'effective'],
];

/** Takes a command's history apart. A step that was passed over has no time, and is not claimed to have happened. */
export function commandProgress(command: Command): CommandProgress {
  const find = (state: CommandState) => command.history.find((entry) => entry.state === state);
  const steps = STATES.map(([state, name]): CommandStep => {
    const entry = find(state);
    const at = entry?.at ?? (name === 'sent' ? command.createdAt : null);
    return { name, at, evidence: entry?.evidence ?? null };
  });
  const bad = command.state === 'refused' || command.state === 'expired' || command.state === 'failed';
  const last = bad ? find(command.state) : undefined;
  return {
    steps,
    end: bad
      ? { kind: command.state as BadEnd, at: last?.at ?? null, words: command.problem ?? last?.evidence ?? null }
      : null,
    reached: steps.filter((step) => step.at !== null).at(-1)?.name ?? 'sent',
  };
}

/** How long an agent may be silent before people are told so. */
export const SILENCE_MS = 10_000;

/** Whether the agent has said nothing about an order for so long that it may not know such orders. */
export function isUnanswered(command: Command, now: number): boolean {
  const waits = command.state === 'queued' || command.state === 'delivered';
  return waits && now - Date.parse(command.createdAt) >= SILENCE_MS;
}
