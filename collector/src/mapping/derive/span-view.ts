import type { SpanFacts, SpanRole } from '../facts.ts';

/** One span as the reducer holds it: its place in the trace and the facts read from it once. */
export interface SpanEntry {
  spanId: string;
  /** Null for a root; {@link UNKNOWN_PARENT} when only a log or a child told of the span. */
  parentSpanId: string | null;
  /** True while only a start notice, a child or a log proves the span. */
  pending: boolean;
  /** True when no span of that id came at all. */
  inferred: boolean;
  scope: string;
  service: string | null;
  startNs: bigint;
  endNs: bigint;
  facts: SpanFacts;
}

/** Parent of spans that are known from a log record or a child alone. */
export const UNKNOWN_PARENT = '?';

/** A span with its place among the others, as far as they have come. */
export interface SpanView extends SpanEntry {
  parent: SpanView | null;
  role: SpanRole;
  /** True when every ancestor up to a root is there: what encloses the span is final. */
  complete: boolean;
  /** Nearest agent around the span, itself included. */
  agentSpan: SpanView | null;
  /** Nearest enclosing agent, node or tool, itself excluded: where its events hang. */
  container: SpanView | null;
  /** Outermost workflow around the span, itself included. */
  workflowSpan: SpanView | null;
  /** True when an agent, workflow, node or tool encloses the span. */
  enclosed: boolean;
}

/** The spans of one trace, sorted by start and id. */
export interface TraceView {
  spans: SpanView[];
  byId: ReadonlyMap<string, SpanView>;
}

/** Orders spans by start, ties by id: the same for every order of arrival. */
export function bySpanStart(a: SpanEntry, b: SpanEntry): number {
  if (a.startNs !== b.startNs) return a.startNs < b.startNs ? -1 : 1;
  return a.spanId < b.spanId ? -1 : a.spanId > b.spanId ? 1 : 0;
}

/** Places every span in the tree. Missing parents and rings made by broken senders leave a span incomplete. */
export function buildView(entries: Iterable<SpanEntry>): TraceView {
  const byId = new Map<string, SpanView>();
  for (const entry of entries) byId.set(entry.spanId, unplaced(entry));
  const placed = new Set<SpanView>();
  for (const span of byId.values()) placePath(span, byId, placed);
  return { spans: [...byId.values()].sort(bySpanStart), byId };
}

function unplaced(entry: SpanEntry): SpanView {
  return {
    ...entry,
    parent: null,
    role: entry.facts.role,
    complete: false,
    agentSpan: null,
    container: null,
    workflowSpan: null,
    enclosed: false,
  };
}

function placePath(start: SpanView, byId: ReadonlyMap<string, SpanView>, placed: Set<SpanView>): void {
  const path: SpanView[] = [];
  const onPath = new Set<SpanView>();
  let span: SpanView | undefined = start;
  while (span !== undefined && !placed.has(span) && !onPath.has(span)) {
    path.push(span);
    onPath.add(span);
    span = span.parentSpanId === null ? undefined : byId.get(span.parentSpanId);
  }
  // A ring has no root: its spans stay without parents, whichever of them was looked at first.
  if (span !== undefined && onPath.has(span)) {
    for (const member of path.slice(path.indexOf(span))) placed.add(settle(member, null));
  }
  for (const member of path.reverse()) {
    if (placed.has(member)) continue;
    placed.add(settle(member, member.parentSpanId === null ? null : (byId.get(member.parentSpanId) ?? null)));
  }
}

const RUN_ROLES = new Set<SpanRole>(['workflow', 'agent', 'node', 'tool', 'chain', 'model']);

function settle(span: SpanView, parent: SpanView | null): SpanView {
  span.complete = span.parentSpanId === null;
  if (parent !== null) inherit(span, parent);
  if (span.role === 'chain' && span.facts.mayBeWorkflow && !span.enclosed) span.role = 'workflow';
  if (span.role === 'agent') span.agentSpan = span;
  if (span.role === 'workflow') span.workflowSpan ??= span;
  return span;
}

function inherit(span: SpanView, parent: SpanView): void {
  span.parent = parent;
  span.complete = parent.complete;
  span.enclosed = parent.enclosed || RUN_ROLES.has(parent.role);
  span.agentSpan = parent.agentSpan;
  span.workflowSpan = parent.workflowSpan;
  span.container = isContainer(parent) ? parent : parent.container;
}

function isContainer(span: SpanView): boolean {
  return span.role === 'agent' || span.role === 'node' || span.role === 'tool';
}

/** Ancestors from the parent up. */
export function* ancestors(span: SpanView): IterableIterator<SpanView> {
  for (let above = span.parent; above !== null; above = above.parent) yield above;
}
