import type { GraphNodeStatus } from '@signalbox/event-model';
import { nsFromTime } from '../../telemetry/time.ts';
import type { DerivedEvent, Visit } from '../derivation.ts';
import type { RunPart } from './run-part.ts';

/** One stay at a node over all parts of a task: a stay that a later part resumes is one. */
export interface Stay {
  key: string;
  node: string;
  label: string;
  type: Visit['type'];
  parentKey: string | null;
  /** Node the sender says it was reached from. */
  cameFrom: string | null;
  step: number | null;
  /** The run of the graph it belongs to; stays of one group follow one another. */
  group: string;
  startNs: bigint;
  endNs: bigint | null;
  /** RFC 3339 UTC with nanoseconds of the latest attempt. */
  startedAt: string;
  /** Nanoseconds of all its parts that have ended. */
  busyNs: bigint;
  status: Exclude<GraphNodeStatus, 'idle'>;
  failures: number;
  /** False while it runs, and when it stopped to ask. */
  isEnded: boolean;
  /** Events that stand for it, the oldest first. */
  eventIds: string[];
}

interface Draft extends Stay {
  /** Index of the part that was last at it. */
  part: number;
  /** True when it asked a person something. */
  hasAsked: boolean;
  invocations: string[];
}

/** The stays of all parts by start, whatever order the parts' telemetry came in. */
export function collectStays(parts: readonly RunPart[]): Stay[] {
  const drafts = new Map<string, Draft>();
  const aliases = new Map<string, string>();
  for (const [at, part] of parts.entries()) addPart(drafts, aliases, part, at);
  const stays = [...drafts.values()].sort(byStart);
  assignGroups(stays);
  return stays;
}

/** Orders stays by start, ties by identity. */
export function byStart(a: Stay, b: Stay): number {
  if (a.startNs !== b.startNs) return a.startNs < b.startNs ? -1 : 1;
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}

function addPart(drafts: Map<string, Draft>, aliases: Map<string, string>, { derivation }: RunPart, at: number): void {
  const scene = readEvents(derivation.events);
  const made = derivation
    .structure()
    .visits.flatMap((visit) => toDraft(visit, scene, at))
    .sort(byStart);
  const atNode = Map.groupBy(drafts.values(), ({ node }) => node);
  for (const draft of made) {
    const known = atNode.get(draft.node) ?? [];
    const resumed = drafts.get(draft.key) ?? known.findLast((stay) => isResumedBy(stay, draft));
    if (resumed === undefined) {
      drafts.set(draft.key, draft);
      known.push(draft);
      atNode.set(draft.node, known);
      continue;
    }
    aliases.set(draft.key, resumed.key);
    resume(resumed, draft);
  }
  for (const draft of made) draft.parentKey = aliasOf(aliases, draft.parentKey);
}

function aliasOf(aliases: ReadonlyMap<string, string>, key: string | null): string | null {
  return key === null ? null : (aliases.get(key) ?? key);
}

/**
 * True when a stay goes on in a later one at the same node: it stopped without coming to its end, or asked something
 * that a later part answers.
 */
function isResumedBy(stay: Draft, later: Draft): boolean {
  if (stay.type === 'tool') return false;
  if (stay.part < later.part) return !stay.isEnded || stay.hasAsked;
  return !stay.isEnded && stay.endNs !== null && stay.endNs <= later.startNs;
}

function resume(stay: Draft, later: Draft): void {
  stay.part = later.part;
  stay.endNs = later.endNs;
  stay.startedAt = later.startedAt;
  stay.busyNs += later.busyNs;
  stay.status = later.status;
  stay.failures += later.failures;
  stay.isEnded = later.isEnded;
  stay.hasAsked = later.hasAsked;
  stay.step ??= later.step;
  stay.eventIds.push(...later.eventIds);
  stay.invocations.push(...later.invocations);
}

interface PartEvents {
  byId: ReadonlyMap<string, DerivedEvent>;
  /** Start events that have an end event. */
  ended: ReadonlySet<string | null>;
  /** Names of those who asked a person something. */
  asking: ReadonlySet<string>;
}

const END_TYPES = new Set(['node_completed', 'node_failed', 'agent_completed', 'agent_failed']);

function readEvents(events: readonly DerivedEvent[]): PartEvents {
  return {
    byId: new Map(events.map((event) => [event.id, event])),
    ended: new Set(events.filter(({ type }) => END_TYPES.has(type)).map((event) => event.parentId)),
    asking: new Set(events.filter(({ type }) => type === 'approval_request').map(({ actor }) => actor.name)),
  };
}

function toDraft(visit: Visit, { byId, ended, asking }: PartEvents, part: number): Draft[] {
  const event = byId.get(visit.eventId);
  if (event === undefined) return [];
  const startNs = nsFromTime(event.startedAt);
  const endNs = event.endedAt === null ? null : nsFromTime(event.endedAt);
  const isEnded = visit.type === 'tool' ? endNs !== null : ended.has(event.id);
  return [
    {
      key: visit.key,
      node: visit.node,
      label: visit.label,
      type: visit.type,
      parentKey: visit.parentKey,
      cameFrom: visit.cameFrom,
      step: visit.step,
      group: '',
      startNs,
      endNs,
      startedAt: event.startedAt,
      busyNs: endNs === null ? 0n : endNs - startNs,
      status: statusOf(event),
      failures: visit.failures,
      isEnded,
      eventIds: [event.id],
      part,
      hasAsked: asking.has(visit.label),
      invocations: visit.invocation === null ? [] : [`${part} ${visit.invocation}`],
    },
  ];
}

function statusOf({ status }: DerivedEvent): Stay['status'] {
  if (status === 'in_progress') return 'active';
  return status === 'rejected' || status === 'cancelled' ? 'completed' : status;
}

interface Group {
  id: string;
  place: string;
  part: number;
  lastStep: number;
}

/**
 * Stays of one run of a graph share a group. A resumed part calls the graph anew: its stays join the group they resume,
 * else the latest group of an earlier part that ended at an earlier step. Stays without steps share one group a place.
 */
function assignGroups(stays: readonly Draft[]): void {
  const groups: Group[] = [];
  const ofInvocation = new Map<string, Group>();
  const counted = stays.filter((stay) => stay.step !== null);
  for (const stay of counted) {
    const place = stay.parentKey ?? '';
    const names = stay.invocations.map((invocation) => `${place} ${invocation}`);
    const group =
      names.flatMap((name) => ofInvocation.get(name) ?? [])[0] ?? groupToJoin(groups, stay) ?? newGroup(groups, stay);
    group.lastStep = Math.max(group.lastStep, stay.step ?? 0);
    group.part = Math.max(group.part, stay.part);
    stay.group = group.id;
    for (const name of names) ofInvocation.set(name, group);
  }
  for (const stay of stays) if (stay.step === null) placeUncounted(groups, stay);
}

function newGroup(groups: Group[], stay: Draft): Group {
  const group = { id: `steps ${stay.key}`, place: stay.parentKey ?? '', part: stay.part, lastStep: -1 };
  groups.push(group);
  return group;
}

function groupToJoin(groups: readonly Group[], stay: Draft): Group | undefined {
  const isProvedOnly = stay.invocations.length === 0;
  return groups.findLast(
    (group) =>
      group.place === (stay.parentKey ?? '') &&
      (isProvedOnly || (group.part < stay.part && group.lastStep < (stay.step ?? 0))),
  );
}

/** A node known only from what runs inside it comes after all that was counted before. */
function placeUncounted(groups: readonly Group[], stay: Draft): void {
  const group = stay.type === 'node' ? groups.findLast(({ place }) => place === (stay.parentKey ?? '')) : undefined;
  stay.group = group?.id ?? `order ${stay.parentKey ?? ''}`;
  if (group !== undefined) stay.step = group.lastStep + 1;
}
