import type { ProposedCall } from '../facts.ts';
import { asFields, asStructure, asText, canonicalJson } from '../reading/coerce.ts';
import { comparableToolName, isClassName } from '../reading/tool-names.ts';
import type { ModelCall } from './model-calls.ts';
import { ancestors, type SpanView } from './span-view.ts';

/** A tool call a model's answer contains, with where it stands. */
export interface Proposal {
  call: ModelCall;
  index: number;
  proposed: ProposedCall;
}

/** All proposals in order; a call id proposed again (replays, duplicates) counts once. */
export function collectProposals(calls: readonly ModelCall[]): Proposal[] {
  const seen = new Set<string>();
  const proposals: Proposal[] = [];
  for (const call of calls) {
    if (call.facts.replayed) continue;
    for (const [index, proposed] of call.proposals.entries()) {
      if (proposed.callId !== null && seen.has(proposed.callId)) continue;
      if (proposed.callId !== null) seen.add(proposed.callId);
      proposals.push({ call, index, proposed });
    }
  }
  return proposals;
}

/** Tool spans that are executions of their own: an MCP client span inside the agent's tool span is not. */
export function executions(spans: readonly SpanView[]): SpanView[] {
  return spans.filter((span) => span.role === 'tool' && span.facts.tool !== null && !isInnerReport(span));
}

function isInnerReport(span: SpanView): boolean {
  for (const above of ancestors(span)) {
    if (above.role === 'tool') {
      if (span.facts.tool?.transport === true) return true;
      return (
        comparableToolName(above.facts.title) === comparableToolName(span.facts.title) &&
        (span.facts.agent === null || above.facts.agent === span.facts.agent)
      );
    }
    if (above.role !== 'structure' && above.role !== 'chain') return false;
  }
  return false;
}

/** Executions without a proposal of their own are keyed by null. */
export type Matches = Map<SpanView, Proposal>;

/** Finds for every execution the proposal it runs: by call id, else by name and arguments. */
export function matchExecutions(spans: readonly SpanView[], proposals: readonly Proposal[]): Matches {
  const matches: Matches = new Map();
  const taken = new Set<Proposal>();
  const byCallId = new Map<string, Proposal>();
  for (const proposal of proposals)
    if (proposal.proposed.callId !== null) byCallId.set(proposal.proposed.callId, proposal);
  for (const span of spans) {
    const callId = span.facts.tool?.callId ?? null;
    const proposal = callId === null ? undefined : byCallId.get(callId);
    if (proposal === undefined) continue;
    matches.set(span, proposal);
    taken.add(proposal);
  }
  matchByArguments(spans, proposals, matches, taken);
  return matches;
}

function matchByArguments(
  spans: readonly SpanView[],
  proposals: readonly Proposal[],
  matches: Matches,
  taken: Set<Proposal>,
): void {
  const byName = new Map<string, Proposal[]>();
  for (const proposal of proposals) {
    const name = comparableToolName(proposal.proposed.tool);
    const group = byName.get(name);
    if (group === undefined) byName.set(name, [proposal]);
    else group.push(proposal);
  }
  for (const span of spans) {
    if (matches.has(span)) continue;
    const isNameless = isClassName(span.facts.title);
    const group = isNameless ? proposals : (byName.get(comparableToolName(span.facts.title)) ?? []);
    const best = bestProposal(
      span,
      group.filter((proposal) => !taken.has(proposal) && isPossible(span, proposal)),
      isNameless,
    );
    if (best === null) continue;
    matches.set(span, best);
    taken.add(best);
  }
}

function isPossible(span: SpanView, proposal: Proposal): boolean {
  const spanCall = span.facts.tool?.callId ?? null;
  if (spanCall !== null && proposal.proposed.callId !== null) return false;
  return proposal.call.span.startNs <= span.startNs;
}

/** Same agent first, then the likest arguments, then the earliest proposal. */
function bestProposal(span: SpanView, candidates: readonly Proposal[], isNameless: boolean): Proposal | null {
  let best: Proposal | null = null;
  let bestScore = 0;
  for (const proposal of candidates) {
    const likeness = argumentLikeness(span, proposal.proposed);
    // A name that was lost leaves the arguments alone to tell.
    if (isNameless && likeness < 2) continue;
    const sameAgent = proposal.call.span.agentSpan === span.agentSpan;
    const score = likeness + (sameAgent ? 4 : 0);
    // Another agent's proposal of the same tool with other arguments is another call.
    if (score <= bestScore || (!sameAgent && likeness === 0)) continue;
    best = proposal;
    bestScore = score;
  }
  return best;
}

/** 3 equal, 2 a lone value of the proposal's only argument (LangChain), 1 one side unknown, 0 different. */
function argumentLikeness(span: SpanView, proposed: ProposedCall): number {
  const executed = span.facts.tool?.args;
  if (executed === undefined || span.facts.tool?.handoffTo !== null) return 1;
  if (argsKey(executed) === argsKey(proposed.args)) return 3;
  return isLoneValue(executed, proposed) ? 2 : 0;
}

function isLoneValue(executed: unknown, proposed: ProposedCall): boolean {
  const values = Object.values(asFields(asStructure(proposed.args)) ?? {});
  return values.length === 1 && argsKey(values[0]) === argsKey(executed);
}

/** What a call was made with: as it ran, but LangChain strips an only argument of its name, which the model stated. */
export function callArguments(executed: unknown, proposed: ProposedCall | null): unknown {
  if (executed === undefined || executed === null) return proposed?.args;
  return proposed !== null && isLoneValue(executed, proposed) ? proposed.args : executed;
}

const keys = new WeakMap<object, string>();

/** Canonical text of arguments; structures are remembered because every derivation asks again. */
export function argsKey(args: unknown): string {
  const structure = asStructure(args);
  if (typeof structure !== 'object' || structure === null) return asText(structure) ?? '';
  const known = keys.get(structure);
  if (known !== undefined) return known;
  const key = canonicalJson(structure);
  keys.set(structure, key);
  return key;
}
