import type { RunStructure, Visit } from '../derivation.ts';
import { enclosingNodeRuns } from '../reading/graph-nodes.ts';
import type { NodeRun } from './node-runs.ts';
import { containerEventId, nodeEventId, nodeKey, type Scene } from './scene.ts';
import { ancestors, type SpanView } from './span-view.ts';
import type { ToolCall } from './tool-calls.ts';

/*
 * The stays at nodes, agents and tools of one trace. Agents and tools inside a node are the node's own business: the
 * graph of a run shows nodes where there are any, and agents with their tools elsewhere.
 */

/** Stays and messages of the trace. */
export function runStructure(scene: Scene, nodeRuns: readonly NodeRun[], calls: readonly ToolCall[]): RunStructure {
  const places = placesOf(scene, nodeRuns, calls);
  return {
    visits: [
      ...nodeRuns.map((run) => nodeVisit(scene, places, run)),
      ...scene.view.spans
        .filter((span) => span.role === 'agent' && !isInsideNode(scene, span))
        .map((span) => agentVisit(scene, places, span)),
      ...calls.filter((call) => isToolNode(scene, call)).map((call) => toolVisit(places, call)),
    ],
    messages: scene.view.spans.flatMap(sentMessage),
  };
}

/** Where a span's stay is found again. */
interface Places {
  nodeNames: ReadonlyMap<string, string>;
  failures: ReadonlyMap<string, number>;
  /** Keys of the stays agent and tool spans stand for. */
  bySpan: ReadonlyMap<string, string>;
}

function placesOf(scene: Scene, nodeRuns: readonly NodeRun[], calls: readonly ToolCall[]): Places {
  const failures = new Map<string, number>();
  const bySpan = new Map<string, string>();
  for (const span of scene.view.spans) {
    if (span.role === 'agent' && !isInsideNode(scene, span)) bySpan.set(span.spanId, span.spanId);
    if (span.role !== 'node') continue;
    bySpan.set(span.spanId, nodeKey(span));
    const failed = span.facts.failure !== null && span.facts.interrupts.length === 0;
    if (failed) failures.set(nodeKey(span), (failures.get(nodeKey(span)) ?? 0) + 1);
  }
  for (const call of calls) {
    if (isToolNode(scene, call)) for (const span of call.spans) bySpan.set(span.spanId, call.id);
  }
  return { nodeNames: new Map(nodeRuns.map((run) => [run.key, run.node])), failures, bySpan };
}

/** A handoff is an edge, and a call that another trace made is a stay of that trace. */
function isToolNode(scene: Scene, call: ToolCall): boolean {
  return call.handoffTo === null && !call.resumed && !isInsideNode(scene, call.anchor);
}

function isInsideNode(scene: Scene, span: SpanView): boolean {
  for (const above of ancestors(span)) if (above.role === 'node') return true;
  return scene.nodeNamespaces.size > 0 && enclosing(scene.nodeNamespaces, span).length > 0;
}

/** Namespaces of the node runs a span's own namespace names, outermost first. */
function enclosing(known: { has(key: string): boolean }, span: SpanView): string[] {
  const graph = span.facts.graph;
  if (graph === null) return [];
  return enclosingNodeRuns(graph.namespace, graph.insideAgent)
    .map(({ namespace }) => namespace)
    .filter((namespace) => known.has(namespace));
}

function nodeVisit(scene: Scene, places: Places, run: NodeRun): Visit {
  const path = pathOf(places, run);
  return {
    eventId: nodeEventId(scene, run.key),
    key: run.key,
    node: [...path.map((key) => places.nodeNames.get(key) ?? ''), run.node].join(':'),
    label: run.node,
    type: 'node',
    parentKey: path.at(-1) ?? parentKeyOf(places, run.witness),
    invocation: run.span?.facts.graph === undefined || run.span.facts.graph === null ? null : run.span.parentSpanId,
    step: run.witness.facts.graph?.namespace === run.key ? run.witness.facts.graph.step : null,
    cameFrom: null,
    failures: places.failures.get(run.key) ?? 0,
  };
}

/** The node runs around a node run, outermost first: by its namespace, else by the spans around it. */
function pathOf(places: Places, run: NodeRun): string[] {
  const named = enclosing(places.nodeNames, run.witness).filter((key) => run.key.startsWith(`${key}|`));
  if (named.length > 0 || run.span === null) return named;
  const around: string[] = [];
  for (const above of ancestors(run.span)) {
    // What a tool or agent inside a node runs is a graph of its own.
    if (above.role === 'tool' || above.role === 'agent') break;
    if (above.role === 'node' && nodeKey(above) !== run.key) around.unshift(nodeKey(above));
  }
  return around;
}

/** The nearest stay around a span. */
function parentKeyOf(places: Places, span: SpanView): string | null {
  for (const above of ancestors(span)) {
    const key = places.bySpan.get(above.spanId);
    if (key !== undefined) return key;
  }
  return null;
}

function agentVisit(scene: Scene, places: Places, span: SpanView): Visit {
  return {
    eventId: containerEventId(scene, span),
    key: span.spanId,
    node: span.facts.title,
    label: span.facts.title,
    type: 'agent',
    parentKey: parentKeyOf(places, span),
    invocation: null,
    step: null,
    cameFrom: span.facts.cameFrom ?? null,
    failures: span.facts.failure === null || span.facts.interrupts.length > 0 ? 0 : 1,
  };
}

function toolVisit(places: Places, call: ToolCall): Visit {
  const caller = call.proposal !== null && call.deferred ? call.proposal.call.span : call.anchor;
  return {
    eventId: call.id,
    key: call.id,
    node: `tool:${call.name}`,
    label: call.name,
    type: 'tool',
    parentKey: parentKeyOf(places, caller),
    invocation: null,
    step: null,
    cameFrom: null,
    failures: call.failure === null ? 0 : 1,
  };
}

/** What a span that reports one message tells: an edge without a graph around it. */
function sentMessage(span: SpanView): RunStructure['messages'] {
  const graph = span.facts.declaredGraph;
  const [edge, ...others] = graph?.edges ?? [];
  const isMessage = span.facts.convention === 'ms-agent-framework' && graph?.name === null;
  if (!isMessage || edge === undefined || others.length > 0) return [];
  return [{ source: edge.source, target: edge.target }];
}
