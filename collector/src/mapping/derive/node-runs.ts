import type { EventStatus } from '@signalbox/event-model';
import type { DerivedEvent } from '../derivation.ts';
import { enclosingNodeRuns } from '../reading/graph-nodes.ts';
import { eventId } from '../reading/identifiers.ts';
import type { ApprovalRequest } from './approval-requests.ts';
import { lifecycleContent } from './lifecycle.ts';
import { nodeEventId, nodeKey, parentEventId, toEvent, type Scene } from './scene.ts';
import type { SpanView, TraceView } from './span-view.ts';

/** One run of a graph node, by its own span or proved by spans inside it. */
export interface NodeRun {
  key: string;
  node: string;
  /** The node's own span; null while only children prove it. */
  span: SpanView | null;
  /** First span that shows the run. */
  witness: SpanView;
  startNs: bigint;
}

/** Node runs of the trace by checkpoint namespace. */
export function collectNodeRuns(view: TraceView): NodeRun[] {
  const runs = new Map<string, NodeRun>();
  for (const span of view.spans) {
    if (span.role === 'node') addOwn(runs, span);
    const graph = span.facts.graph;
    if (graph === null) continue;
    for (const { node, namespace } of enclosingNodeRuns(graph.namespace, graph.insideAgent)) {
      if (!runs.has(namespace))
        runs.set(namespace, { key: namespace, node, span: null, witness: span, startNs: span.startNs });
    }
  }
  return [...runs.values()];
}

/** A retried node has several spans under one namespace: the last one tells how the run ended. */
function addOwn(runs: Map<string, NodeRun>, span: SpanView): void {
  const key = nodeKey(span);
  const known = runs.get(key);
  const startNs = known === undefined || span.startNs < known.startNs ? span.startNs : known.startNs;
  runs.set(key, { key, node: span.facts.title, span, witness: span, startNs });
}

/** Start and end events of the node runs. */
export function nodeEvents(
  scene: Scene,
  runs: readonly NodeRun[],
  requests: readonly ApprovalRequest[],
): DerivedEvent[] {
  const rootEnded = scene.view.spans.some((span) => span.parentSpanId === null && !span.pending);
  return runs.flatMap((run) => {
    const status = nodeStatus(run, requests, rootEnded);
    const started = startEvent(scene, run, status);
    const isOver = status === 'completed' || status === 'error';
    // An interrupted node has not come to its end even when its request was answered: it runs again elsewhere.
    return isOver && run.span !== null && run.span.facts.interrupts.length === 0
      ? [started, endEvent(scene, run, run.span, status === 'error')]
      : [started];
  });
}

function nodeStatus(run: NodeRun, requests: readonly ApprovalRequest[], rootEnded: boolean): EventStatus {
  if (run.span === null || run.span.pending) return rootEnded && run.span === null ? 'lost' : 'in_progress';
  if (run.span.facts.interrupts.length > 0) return isAnswered(run.span, requests) ? 'completed' : 'waiting';
  return run.span.facts.failure === null ? 'completed' : 'error';
}

function isAnswered(span: SpanView, requests: readonly ApprovalRequest[]): boolean {
  const keys = new Set(span.facts.interrupts.flatMap((interrupt) => interrupt.keys));
  const own = requests.filter((request) => request.span === span || request.keys.some((key) => keys.has(key)));
  return own.length > 0 && own.every((request) => request.resolution !== null);
}

function startEvent(scene: Scene, run: NodeRun, status: EventStatus): DerivedEvent {
  const span = run.span ?? run.witness;
  return toEvent(scene, {
    id: nodeEventId(scene, run.key),
    type: 'node_started',
    span,
    parentId: run.span === null ? null : parentEventId(scene, run.span),
    actor: { kind: 'node', name: run.node },
    status,
    startNs: run.startNs,
    endNs: run.span === null || run.span.pending ? null : run.span.endNs,
    summary: run.node,
    convention: span.facts.convention,
    basis: run.span === null ? 'inferred' : 'declared',
    content: () => lifecycleContent(run.span, 'input'),
  });
}

function endEvent(scene: Scene, run: NodeRun, span: SpanView, failed: boolean): DerivedEvent {
  return toEvent(scene, {
    id: eventId(scene.traceId, 'node_ended', run.key),
    type: failed ? 'node_failed' : 'node_completed',
    span,
    parentId: nodeEventId(scene, run.key),
    actor: { kind: 'node', name: run.node },
    status: failed ? 'error' : 'completed',
    startNs: span.endNs,
    endNs: span.endNs,
    summary: failed ? `${run.node} failed: ${span.facts.failure?.message ?? ''}` : run.node,
    convention: span.facts.convention,
    basis: 'declared',
    content: () => lifecycleContent(span, 'output'),
  });
}
