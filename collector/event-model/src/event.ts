import type { ContentPart, EventContent } from './content.ts';

/** Every event type this version knows. A reader must keep and render types it does not know. */
export const EVENT_TYPES = [
  'user_input',
  'model_request',
  'model_response',
  'tool_call',
  'tool_result',
  'plan_update',
  'approval_request',
  'approval_decision',
  'error',
  'agent_started',
  'agent_completed',
  'agent_failed',
  'node_started',
  'node_completed',
  'node_failed',
  'agent_message',
  'chat_message',
  'command',
  'component_generated',
  'component_modified',
  'test_completed',
  'learning_iteration',
  'version_promoted',
  'autonomy_level_changed',
  'prediction',
  'experiment',
] as const;

/** A known event type; see {@link EVENT_TYPES}. */
export type EventType = (typeof EVENT_TYPES)[number];

/** Every state an event can be in. */
export const EVENT_STATUSES = [
  'in_progress',
  'waiting',
  'completed',
  'error',
  'rejected',
  'cancelled',
  'lost',
] as const;

/**
 * State of one event. `waiting` waits for a person; `rejected` was refused by a person or a policy; `lost` never
 * reported an end and its lease ran out. Everything but `in_progress` and `waiting` is final, though a sender that
 * speaks again may bring a `lost` event back.
 */
export type EventStatus = (typeof EVENT_STATUSES)[number];

/** What kind of thing acted or was acted upon. */
export type ActorKind = 'user' | 'agent' | 'tool' | 'model' | 'node' | 'workflow' | 'service' | 'system';

/** Who did it. `name` is as the sender spells it. */
export interface Actor {
  kind: ActorKind;
  name: string;
}

/** Tokens of one model call, in tokens; absent parts were not reported. */
export interface TokenUsage {
  input?: number;
  output?: number;
  cached?: number;
  reasoning?: number;
}

/** Which convention an event was read from, and whether the sender declared the fact or the collector inferred it. */
export interface EventSource {
  /** Name of the mapping that produced the event, for example `openinference`. */
  convention: string;
  basis: 'declared' | 'inferred';
}

/**
 * One typed event as lists and the live stream carry it: everything but its bodies. The same id keeps its place
 * through all revisions; a later revision replaces an earlier one.
 */
export interface EventRow {
  /** UUID, derived from what the event stands for, so the same telemetry always gives the same id. */
  id: string;
  /** UUID form of the trace id. */
  runId: string;
  /** Groups runs; the trace id when the sender names no session. */
  sessionId: string;
  /** Name of the workflow (the run's root), when known. */
  workflow: string | null;
  /** 32 lower-case hex digits. */
  traceId: string;
  /** 16 lower-case hex digits of the span the event was read from; null when it came from a log record alone. */
  spanId: string | null;
  /** Id of the enclosing event (the agent or node a call ran in; the request a response answers). */
  parentId: string | null;
  /** One of {@link EVENT_TYPES}; open for values of newer collectors. */
  type: EventType | (string & {});
  actor: Actor;
  /** Whom or what the actor addressed: the model asked, the tool called, the agent handed to. */
  target: Actor | null;
  status: EventStatus;
  /** RFC 3339 UTC with nanoseconds, for example `2026-11-20T09:00:00.123456789Z`. */
  startedAt: string;
  /** Like `startedAt`; null while the event has no known end. */
  endedAt: string | null;
  /** When the collector first received the event's telemetry; RFC 3339 UTC, milliseconds. */
  receivedAt: string;
  /** Starts at 1 and grows by one with every stored change. */
  revision: number;
  /** One line of plain text, at most 300 characters: what a feed row shows. */
  summary: string;
  /** Model name on model events. */
  model: string | null;
  /** Tool name on tool events and on approvals of a tool call. */
  tool: string | null;
  usage: TokenUsage | null;
  source: EventSource;
  /**
   * True when readers must drop the row: later telemetry showed that it is no event of its own (two instrumentations
   * of one call, say), or this revision no longer fits the stream's filter. Only the live stream carries such rows.
   */
  removed?: boolean;
}

/** One event with its bodies, as `GET /api/events/{id}` answers. */
export interface EventDetail extends EventRow {
  content: EventContent;
}

export type { ContentPart, EventContent };
