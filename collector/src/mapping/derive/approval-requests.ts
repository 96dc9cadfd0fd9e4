import type { ApprovalTerms, InterruptFacts } from '../facts.ts';
import { NO_TERMS } from '../reading/span-defaults.ts';
import { eventId } from '../reading/identifiers.ts';
import { foreignResolution, toolKeys, type Resolution } from './correlation.ts';
import { containerEventId, parentEventId, type Scene } from './scene.ts';
import type { SpanView } from './span-view.ts';
import type { ToolCall } from './tool-calls.ts';
import { argsKey } from './tool-matching.ts';

/** Something that waits, or waited, for a person. */
export interface ApprovalRequest {
  id: string;
  keys: string[];
  action: string;
  args: unknown;
  question: string | null;
  allowedDecisions: string[];
  terms: ApprovalTerms;
  atNs: bigint;
  span: SpanView;
  parentId: string | null;
  call: ToolCall | null;
  basis: 'declared' | 'inferred';
  resolution: Resolution | null;
}

/** Every approval the trace asked for, with its answer where one is known. */
export function collectRequests(scene: Scene, calls: readonly ToolCall[]): ApprovalRequest[] {
  const requests = [...interruptRequests(scene, calls), ...deferredRequests(scene, calls)];
  for (const request of requests) settleRequest(scene, request);
  return requests;
}

interface Raised {
  interrupt: InterruptFacts;
  span: SpanView;
  keys: Set<string>;
}

/**
 * An interrupt passes through every enclosing span on its way out. It is one request, placed at the innermost, and
 * the answer may come under any of the namespaces.
 */
function interruptRequests(scene: Scene, calls: readonly ToolCall[]): ApprovalRequest[] {
  const strong = scene.view.spans.some((span) => span.facts.interrupts.some((interrupt) => !interrupt.weak));
  const raised = new Map<string, Raised>();
  for (const span of scene.view.spans) {
    for (const [at, interrupt] of span.facts.interrupts.entries()) {
      if (interrupt.weak && strong) continue;
      const identity = interrupt.id ?? `${interrupt.keys[0] ?? span.spanId}:${at}`;
      const known = raised.get(identity);
      const keys = known?.keys ?? new Set<string>();
      for (const key of interrupt.keys) keys.add(key);
      const isInner = known === undefined || depth(span) >= depth(known.span);
      raised.set(identity, isInner ? { interrupt, span, keys } : known);
    }
  }
  return [...raised].map(([identity, entry]) => toRequest(scene, identity, entry, calls));
}

/** Namespace levels count first: they are known even while ancestors are missing. */
function depth(span: SpanView): number {
  let levels = (span.facts.graph?.namespace.split('|').length ?? 0) * 1000;
  for (let above = span.parent; above !== null; above = above.parent) levels += 1;
  return levels;
}

function toRequest(scene: Scene, identity: string, raised: Raised, calls: readonly ToolCall[]): ApprovalRequest {
  const { interrupt, span } = raised;
  const call = interrupt.isTool ? proposedCallFor(interrupt, calls) : sameCall(interrupt, calls);
  const place =
    span.role === 'node' || span.role === 'tool' ? containerEventId(scene, span) : parentEventId(scene, span);
  return {
    id: eventId(scene.traceId, 'approval_request', identity),
    keys: [...raised.keys].sort(),
    action: interrupt.action,
    args: interrupt.args,
    question: interrupt.question,
    allowedDecisions: interrupt.allowedDecisions,
    terms: interrupt.terms,
    atNs: interrupt.atNs ?? (span.endNs === 0n ? span.startNs : span.endNs),
    span,
    parentId: call?.id ?? place,
    call,
    basis: 'declared',
    resolution: null,
  };
}

/** The call a review is about: not run yet, same tool, same arguments where several are open. */
function proposedCallFor(interrupt: InterruptFacts, calls: readonly ToolCall[]): ToolCall | null {
  const named = interrupt.callId === null ? undefined : calls.find((call) => call.callId === interrupt.callId);
  if (named !== undefined) return named;
  const open = calls.filter(
    (call) => call.name === interrupt.action && (call.spans.length === 0 || call.status === 'waiting'),
  );
  const exact = open.findLast((call) => argsKey(call.args) === argsKey(interrupt.args));
  return exact ?? open.at(-1) ?? null;
}

/** A graph that asks in words of its own may ask about a call of its model: then name and arguments are the same. */
function sameCall(interrupt: InterruptFacts, calls: readonly ToolCall[]): ToolCall | null {
  const args = argsKey(interrupt.args);
  return (
    calls.findLast(
      (call) => call.name === interrupt.action && call.spans.length === 0 && argsKey(call.args) === args,
    ) ?? null
  );
}

function deferredRequests(scene: Scene, calls: readonly ToolCall[]): ApprovalRequest[] {
  return calls
    .filter((call) => call.deferred && call.proposal !== null)
    .map((call) => {
      const span = call.proposal?.call.span ?? call.anchor;
      return {
        id: eventId(scene.traceId, 'approval_request', 'tool', call.id),
        keys: toolKeys(scene, { ...call, anchor: span }),
        action: call.name,
        args: call.proposal?.proposed.args ?? call.args,
        question: null,
        allowedDecisions: [],
        terms: NO_TERMS,
        atNs: span.endNs === 0n ? span.startNs : span.endNs,
        span,
        parentId: call.id,
        call,
        basis: 'inferred',
        resolution: null,
      };
    });
}

function settleRequest(scene: Scene, request: ApprovalRequest): void {
  const call = request.call;
  request.resolution = ownResolution(scene, request) ?? foreignResolution(scene, request.keys, request.atNs);
  const resolution = request.resolution;
  if (call === null || (resolution !== null && call.spans.some((span) => span.facts.interrupts.length === 0))) return;
  if (resolution === null) {
    call.status = 'waiting';
    call.endNs = null;
    return;
  }
  const isApprovedOnly = resolution.traceId === null && resolution.decision !== 'reject' && call.answeredBy === null;
  call.status = resolution.decision === 'reject' ? 'rejected' : isApprovedOnly ? 'in_progress' : resolution.outcome;
  call.endNs = isApprovedOnly ? null : (resolution.endNs ?? resolution.atNs);
}

/** The execution that an approval let run: it begins after the request, or the span around the request is over. */
export function approvedRun(request: ApprovalRequest): SpanView | null {
  const runs = request.call?.spans.filter((span) => span.facts.interrupts.length === 0) ?? [];
  return runs.find((span) => span.startNs >= request.atNs || !span.pending) ?? null;
}

function ownResolution(scene: Scene, request: ApprovalRequest): Resolution | null {
  const stated = statedDecision(scene, request);
  if (stated !== null) return stated;
  const run = approvedRun(request);
  if (run !== null) {
    return { decision: 'approve', atNs: run.startNs, endNs: run.endNs, outcome: 'completed', traceId: null };
  }
  const answeredBy = request.call?.answeredBy ?? null;
  if (answeredBy === null) return null;
  const atNs = answeredBy.span.startNs;
  return { decision: 'unknown', atNs, endNs: atNs, outcome: 'completed', traceId: null };
}

function statedDecision(scene: Scene, request: ApprovalRequest): Resolution | null {
  const callId = request.call?.callId ?? null;
  const keys = new Set(request.keys);
  for (const span of scene.deciding) {
    const found = span.facts.decisions.find(
      (decision) => (callId !== null && decision.callId === callId) || decision.keys.some((key) => keys.has(key)),
    );
    if (found === undefined) continue;
    const outcome = found.decision === 'reject' ? 'rejected' : 'completed';
    const atNs = found.atNs ?? span.startNs;
    return { decision: found.decision, atNs, endNs: atNs, outcome, traceId: null };
  }
  return null;
}
