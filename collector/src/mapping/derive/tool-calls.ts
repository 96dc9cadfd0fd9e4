import type { EventStatus } from '@signalbox/event-model';
import type { FailureFacts } from '../facts.ts';
import { eventId } from '../reading/identifiers.ts';
import { handoffTarget, isClassName } from '../reading/tool-names.ts';
import { foreignRequest, toolKeys } from './correlation.ts';
import type { ModelCall } from './model-calls.ts';
import type { Scene } from './scene.ts';
import type { SpanView } from './span-view.ts';
import {
  callArguments,
  collectProposals,
  executions,
  matchExecutions,
  type Matches,
  type Proposal,
} from './tool-matching.ts';

/** One tool call: what a model proposed, what ran, or both. */
export interface ToolCall {
  id: string;
  name: string;
  callId: string | null;
  args: unknown;
  proposal: Proposal | null;
  /** Executions by start; more than one when a tool was interrupted and resumed. */
  spans: SpanView[];
  /** Span that tells session, actor and place. */
  anchor: SpanView;
  status: EventStatus;
  startNs: bigint;
  endNs: bigint | null;
  /** True when the call itself was proposed in another trace and only runs in this one. */
  resumed: boolean;
  /** True when only a request of another trace tells that the call is resumed. */
  resumedByForeign: boolean;
  /** True when the call waits for approval: its agent ended without running it. */
  deferred: boolean;
  failure: FailureFacts | null;
  handoffTo: string | null;
  /** Where an answer is known from, when no execution was reported. */
  answeredBy: ModelCall | null;
}

/** Tool calls of the trace, before approvals are known. */
export function collectToolCalls(scene: Scene, models: readonly ModelCall[]): ToolCall[] {
  const proposals = collectProposals(models);
  const runs = executions(scene.view.spans);
  const matches = matchExecutions(runs, proposals);
  const context = proposalContext(models);
  const calls = executedCalls(scene, runs, matches);
  const matched = new Set(matches.values());
  for (const proposal of proposals) {
    if (matched.has(proposal)) continue;
    const call = proposedOnly(scene, proposal, context);
    if (call !== null) calls.push(call);
  }
  markResumed(scene, calls, models);
  return calls;
}

function markResumed(scene: Scene, calls: readonly ToolCall[], models: readonly ModelCall[]): void {
  const isResumedTrace = scene.view.spans.some((span) => !span.enclosed && span.facts.input?.isResume === true);
  for (const call of calls) {
    if (ranAfterItsAgent(call)) {
      call.deferred = true;
      // The call was made when the model proposed it, not when somebody let it run.
      call.startNs = call.proposal?.call.span.endNs ?? call.startNs;
    }
    const isLocal = call.spans.length > 0 && isResumedExecution(call, models, isResumedTrace);
    call.resumedByForeign = !isLocal && isOtherTracesCall(scene, call);
    call.resumed = isLocal || call.resumedByForeign;
    // A resumed call has no event of its own here: what ran inside hangs under its result.
    const id = call.resumed ? eventId(scene.traceId, 'tool_result', call.id) : call.id;
    for (const span of call.spans) scene.toolEventIds.set(span.spanId, id);
  }
}

function executedCalls(scene: Scene, runs: readonly SpanView[], matches: Matches): ToolCall[] {
  const byKey = new Map<string, ToolCall>();
  for (const span of runs) {
    const proposal = matches.get(span) ?? null;
    const callId = span.facts.tool?.callId ?? proposal?.proposed.callId ?? null;
    const key = callId !== null ? `call:${callId}` : proposal === null ? `span:${span.spanId}` : proposalKey(proposal);
    const known = byKey.get(key);
    if (known === undefined) byKey.set(key, executedCall(scene, span, proposal, { callId, key }));
    else addExecution(known, span);
  }
  return [...byKey.values()];
}

function proposalKey(proposal: Proposal): string {
  const callId = proposal.proposed.callId;
  return callId === null ? `proposal:${proposal.call.span.spanId}:${proposal.index}` : `call:${callId}`;
}

/** Where only a class name came, the model's call tells the tool's own. */
function executedName(span: SpanView, proposal: Proposal | null): string {
  if (proposal !== null && isClassName(span.facts.title)) return proposal.proposed.tool;
  return span.facts.tool?.name ?? span.facts.title;
}

function executedCall(
  scene: Scene,
  span: SpanView,
  proposal: Proposal | null,
  identity: { callId: string | null; key: string },
): ToolCall {
  const tool = span.facts.tool;
  return {
    id: eventId(scene.traceId, 'tool_call', identity.key.startsWith('span:') ? span.spanId : identity.key),
    name: executedName(span, proposal),
    callId: identity.callId,
    args: callArguments(tool?.args, proposal?.proposed ?? null),
    proposal,
    spans: [span],
    anchor: span,
    status: executionStatus(span),
    startNs: span.startNs,
    endNs: span.pending ? null : span.endNs,
    resumed: false,
    resumedByForeign: false,
    deferred: false,
    failure: isRefused(span) ? null : span.facts.failure,
    handoffTo: tool?.handoffTo ?? null,
    answeredBy: null,
  };
}

/** A refused call has a span that only shows how long the decision took. */
export function isRefused(span: SpanView): boolean {
  const callId = span.facts.tool?.callId ?? null;
  return span.facts.decisions.some((facts) => facts.decision === 'reject' && facts.callId === callId);
}

function executionStatus(span: SpanView): EventStatus {
  if (isRefused(span)) return 'rejected';
  if (span.pending) return 'in_progress';
  if (span.facts.interrupts.length > 0) return 'waiting';
  const unanswered = span.facts.tool?.unanswered;
  if (unanswered !== undefined) return unanswered;
  return span.facts.failure === null ? 'completed' : 'error';
}

/** Runs come in order of start, so the last one tells how the call ended. */
function addExecution(call: ToolCall, span: SpanView): void {
  call.spans.push(span);
  call.status = executionStatus(span);
  call.endNs = span.pending ? null : span.endNs;
  call.failure = span.facts.failure;
}

function isOtherTracesCall(scene: Scene, call: ToolCall): boolean {
  if (call.proposal !== null || scene.foreign.length === 0) return false;
  return foreignRequest(scene, toolKeys(scene, call), call.startNs) !== null;
}

interface ProposalContext {
  /** Last model call of each agent or workflow span. */
  lastCalls: ReadonlyMap<SpanView, ModelCall>;
  /** Model call whose prompt first shows the answer to a call id. */
  answered: ReadonlyMap<string, ModelCall>;
}

function proposalContext(models: readonly ModelCall[]): ProposalContext {
  const lastCalls = new Map<SpanView, ModelCall>();
  const answered = new Map<string, ModelCall>();
  for (const call of models) {
    const run = enclosingRun(call.span);
    if (run !== null) lastCalls.set(run, call);
    for (const answer of call.tail.answers) if (!answered.has(answer.callId)) answered.set(answer.callId, call);
  }
  return { lastCalls, answered };
}

/** The agent run a model call belongs to, or the workflow when no agent encloses it. */
export function enclosingRun(span: SpanView): SpanView | null {
  return span.agentSpan ?? span.workflowSpan;
}

function proposedOnly(scene: Scene, proposal: Proposal, context: ProposalContext): ToolCall | null {
  const { call, proposed } = proposal;
  const run = enclosingRun(call.span);
  // Without an agent around it nobody says whether the application ran the tool: a bare client's answer is no call.
  if (run === null && (call.span.complete || call.span.facts.clientOnly)) return null;
  const answeredBy = proposed.callId === null ? null : (context.answered.get(proposed.callId) ?? null);
  const fate = fateOf(proposal, run, answeredBy, context);
  return {
    id: eventId(scene.traceId, 'tool_call', proposalKey(proposal)),
    name: proposed.tool,
    callId: proposed.callId,
    args: proposed.args,
    proposal,
    spans: [],
    anchor: call.span,
    status: fate.status,
    startNs: call.ended ? call.span.endNs : call.span.startNs,
    endNs: fate.endNs,
    resumed: false,
    resumedByForeign: false,
    deferred: fate.deferred,
    failure: null,
    handoffTo: handoffTarget(proposed.tool),
    answeredBy,
  };
}

interface Fate {
  status: EventStatus;
  endNs: bigint | null;
  deferred: boolean;
}

/** What became of a proposal nobody reported running; decided only once the agent around it has ended. */
function fateOf(
  proposal: Proposal,
  run: SpanView | null,
  answeredBy: ModelCall | null,
  context: ProposalContext,
): Fate {
  if (run !== null && isDeferred(proposal, run, answeredBy, context))
    return { status: 'waiting', endNs: null, deferred: true };
  if (answeredBy !== null) return { status: 'completed', endNs: answeredBy.span.startNs, deferred: false };
  if (run === null || run.pending) return { status: 'in_progress', endNs: null, deferred: false };
  if (handoffTarget(proposal.proposed.tool) !== null) return { status: 'completed', endNs: run.endNs, deferred: false };
  const status = run.facts.failure === null ? 'lost' : 'cancelled';
  return { status, endNs: run.endNs, deferred: false };
}

/** True when the agent ended on this proposal without an answer to it, in a framework that asks people that way. */
function isDeferred(
  proposal: Proposal,
  run: SpanView,
  answeredBy: ModelCall | null,
  context: ProposalContext,
): boolean {
  if (run.pending || run.facts.failure !== null || !proposal.call.span.facts.defersTools) return false;
  if (handoffTarget(proposal.proposed.tool) !== null || context.lastCalls.get(run) !== proposal.call) return false;
  return answeredBy === null || enclosingRun(answeredBy.span) !== run;
}

/** True when a call ran only after the agent that proposed it had ended: somebody let it continue. */
function ranAfterItsAgent(call: ToolCall): boolean {
  const proposer = call.proposal?.call.span ?? null;
  const run = proposer === null ? null : enclosingRun(proposer);
  const first = call.spans[0];
  if (proposer === null || run === null || first === undefined || run.pending) return false;
  return proposer.facts.defersTools && run !== enclosingRun(first) && run.endNs <= first.startNs;
}

/**
 * True when an execution was proposed in another trace: its finished agent ran it before asking a model anything, or
 * the whole trace resumes an earlier one.
 */
function isResumedExecution(call: ToolCall, models: readonly ModelCall[], isResumedTrace: boolean): boolean {
  if (call.proposal !== null) return false;
  const run = enclosingRun(call.anchor);
  if (isResumedTrace) return models.every((model) => call.startNs <= model.span.startNs);
  if (run === null || run.pending || !call.anchor.facts.defersTools) return false;
  const own = models.filter((model) => enclosingRun(model.span) === run);
  return own.length > 0 && own.every((model) => call.startNs <= model.span.startNs);
}
