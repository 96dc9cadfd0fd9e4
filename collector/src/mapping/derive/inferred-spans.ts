import type { LogFacts, ModelFacts, SpanFacts } from '../facts.ts';
import { promptTail } from '../reading/messages.ts';
import { emptyFacts, emptyModel } from '../reading/span-defaults.ts';
import { byLogTime, type LogEntry } from './entries.ts';
import { UNKNOWN_PARENT, type SpanEntry } from './span-view.ts';

/*
 * Spans nobody sent yet but something else proves: the agent whose child came, the model call
 * whose prompt was logged when it began. They vanish when the real span comes, under the same event ids.
 */

/** Agents proved by children that know their parent to be one. */
export function inferAgents(entries: readonly SpanEntry[]): SpanEntry[] {
  if (!entries.some(({ facts }) => facts.parentAgent !== null)) return [];
  const known = new Set(entries.map((entry) => entry.spanId));
  const inferred = new Map<string, SpanEntry>();
  for (const entry of entries) {
    const parentId = entry.parentSpanId;
    const agent = entry.facts.parentAgent;
    if (parentId === null || agent === null || known.has(parentId)) continue;
    const earlier = inferred.get(parentId);
    if (earlier === undefined || isBefore(entry, earlier)) inferred.set(parentId, toAgent(parentId, agent, entry));
  }
  return [...inferred.values()];
}

function isBefore(child: SpanEntry, agent: SpanEntry): boolean {
  if (child.startNs !== agent.startNs) return child.startNs < agent.startNs;
  return (child.facts.agent ?? '') < (agent.facts.agent ?? '');
}

function toAgent(spanId: string, agent: string, child: SpanEntry): SpanEntry {
  return {
    ...child,
    spanId,
    parentSpanId: UNKNOWN_PARENT,
    pending: true,
    inferred: true,
    endNs: 0n,
    facts: {
      ...child.facts,
      role: 'agent',
      title: agent,
      agent,
      parentAgent: null,
      graph: null,
      model: null,
      tool: null,
      input: null,
      failure: null,
      interrupts: [],
      decisions: [],
      statePlan: null,
      reports: [],
      modelContext: null,
      declaredGraph: null,
      agentRun: null,
      io: null,
    },
  };
}

/** Model calls proved by log records alone, one for each span id, or one for each record without a span. */
export function inferModelCalls(entries: readonly SpanEntry[], logs: readonly LogEntry[]): SpanEntry[] {
  if (logs.length === 0) return [];
  const known = new Set(entries.map((entry) => entry.spanId));
  const groups = new Map<string, LogEntry[]>();
  for (const log of logs) {
    if (log.facts?.isModelCall !== true || (log.spanId !== null && known.has(log.spanId))) continue;
    const id = log.spanId ?? log.key.slice(0, 16);
    groups.set(id, [...(groups.get(id) ?? []), log]);
  }
  return [...groups].flatMap(([spanId, group]) => toModelCall(spanId, group.sort(byLogTime)));
}

function toModelCall(spanId: string, group: readonly LogEntry[]): SpanEntry[] {
  const first = group[0];
  if (first?.facts === undefined || first.facts === null) return [];
  const answered = group.find((log) => (log.facts?.answer.length ?? 0) > 0);
  const facts = first.facts;
  const model = modelFromLogs(group);
  return [
    {
      spanId,
      parentSpanId: UNKNOWN_PARENT,
      pending: answered === undefined,
      inferred: true,
      scope: first.scope,
      service: first.service,
      startNs: first.timeNs,
      endNs: answered?.timeNs ?? 0n,
      facts: { ...modelSpanFacts(facts), model },
    },
  ];
}

function modelSpanFacts(facts: LogFacts): SpanFacts {
  return {
    ...emptyFacts(facts.convention, facts.modelName ?? 'model'),
    role: 'model',
    agent: facts.agent,
    session: facts.session,
    user: facts.user,
    clientOnly: true,
  };
}

function modelFromLogs(group: readonly LogEntry[]): ModelFacts {
  const found = conversationOf(group);
  return {
    ...emptyModel(),
    name: group.map((log) => log.facts?.modelName ?? null).find((name) => name !== null) ?? null,
    finishReason: found.finishReason,
    prompt: () => found.prompt,
    answer: found.answer,
    promptTail: promptTail(found.prompt),
  };
}

/** Prompt and answer as the log records of one model call tell them, in the order they were written. */
export function conversationOf(group: readonly LogEntry[]): {
  prompt: NonNullable<LogEntry['facts']>['prompt'];
  answer: NonNullable<LogEntry['facts']>['answer'];
  finishReason: string | null;
} {
  return {
    prompt: group.flatMap((log) => log.facts?.prompt ?? []),
    answer: group.flatMap((log) => log.facts?.answer ?? []),
    finishReason: group.map((log) => log.facts?.finishReason ?? null).findLast((reason) => reason !== null) ?? null,
  };
}
