import type { GraphNode, GraphNodeStatus, GraphView } from '@signalbox/event-model';
import { runIdOf } from '../../telemetry/time.ts';
import type { DerivedEvent } from '../derivation.ts';
import { allowedBy, overlayEdges, readDeclaration, type Declaration, type OverlaidEdge } from './declared-overlay.ts';
import { observedEdges, readHandoffs, type TakenEdges } from './observed-edges.ts';
import type { RunPart } from './run-part.ts';
import { collectStays, type Stay } from './stays.ts';

/** Events named with a node; the newest are kept. */
const EVENT_LIMIT = 200;

/** The state graph of a task: what a sender declared, overlaid with what happened in all its parts. */
export function toGraphView(parts: readonly RunPart[]): GraphView {
  const last = parts.at(-1);
  const declaration = readDeclaration(parts);
  const stays = collectStays(parts);
  const events = parts.flatMap(({ derivation }) => derivation.events);
  const taken = observedEdges({
    stays,
    handoffs: readHandoffs(events),
    isOver: last?.derivation.run.status === 'completed',
    allowed: allowedBy(declaration),
  });
  addMessages(taken, parts, stays);
  const visited = new Set(stays.map(({ node }) => node));
  const edges = overlayEdges(declaration, taken, visited);
  const nodes = drawNodes(declaration, { stays, edges, events });
  return {
    runId: runIdOf(last?.traceId ?? ''),
    name: declaration.graph?.name ?? last?.derivation.run.workflow ?? null,
    basis: declaration.graph === null ? 'inferred' : 'declared',
    nodes,
    edges: edges.map(({ source, target, label, conditional, taken: times, declared }) => ({
      source,
      target,
      label,
      conditional,
      taken: times,
      declared,
    })),
    active: nodes.filter(({ status }) => status === 'active').map(({ id }) => id),
  };
}

/** Where nodes report the messages they send, those are the edges between them, not their order in time. */
function addMessages(taken: TakenEdges, parts: readonly RunPart[], stays: readonly Stay[]): void {
  const messages = parts.flatMap(({ derivation }) => derivation.structure().messages);
  if (messages.length === 0) return;
  const senders = new Set(stays.filter(({ type }) => type === 'node').map(({ node }) => node));
  taken.forget((source, target) => senders.has(source) && senders.has(target));
  for (const { source, target } of messages) taken.take(source, target);
}

interface Drawing {
  stays: readonly Stay[];
  edges: readonly OverlaidEdge[];
  events: readonly DerivedEvent[];
}

/** Declared nodes in the sender's order, then those only seen, by first visit. */
function drawNodes(declaration: Declaration, { stays, edges, events }: Drawing): GraphNode[] {
  const byNode = Map.groupBy(stays, ({ node }) => node);
  const byKey = new Map(stays.map((stay) => [stay.key, stay]));
  const declared = new Map((declaration.graph?.nodes ?? []).map((node) => [node.id, node]));
  const ids = new Set([...declared.keys(), ...groupsOf(declared.keys()), ...byNode.keys()]);
  for (const { source, target } of edges) ids.add(source).add(target);
  const eventsInside = new EventTree(events);
  const isStart = (id: string): boolean => id === declaration.start;
  const isEnd = (id: string): boolean => id === declaration.end;
  return [...ids].map((id) => {
    const own = byNode.get(id) ?? [];
    const node = declared.get(id);
    if (own.length > 0) return visitedNode(own, eventsInside, { ids, node, byKey });
    const passed = isStart(id)
      ? sum(edges.filter(({ source }) => source === id))
      : isEnd(id)
        ? sum(edges.filter(({ target }) => target === id))
        : 0;
    const type = isStart(id) ? 'start' : isEnd(id) ? 'end' : (node?.type ?? 'node');
    return { ...unvisited(id, parentOf(id, ids)), label: node?.label ?? lastName(id), type, ...passing(passed) };
  });
}

function passing(times: number): Pick<GraphNode, 'status' | 'visits' | 'observed'> {
  return { status: times > 0 ? 'completed' : 'idle', visits: times, observed: times > 0 };
}

function sum(edges: readonly OverlaidEdge[]): number {
  return edges.reduce((total, edge) => total + edge.taken, 0);
}

/** Sub-graphs a declaration shows only the inside of. */
function groupsOf(ids: Iterable<string>): string[] {
  return [...ids].flatMap((id) => {
    const levels = id.split(':').slice(0, -1);
    return levels.map((_, at) => levels.slice(0, at + 1).join(':')).filter((group) => group !== 'tool' && group !== '');
  });
}

function parentOf(id: string, ids: ReadonlySet<string>): string | null {
  const parent = id.slice(0, Math.max(0, id.lastIndexOf(':')));
  return ids.has(parent) ? parent : null;
}

function lastName(id: string): string {
  return id.slice(id.lastIndexOf(':') + 1);
}

function unvisited(id: string, parentId: string | null): GraphNode {
  return {
    id,
    label: id,
    type: 'node',
    parentId,
    status: 'idle',
    visits: 0,
    errors: 0,
    lastStartedAt: null,
    totalNs: '0',
    eventIds: [],
    observed: false,
  };
}

interface Surroundings {
  ids: ReadonlySet<string>;
  node: { type: string | null; label: string | null } | undefined;
  byKey: ReadonlyMap<string, Stay>;
}

function visitedNode(own: readonly Stay[], events: EventTree, { ids, node, byKey }: Surroundings): GraphNode {
  const latest = own.reduce((best, stay) => (stay.startedAt >= best.startedAt ? stay : best));
  const around = byKey.get(latest.parentKey ?? '');
  const isInside = around !== undefined && latest.type === 'node';
  return {
    id: latest.node,
    label: node?.label ?? latest.label,
    type: node?.type ?? latest.type,
    parentId: isInside ? around.node : parentOf(latest.node, ids),
    status: statusOf(own, latest),
    visits: own.length,
    errors: own.reduce((total, stay) => total + stay.failures, 0),
    lastStartedAt: latest.startedAt,
    totalNs: String(own.reduce((total, stay) => total + stay.busyNs, 0n)),
    eventIds: events.under(latest.eventIds).slice(-EVENT_LIMIT),
    observed: true,
  };
}

/** What is at work or waits is shown whatever came after it. */
function statusOf(own: readonly Stay[], latest: Stay): GraphNodeStatus {
  const open = (['active', 'waiting'] as const).find((status) => own.some((stay) => stay.status === status));
  return open ?? latest.status;
}

/** Finds what hangs under an event. */
class EventTree {
  readonly #events: readonly DerivedEvent[];
  readonly #children: ReadonlyMap<string | null, DerivedEvent[]>;

  constructor(events: readonly DerivedEvent[]) {
    this.#events = events;
    this.#children = Map.groupBy(events, ({ parentId }) => parentId);
  }

  /** The events and all below them, in order of time. */
  under(roots: readonly string[]): string[] {
    const found = new Set<string>();
    const open = [...roots];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (found.has(id)) continue;
      found.add(id);
      for (const child of this.#children.get(id) ?? []) open.push(child.id);
    }
    return this.#events.filter(({ id }) => found.has(id)).map(({ id }) => id);
  }
}
