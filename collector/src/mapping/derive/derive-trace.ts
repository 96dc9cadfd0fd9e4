import type { CorrelationFact, Derivation, DerivedEvent } from '../derivation.ts';
import { agentEvents } from './lifecycle.ts';
import { approvalEvents } from './approval-events.ts';
import { collectDecisions, unknownAnswers } from './approval-decisions.ts';
import { collectRequests } from './approval-requests.ts';
import type { LogEntry } from './entries.ts';
import { errorEvents } from './error-events.ts';
import { continuedTrace, offersOf, wantsOf } from './exchange.ts';
import { inferAgents, inferModelCalls } from './inferred-spans.ts';
import { inputEvents, messageEvents } from './input-events.ts';
import { collectModelCalls, modelEvents } from './model-calls.ts';
import { agentMakes, makeEvents, makeStates } from './agent-makes.ts';
import { runStructure } from './node-graph.ts';
import { collectNodeRuns, nodeEvents, type NodeRun } from './node-runs.ts';
import { planEvents, planStates } from './plan-events.ts';
import { collectPlanWrites } from './plan-writes.ts';
import { recordEvents } from './record-events.ts';
import { deriveRun, workflowName } from './run.ts';
import { traceSession, type RowMemo, type Scene } from './scene.ts';
import { buildView, type SpanEntry, type TraceView } from './span-view.ts';
import { collectToolCalls } from './tool-calls.ts';
import { toolEvents } from './tool-events.ts';
import { weave, type Woven } from './weave.ts';

/** What a trace is derived from. */
export interface TraceItems {
  traceId: string;
  entries: readonly SpanEntry[];
  logs: readonly LogEntry[];
  foreign: readonly CorrelationFact[];
  /** Row texts of the last derivation of the trace; empty for the first. */
  memo: RowMemo;
}

/** Derives everything from the set of items; their order means nothing. */
export function deriveTrace(items: TraceItems): { derivation: Derivation; memo: RowMemo } {
  const woven = weave(items.entries, items.logs);
  const known = [...woven.entries, ...inferModelCalls(woven.entries, woven.logs)];
  const view = buildView([...known, ...inferAgents(known)]);
  const nodeRuns = collectNodeRuns(view);
  const scene = createScene({ ...items, ...woven }, view, nodeRuns);
  const models = collectModelCalls(scene);
  const calls = collectToolCalls(scene, models);
  const requests = collectRequests(scene, calls);
  const decisions = collectDecisions(scene, models, calls, requests);
  const answers = unknownAnswers(models, calls);
  const findings = { requests, decisions, answers, calls, models };
  const makes = agentMakes(scene, models);
  const writes = collectPlanWrites(scene, calls);
  const events = [
    ...inputEvents(scene, models),
    ...agentEvents(scene, requests),
    ...nodeEvents(scene, nodeRuns, requests),
    ...modelEvents(scene, models),
    ...toolEvents(scene, calls),
    ...messageEvents(scene, calls),
    ...planEvents(scene, writes),
    ...approvalEvents(scene, requests, decisions),
    ...errorEvents(scene),
    ...makeEvents(scene, makes),
    ...recordEvents(scene),
  ].sort(byTimeAndId);
  const derivation = {
    run: deriveRun(scene, models, events, continuedTrace(scene, decisions)),
    events,
    offers: offersOf(scene, findings),
    wants: wantsOf(scene, findings),
    states: [...makeStates(scene, makes), ...planStates(scene, writes)],
    structure: () => runStructure(scene, nodeRuns, calls),
  };
  return { derivation, memo: scene.memo.now };
}

function createScene(items: TraceItems & Woven, view: TraceView, nodeRuns: readonly NodeRun[]): Scene {
  return {
    traceId: items.traceId,
    view,
    logs: items.logs,
    records: items.records,
    foreign: items.foreign,
    workflow: workflowName(view),
    traceSession: traceSession(items.traceId, view, items.logs),
    traceUser: traceUser(view, items.logs),
    nodeNamespaces: new Set(nodeRuns.map((run) => run.key)),
    memo: { before: items.memo, now: new Map() },
    deciding: view.spans.filter(({ facts }) => facts.decisions.length > 0),
    toolEventIds: new Map(),
  };
}

function traceUser(view: TraceView, logs: readonly LogEntry[]): string | null {
  const fromSpan = view.spans.find((span) => span.facts.user !== null)?.facts.user;
  return (
    fromSpan ??
    logs
      .map((log) => log.facts?.user ?? null)
      .filter((user) => user !== null)
      .sort()[0] ??
    null
  );
}

function byTimeAndId(a: DerivedEvent, b: DerivedEvent): number {
  if (a.startedAt !== b.startedAt) return a.startedAt < b.startedAt ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
