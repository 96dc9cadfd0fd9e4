import type { DerivedEvent } from '../derivation.ts';
import { nsFromTime } from '../../telemetry/time.ts';
import { byStart, type Stay } from './stays.ts';

/** Where every graph begins and ends, as LangGraph names it. */
export const START = '__start__';
export const END = '__end__';

/** Edges that were taken, with how often: source, then target. */
export class TakenEdges {
  readonly #counts = new Map<string, Map<string, number>>();

  take(source: string, target: string, times = 1): void {
    const targets = this.#counts.get(source) ?? new Map<string, number>();
    this.#counts.set(source, targets.set(target, (targets.get(target) ?? 0) + times));
  }

  /** Drops the edges that match. */
  forget(matches: (source: string, target: string) => boolean): void {
    for (const [source, targets] of this.#counts) {
      for (const target of [...targets.keys()]) if (matches(source, target)) targets.delete(target);
    }
  }

  /** All edges, by source and target. */
  list(): { source: string; target: string; taken: number }[] {
    return [...this.#counts]
      .flatMap(([source, targets]) => [...targets].map(([target, taken]) => ({ source, target, taken })))
      .sort((a, b) => compare(a.source, b.source) || compare(a.target, b.target));
  }
}

/** What edges are read from. */
export interface Happened {
  stays: readonly Stay[];
  handoffs: readonly Handoff[];
  /** True when the task has come to a good end: only then are last stays followed by the end. */
  isOver: boolean;
  /** Of the sources a step offers, those a declared graph allows; all of them where it allows none. */
  allowed: (sources: readonly string[], target: string) => readonly string[];
}

/** One agent handing over to another. */
export interface Handoff {
  from: string;
  to: string;
  atNs: bigint;
}

/** Reads handoffs from the messages between agents. */
export function readHandoffs(events: readonly DerivedEvent[]): Handoff[] {
  return events
    .filter(({ type, tool }) => type === 'agent_message' && tool !== null)
    .map((event) => ({ from: event.actor.name, to: event.target?.name ?? '', atNs: nsFromTime(event.startedAt) }));
}

/** The edges the stays show. */
export function observedEdges(happened: Happened): TakenEdges {
  const edges = new TakenEdges();
  const byKey = new Map(happened.stays.map((stay) => [stay.key, stay]));
  const received = takeHandoffs(edges, happened);
  for (const [group, members] of Map.groupBy(happened.stays, (stay) => stay.group)) {
    const parent = byKey.get(members[0]?.parentKey ?? '') ?? null;
    if (group.startsWith('steps ')) addSteps(edges, members, parent, happened);
    else addOrder(edges, members, { parent, received, happened });
  }
  return edges;
}

/** Handoffs between agents the graph shows, reported or stated by the taker; answers the stays they led to. */
function takeHandoffs(edges: TakenEdges, { stays, handoffs }: Happened): Set<Stay> {
  const agents = stays.filter(({ type }) => type === 'agent');
  const names = new Set(agents.map(({ node }) => node));
  const received = new Set<Stay>();
  for (const { from, to, atNs } of handoffs) {
    if (!names.has(from)) continue;
    edges.take(from, to);
    const taker = agents.find((stay) => stay.node === to && stay.startNs + TOLERANCE_NS >= atNs && !received.has(stay));
    if (taker !== undefined) received.add(taker);
  }
  for (const stay of agents) {
    const { cameFrom, node } = stay;
    if (cameFrom === null || cameFrom === node || !names.has(cameFrom) || received.has(stay)) continue;
    edges.take(cameFrom, node);
    received.add(stay);
  }
  return received;
}

/** Nodes of one step ran side by side, after all of the step before. */
function addSteps(edges: TakenEdges, members: readonly Stay[], parent: Stay | null, happened: Happened): void {
  const steps = [...Map.groupBy(members, (stay) => stay.step ?? 0)].sort(([a], [b]) => a - b);
  const counts = steps.map(([, stays]) => countNodes(stays));
  for (const [target, times] of counts[0] ?? []) enter(edges, parent, target, times);
  for (const [at, targets] of counts.slice(1).entries()) {
    const sources = counts[at] ?? new Map<string, number>();
    for (const [target, times] of targets) follow(edges, sources, { target, times, happened });
  }
  const [, last] = steps.at(-1) ?? [];
  if (parent === null && happened.isOver) leave(edges, last ?? [], happened);
}

function follow(
  edges: TakenEdges,
  sources: ReadonlyMap<string, number>,
  { target, times, happened }: { target: string; times: number; happened: Happened },
): void {
  for (const source of happened.allowed([...sources.keys()], target))
    edges.take(source, target, Math.max(sources.get(source) ?? 1, times));
}

function countNodes(stays: readonly Stay[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const stay of stays) counts.set(stay.node, (counts.get(stay.node) ?? 0) + 1);
  return counts;
}

/** The first node of a graph is entered from the start, or from the agent or tool that runs the graph. */
function enter(edges: TakenEdges, parent: Stay | null, target: string, times: number): void {
  if (parent === null) edges.take(START, target, times);
  else if (parent.type !== 'node') edges.take(parent.node, target, times);
}

function leave(edges: TakenEdges, last: readonly Stay[], { allowed }: Happened): void {
  const ended = [
    ...new Set(last.filter(({ status, isEnded }) => isEnded && status !== 'error').map(({ node }) => node)),
  ];
  for (const node of allowed(ended, END)) edges.take(node, END);
}

interface Siblings {
  parent: Stay | null;
  received: ReadonlySet<Stay>;
  happened: Happened;
}

/** Stays without steps: an agent's or tool's own calls hang on it; others follow one another as time shows. */
function addOrder(edges: TakenEdges, members: readonly Stay[], siblings: Siblings): void {
  const { parent, received, happened } = siblings;
  if (parent === null || parent.type === 'node') return addSequence(edges, members, siblings);
  for (const stay of members) {
    if (stay.type !== 'node' && !received.has(stay)) edges.take(parent.node, stay.node);
  }
  const nodes = members.filter(({ type }) => type === 'node');
  addSequence(edges, nodes, { parent, received, happened });
}

function addSequence(edges: TakenEdges, members: readonly Stay[], { parent, received, happened }: Siblings): void {
  const followed = new Set<Stay>();
  for (const [stay, earlier] of predecessors(members)) {
    for (const other of earlier) followed.add(other);
    if (received.has(stay)) continue;
    const sources = [...new Set(earlier.map(({ node }) => node))];
    if (sources.length === 0) enter(edges, parent, stay.node, 1);
    for (const source of happened.allowed(sources, stay.node)) edges.take(source, stay.node);
  }
  const last = members.filter((stay) => !followed.has(stay));
  if (parent === null && happened.isOver) leave(edges, last, happened);
}

/** Senders round times to milliseconds: a stay may seem to begin before the one that led to it has ended. */
const TOLERANCE_NS = 1_000_000n;
/** Stays looked at as the possible ones before another. */
const PREDECESSOR_LIMIT = 64;

/** For each stay those that ended last before it began: the ones it can have followed. */
function predecessors(stays: readonly Stay[]): Map<Stay, Stay[]> {
  const ended = stays
    .filter((stay) => stay.endNs !== null)
    .map((stay) => ({ stay, endNs: latestEnd(stay) }))
    .sort((a, b) => (a.endNs === b.endNs ? byStart(a.stay, b.stay) : a.endNs < b.endNs ? -1 : 1));
  const found = new Map<Stay, Stay[]>();
  let over = 0;
  let latestStart = 0n;
  for (const stay of stays.toSorted(byStart)) {
    for (let next = ended[over]; next !== undefined && next.endNs <= stay.startNs; next = ended[++over]) {
      if (next.stay.startNs > latestStart) latestStart = next.stay.startNs;
    }
    const near = ended.slice(Math.max(0, over - PREDECESSOR_LIMIT), over);
    found.set(
      stay,
      near
        .filter(({ stay: other, endNs }) => other !== stay && (endNs > latestStart || other.startNs === latestStart))
        .map((each) => each.stay),
    );
  }
  return found;
}

function latestEnd({ startNs, endNs }: Stay): bigint {
  const end = (endNs ?? 0n) - TOLERANCE_NS;
  return end > startNs ? end : startNs + 1n;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
