import type { RunStatus, TokenUsage } from '@signalbox/event-model';
import type { DerivedEvent, DerivedRun } from '../derivation.ts';
import type { DeclaredGraph } from '../facts.ts';
import { mergeGraphs, readGraph } from '../reading/declared-graph.ts';
import { toRfc3339 } from '../reading/timestamps.ts';
import type { ModelCall } from './model-calls.ts';
import { sessionOf, type Scene } from './scene.ts';
import type { SpanView, TraceView } from './span-view.ts';

/** Name of the run: its outermost workflow's, else its outermost agent's. */
export function workflowName(view: TraceView): string | null {
  const outermost = view.spans.filter((span) => !span.enclosed);
  const workflow = outermost.find((span) => span.role === 'workflow');
  return (workflow ?? outermost.find((span) => span.role === 'agent' && span.complete))?.facts.title ?? null;
}

/** What is known of the whole run. Tokens are summed over model calls only: agents repeat totals. */
export function deriveRun(
  scene: Scene,
  models: readonly ModelCall[],
  events: readonly DerivedEvent[],
  continuesTraceId: string | null,
): DerivedRun {
  const roots = scene.view.spans.filter((span) => span.parentSpanId === null);
  const status = runStatus(scene, roots, events);
  const isOver = status === 'completed' || status === 'error';
  const graph = declaredGraph(scene);
  return {
    sessionId: sessionOf(scene, roots[0] ?? null),
    workflow: scene.workflow,
    service:
      roots[0]?.service ?? scene.view.spans[0]?.service ?? scene.logs.map((log) => log.service).sort()[0] ?? null,
    status,
    startedAt: toRfc3339(earliest(scene)),
    endedAt: isOver ? toRfc3339(latest(scene, roots)) : null,
    continuesTraceId,
    user: scene.traceUser,
    usage: totalUsage(models),
    ...(graph === null ? {} : { graph }),
  };
}

/** The last graph declared in words of our own, else the first a framework ships. */
function declaredGraph(scene: Scene): DeclaredGraph | null {
  const record = scene.records.findLast(({ report }) => report.name === 'graph.declared');
  if (record !== undefined) {
    const { fields } = record.report;
    return readGraph(fields['graph.name'], fields['graph.nodes'], fields['graph.edges']);
  }
  return mergeGraphs(scene.view.spans.flatMap(({ facts }) => facts.declaredGraph ?? []));
}

function runStatus(scene: Scene, roots: readonly SpanView[], events: readonly DerivedEvent[]): RunStatus {
  if (events.some((event) => event.type === 'approval_request' && event.status === 'waiting')) return 'waiting';
  const isLogsOnly = scene.view.spans.every((span) => span.inferred);
  const isSettled = !events.some((event) => event.status === 'in_progress');
  const rootEnded = roots.length > 0 && roots.every((root) => !root.pending);
  if (!isSettled || !(rootEnded || isLogsOnly)) return 'in_progress';
  return roots.some((root) => root.facts.failure !== null) ? 'error' : 'completed';
}

function earliest(scene: Scene): bigint {
  const times = [...scene.view.spans.map((span) => span.startNs), ...scene.logs.map((log) => log.timeNs)].filter(
    (ns) => ns > 0n,
  );
  return times.reduce((least, ns) => (ns < least ? ns : least), times[0] ?? 0n);
}

function latest(scene: Scene, roots: readonly SpanView[]): bigint {
  const ends = roots.length > 0 ? roots.map((root) => root.endNs) : scene.logs.map((log) => log.timeNs);
  return ends.reduce((most, ns) => (ns > most ? ns : most), 0n);
}

function totalUsage(models: readonly ModelCall[]): TokenUsage {
  const total: TokenUsage = {};
  for (const { facts } of models) {
    for (const kind of ['input', 'output', 'cached', 'reasoning'] as const) {
      const tokens = facts.usage?.[kind];
      if (tokens !== undefined) total[kind] = (total[kind] ?? 0) + tokens;
    }
  }
  return total;
}
