import type { Actor, EventContent, EventStatus, EventType, TokenUsage } from '@signalbox/event-model';
import type { CorrelationFact, DerivedEvent } from '../derivation.ts';
import { enclosingNodeRuns } from '../reading/graph-nodes.ts';
import { eventId } from '../reading/identifiers.ts';
import { toRfc3339 } from '../reading/timestamps.ts';
import type { RecordReport } from '../reports.ts';
import { byLogTime, type LogEntry } from './entries.ts';
import { ancestors, type SpanView, type TraceView } from './span-view.ts';
import type { Told } from './told.ts';
import { oneLine } from './text-limits.ts';

/** What a row shows that costs time to make and rarely changes from one derivation of a trace to the next. */
interface RowTexts {
  draftSummary: string;
  draftText: string | undefined;
  startNs: bigint;
  endNs: bigint | null;
  summary: string;
  searchText: string;
  startedAt: string;
  endedAt: string | null;
}

/** Row texts of the last derivation by event id. */
export type RowMemo = Map<string, RowTexts>;

/** Everything the derivation of one trace looks at, with the answers that need the whole trace. */
export interface Scene {
  traceId: string;
  view: TraceView;
  logs: readonly LogEntry[];
  foreign: readonly CorrelationFact[];
  workflow: string | null;
  /** Session of spans that name none and inherit none. */
  traceSession: string;
  traceUser: string | null;
  /** Namespaces of node runs that have an event. */
  nodeNamespaces: ReadonlySet<string>;
  /** Spans that state decisions, in order. */
  deciding: readonly SpanView[];
  /** Records that are events of their own, in order of time. */
  records: readonly Told<RecordReport>[];
  memo: { before: RowMemo; now: RowMemo };
  /** Event ids of tool executions by span id, filled when tool calls are known. */
  toolEventIds: Map<string, string>;
}

/** Session of a span: its own, the nearest ancestor's, any other of the trace, the trace id. */
export function sessionOf(scene: Scene, span: SpanView | null): string {
  if (span === null) return scene.traceSession;
  if (span.facts.session !== null) return span.facts.session;
  for (const above of ancestors(span)) if (above.facts.session !== null) return above.facts.session;
  return scene.traceSession;
}

/** Session of the earliest span or log that names one. */
export function traceSession(traceId: string, view: TraceView, logs: readonly LogEntry[]): string {
  const fromSpan = view.spans.find((span) => span.facts.session !== null)?.facts.session;
  const fromLog = [...logs].sort(byLogTime).find((log) => (log.facts?.session ?? null) !== null)?.facts?.session;
  return fromSpan ?? fromLog ?? traceId;
}

/** Who acts in a span: agent, else graph node, else service. */
export function actorOf(span: SpanView): Actor {
  const agent = span.facts.agent ?? span.agentSpan?.facts.agent ?? null;
  if (agent !== null) return { kind: 'agent', name: agent };
  if (span.facts.entity !== null) return { kind: 'node', name: span.facts.entity };
  for (const above of ancestors(span)) {
    if (above.role === 'node') return { kind: 'node', name: above.facts.title };
  }
  if (span.workflowSpan !== null) return { kind: 'workflow', name: span.workflowSpan.facts.title };
  return { kind: 'service', name: span.service ?? 'unknown' };
}

/** Event the span's events hang under: the enclosing agent, node or tool call, also one that is only inferred yet. */
export function parentEventId(scene: Scene, span: SpanView): string | null {
  if (span.container !== null) return containerEventId(scene, span.container);
  const graph = span.facts.graph;
  if (graph === null || span.complete) return null;
  const run = enclosingNodeRuns(graph.namespace, graph.insideAgent).findLast(({ namespace }) =>
    scene.nodeNamespaces.has(namespace),
  );
  return run === undefined || (span.role === 'node' && run.namespace === graph.namespace)
    ? null
    : nodeEventId(scene, run.namespace);
}

/** Event that stands for an agent, node or tool span. */
export function containerEventId(scene: Scene, span: SpanView): string {
  if (span.role === 'node') return nodeEventId(scene, nodeKey(span));
  if (span.role === 'tool')
    return scene.toolEventIds.get(span.spanId) ?? eventId(scene.traceId, 'tool_call', span.spanId);
  return eventId(scene.traceId, 'agent_started', span.spanId);
}

/** What identifies a node run: its checkpoint namespace, else its span. */
export function nodeKey(span: SpanView): string {
  return span.facts.graph?.namespace ?? span.spanId;
}

/** Id of the start event of a node run; the same for an inferred start and the node's own span. */
export function nodeEventId(scene: Scene, key: string): string {
  return eventId(scene.traceId, 'node_started', key);
}

/** What differs between events; the rest follows from the span and the scene. */
export interface EventDraft {
  id: string;
  type: EventType;
  span: SpanView | null;
  parentId: string | null;
  actor: Actor;
  target?: Actor | null;
  status: EventStatus;
  startNs: bigint;
  endNs: bigint | null;
  summary: string;
  /** Text to search in; the summary when left out. */
  text?: string;
  model?: string | null;
  tool?: string | null;
  usage?: TokenUsage | null;
  convention: string;
  basis: 'declared' | 'inferred';
  content: () => EventContent;
}

const SUMMARY_LENGTH = 300;
const SEARCH_LENGTH = 2000;

/** Completes a draft. */
export function toEvent(scene: Scene, draft: EventDraft): DerivedEvent {
  const { summary, searchText, startedAt, endedAt } = rowTexts(scene, draft);
  return {
    id: draft.id,
    sessionId: sessionOf(scene, draft.span),
    workflow: scene.workflow,
    traceId: scene.traceId,
    spanId: draft.span?.spanId ?? null,
    parentId: draft.parentId,
    type: draft.type,
    actor: draft.actor,
    target: draft.target ?? null,
    status: draft.status,
    startedAt,
    endedAt,
    summary,
    model: draft.model ?? null,
    tool: draft.tool ?? null,
    usage: draft.usage ?? null,
    source: { convention: draft.convention, basis: draft.basis },
    searchText,
    content: draft.content,
  };
}

function rowTexts(scene: Scene, draft: EventDraft): RowTexts {
  const known = scene.memo.before.get(draft.id);
  const texts = known !== undefined && isSameRow(known, draft) ? known : makeTexts(draft);
  scene.memo.now.set(draft.id, texts);
  return texts;
}

function isSameRow(known: RowTexts, draft: EventDraft): boolean {
  return (
    known.draftSummary === draft.summary &&
    known.draftText === draft.text &&
    known.startNs === draft.startNs &&
    known.endNs === draft.endNs
  );
}

function makeTexts({ summary, text, startNs, endNs }: EventDraft): RowTexts {
  const isOpen = endNs === null || endNs === 0n;
  return {
    draftSummary: summary,
    draftText: text,
    startNs,
    endNs,
    summary: oneLine(summary, SUMMARY_LENGTH),
    searchText: oneLine(text ?? summary, SEARCH_LENGTH),
    startedAt: toRfc3339(startNs),
    endedAt: isOpen ? null : toRfc3339(endNs < startNs ? startNs : endNs),
  };
}
