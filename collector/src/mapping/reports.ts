import type { TokenUsage } from '@signalbox/event-model';
import type { DecisionFacts, FailureFacts } from './facts.ts';

/*
 * Facts that a span or log record states about something else: the tool call around it, a model call, a decision.
 * Products that log beside tracing report each fact twice; reports meet the span they are about, or
 * stand for it where there is none.
 */

/** What is told of one tool call. */
export interface ToolReport {
  kind: 'tool';
  /** Null when the sender numbers no calls. */
  callId: string | null;
  name: string | null;
  args: unknown;
  result: unknown;
  failure: FailureFacts | null;
  ended: boolean;
  durationNs: bigint | null;
  agentRun: string | null;
}

/** What is told of one model call. `begin` and `end` of one call are two reports. */
export interface ModelReport {
  kind: 'model';
  phase: 'begin' | 'end' | 'fail';
  name: string | null;
  provider: string | null;
  responseId: string | null;
  usage: TokenUsage | null;
  finishReason: string | null;
  failure: FailureFacts | null;
  durationNs: bigint | null;
  agentRun: string | null;
}

/** The answer of the model call that ended when the report was made. */
export interface AnswerReport {
  kind: 'answer';
  agentRun: string | null;
}

/** A decision about a tool call: automatic by a rule, or by a person. */
export interface DecisionReport {
  kind: 'decision';
  /** Null when the parent span is the call. */
  callId: string | null;
  tool: string | null;
  decision: DecisionFacts['decision'];
  by: DecisionFacts['by'];
  note: string | null;
  agentRun: string | null;
}

/** A call that waits for a person: its parent span is the call. */
export interface WaitReport {
  kind: 'wait';
  callId: string | null;
}

/** A sub-agent without a span of its own. */
export interface AgentReport {
  kind: 'agent';
  id: string;
  type: string | null;
  ended: boolean;
}

/** An event of a vocabulary that states whole events: Signalbox's own (docs/vocabulary.md), evaluations. */
export interface RecordReport {
  kind: 'record';
  /** Event name without its namespace, for example `plan.set`. */
  name: string;
  /** Attributes without the namespace. */
  fields: Record<string, unknown>;
  /** Tool and call the record is about, when stated. */
  tool: string | null;
  callId: string | null;
  agent: string | null;
  /** Time of a span event; null for a log record, which has a time of its own. */
  atNs: bigint | null;
}

/** One event of an agent that streams its run instead of tracing it. */
export interface StreamReport {
  kind: 'stream';
  /** AG-UI event type, for example `TOOL_CALL_START`. */
  type: string;
  event: Record<string, unknown>;
  workflow: string | null;
  agent: string;
  runId: string | null;
  threadId: string | null;
  /** Place among the events of the agent: its own number, else the place in the stream; negative when unknown. */
  order: number;
  /** True when the agent numbers its events. */
  isNumbered: boolean;
}

/** Any report. */
export type Report =
  ToolReport | ModelReport | AnswerReport | DecisionReport | WaitReport | AgentReport | RecordReport | StreamReport;
