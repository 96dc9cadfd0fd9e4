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
