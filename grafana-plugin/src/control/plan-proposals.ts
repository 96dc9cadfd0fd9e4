import type { Command, PlanItem, PlanRevision, PlanView } from '@signalbox/event-model';
import { commandProgress, SILENCE_MS } from './command-steps.ts';

/**
 * Where a proposed change of a plan stands. What the agent says and what its plan shows are two facts: `accepted` and
 * `reported` are its word alone, `unkept` is its word against its plan, `ignored` its plan without a word.
 */
export type ProposalState =
  'proposed' | 'seen' | 'accepted' | 'reported' | 'done' | 'refused' | 'expired' | 'ignored' | 'unkept' | 'failed';

/** A proposed change of a plan and what became of it. */
export interface PlanProposal {
  id: string;
  change: 'cancel' | 'reorder';
  items: readonly string[];
  state: ProposalState;
  /** When it got there. */
  at: string;
  problem: string | null;
  /** Nobody has seen it for so long that the person should know. */
  late: boolean;
}

const STATES: Record<Command['state'], ProposalState> = {
  queued: 'proposed',
  delivered: 'seen',
  acked: 'accepted',
  effective: 'reported',
  refused: 'refused',
  expired: 'expired',
  failed: 'failed',
};

/** What the plan makes of an agent's silence, its yes and its report. */
const AGAINST: Partial<Record<ProposalState, ProposalState>> = {
  seen: 'ignored',
  accepted: 'unkept',
  reported: 'unkept',
};

/** Changes of its plan proposed to a run, newest first. */
export function planProposals(
  commands: readonly Command[],
  plan: Pick<PlanView, 'revisions'>,
  now: number,
): PlanProposal[] {
  return commands
    .filter(({ kind }) => kind === 'task.cancel' || kind === 'task.reorder')
    .map((command) => toProposal(command, plan.revisions, now))
    .reverse();
}

/** Whether the agent may still do something about it; nobody needs to propose the same meanwhile. */
export function isOpenProposal({ state }: PlanProposal): boolean {
  return state === 'proposed' || state === 'seen' || state === 'accepted';
}

function toProposal(command: Command, revisions: readonly PlanRevision[], now: number): PlanProposal {
  const { id, kind, payload, state, history, createdAt } = command;
  const change = kind === 'task.cancel' ? 'cancel' : 'reorder';
  const items = Array.isArray(payload.items) ? payload.items.map(String) : [];
  const at = history.findLast((entry) => entry.state === state)?.at ?? createdAt;
  const verdict = verdictOf(command, at, revisionsOf(items, revisions), (plan) => isKept(change, items, plan));
  return {
    id,
    change,
    items,
    state: verdict?.state ?? STATES[state],
    at: verdict?.at ?? at,
    problem: commandProgress(command).end?.words ?? null,
    late: state === 'queued' && now - Date.parse(createdAt) >= SILENCE_MS,
  };
}

/** The revisions of the plan the items stand in: ids count within one agent's plan. */
function revisionsOf(items: readonly string[], revisions: readonly PlanRevision[]): PlanRevision[] {
  const owner = revisions.findLast((revision) => revision.items.some(({ id }) => items.includes(id)))?.actor.name;
  return revisions.filter(({ actor }) => actor.name === owner);
}

type Verdict = { state: ProposalState; at: string } | null;

/** What the plan tells beyond the agent's words; nothing before the agent has it, nor after it said no. */
function verdictOf(
  { state, history }: Command,
  at: string,
  revisions: readonly PlanRevision[],
  kept: (items: readonly PlanItem[]) => boolean,
): Verdict {
  const against = AGAINST[STATES[state]];
  if (against === undefined) return null;
  const deliveredAt = history.find((entry) => entry.state === 'delivered')?.at ?? at;
  const since = (time: string) => revisions.filter((revision) => Date.parse(revision.at) > Date.parse(time));
  // Once is enough: what the agent puts back later it does for reasons of its own.
  const done = since(deliveredAt).find(({ items }) => kept(items));
  if (done) return { state: 'done', at: done.at };
  const newest = revisions.at(-1);
  // The agent's clock may be behind the collector's.
  if (state === 'effective' && newest && kept(newest.items)) return { state: 'done', at };
  const contradiction = since(at)[0];
  return contradiction ? { state: against, at: contradiction.at } : null;
}

function isKept(change: 'cancel' | 'reorder', ids: readonly string[], items: readonly PlanItem[]): boolean {
  if (change === 'cancel') return items.every(({ id, status }) => !ids.includes(id) || status === 'cancelled');
  const here = items.map(({ id }) => id).filter((id) => ids.includes(id));
  const wanted = ids.filter((id) => here.includes(id));
  return JSON.stringify(here) === JSON.stringify(wanted);
}
