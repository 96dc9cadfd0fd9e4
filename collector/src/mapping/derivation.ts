import type { EventContent, EventRow, RunStatus, TokenUsage } from '@signalbox/event-model';
import type { DeclaredGraph } from './facts.ts';
import type { LogRecord, SpanRecord } from '../telemetry/records.ts';

/** An event as mapping makes it: all but what only storing can know. */
export type DerivedEvent = Omit<EventRow, 'receivedAt' | 'revision' | 'removed' | 'runId'> & {
  /** Up to 2,000 characters of the event's own text, for search. */
  searchText: string;
  /** Builds the bodies; called only when somebody opens the event. */
  content: () => EventContent;
};

/** What mapping knows of a whole run. */
export interface DerivedRun {
  sessionId: string;
  workflow: string | null;
  service: string | null;
  status: RunStatus;
  /** RFC 3339 UTC with nanoseconds. */
  startedAt: string;
  endedAt: string | null;
  continuesTraceId: string | null;
  user: string | null;
  usage: TokenUsage;
  /** The graph the sender declared, when it did. */
  graph?: DeclaredGraph;
}

/**
 * A fact of one trace that another trace may need: an open approval, the decision on it, the execution of a tool
 * proposed elsewhere. Both sides publish under the same key; whichever comes second finds the first. A fact depends
 * on its own trace alone, never on facts of others, so exchanging them settles in one step.
 */
export interface CorrelationFact {
  key: string;
  kind: string;
  traceId: string;
  data: Record<string, unknown>;
}

/**
 * A fact with a place in time among those of other traces under the same key: how an agent was made, how a plan stood
 * at the end. Whoever publishes one is told the nearest before its own, and no other. Like every fact it depends on its
 * own trace alone.
 */
export interface StateFact extends Omit<CorrelationFact, 'data'> {
  /** Nanoseconds since the epoch. */
  atNs: bigint;
  /** Null where the trace has nothing to tell and only asks. */
  data: Record<string, unknown> | null;
}

/** One stay at a node, agent or tool. Times and state are those of its event. */
export interface Visit {
  /** The event that shows it: `node_started`, `agent_started` or `tool_call`. */
  eventId: string;
  /** Identity of the stay; the same in the run that resumes it, where the sender says so. */
  key: string;
  /** Node of the graph: the name, behind the names of the nodes it is inside of (`sub:inner`); `tool:<name>` for tools. */
  node: string;
  label: string;
  type: 'node' | 'agent' | 'tool';
  /** Key of the stay it happened inside. */
  parentKey: string | null;
  /** Tells runs of one graph inside one parent apart; null where only children prove the stay. */
  invocation: string | null;
  /** Super-step of the graph: nodes of one step ran side by side. Null where the framework counts none. */
  step: number | null;
  /** Node the sender says it was reached from. */
  cameFrom: string | null;
  /** Attempts that failed. */
  failures: number;
}

/** What happened between the parts of a run, for its graph. */
export interface RunStructure {
  visits: Visit[];
  /** Messages sent from node to node, where a framework reports them. */
  messages: { source: string; target: string }[];
}

/** Everything derived from one trace. A pure function of the set of items added and of the foreign facts. */
export interface Derivation {
  run: DerivedRun;
  events: DerivedEvent[];
  /** Facts for other traces. */
  offers: CorrelationFact[];
  /** Keys whose facts of other traces would change this derivation. */
  wants: string[];
  /** At most one for each key. */
  states: StateFact[];
  /** Made only when somebody looks at the run's graph. */
  structure: () => RunStructure;
}

/** Collects one trace and derives its events. Adding an item twice, or in another order, changes nothing. */
export interface TraceReducer {
  readonly traceId: string;
  /** Number of distinct spans and logs held. */
  readonly size: number;
  addSpan(span: SpanRecord): void;
  addLog(log: LogRecord): void;
  derive(foreign: readonly CorrelationFact[]): Derivation;
}
