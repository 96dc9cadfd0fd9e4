/**
 * One piece of content. Absence is always said, never an empty string: `not_captured` (the sender left it out),
 * `truncated` (cut by a limit), `binary` (no text), and redactions, which stand inside texts as
 * `[redacted:<rule>:<fingerprint>]`.
 */
export type ContentPart =
  | { kind: 'text'; text: string }
  /** Structured value with its types kept. */
  | { kind: 'json'; value: unknown }
  /** `hint` says how the sender can turn capture on. */
  | { kind: 'not_captured'; hint: string | null }
  /** The first characters; `bytes` is the whole size in UTF-8 bytes, `part` the value for `?part=` that streams it. */
  | { kind: 'truncated'; text: string; bytes: number; part: string | null }
  | { kind: 'binary'; mediaType: string; bytes: number };

/** One message of a conversation as the model saw or wrote it. */
export interface Message {
  role: 'system' | 'user' | 'assistant' | 'tool' | (string & {});
  name: string | null;
  parts: MessagePart[];
}

/** A part of a message: plain content, the model's thinking, or a tool call and its answer. */
export type MessagePart =
  | { kind: 'content'; content: ContentPart }
  | { kind: 'reasoning'; content: ContentPart }
  | { kind: 'tool_call'; callId: string | null; tool: string; arguments: ContentPart }
  | { kind: 'tool_result'; callId: string | null; tool: string | null; result: ContentPart };

/** One item of an agent's plan. `id` is stable over revisions; `text` may change. */
export interface PlanItem {
  id: string;
  text: string;
  status: 'pending' | 'in_progress' | 'completed' | 'failed' | 'cancelled' | 'blocked' | (string & {});
}

/** What one plan revision changed against the one before it, by item id. */
export interface PlanChange {
  added: string[];
  removed: string[];
  changed: string[];
}

/** An interrupt or tool call that waits for a person, as far as telemetry shows it. */
export interface ApprovalContent {
  action: string;
  arguments: ContentPart;
  question: string | null;
  allowedDecisions: string[];
  /** Why the agent wants it, in its own words. */
  reason: string | null;
  /** `low`, `medium`, `high` or `critical` where the sender says; open for other words. */
  risk: string | null;
  /** When the request lapses; RFC 3339 UTC. */
  expiresAt: string | null;
}

/** Bodies of one event, by event family. Types without a family of their own use `generic`. */
export type EventContent =
  | { kind: 'user_input'; text: ContentPart }
  | {
      kind: 'model_request';
      provider: string | null;
      /** Request parameters as sent, for example `{temperature: 0}`. */
      parameters: Record<string, unknown>;
      messages: Message[];
      tools: { name: string; description: string | null; schema: unknown }[];
      /** True when the sender exported no messages at all. */
      notCaptured: boolean;
    }
  | {
      kind: 'model_response';
      messages: Message[];
      finishReason: string | null;
      responseId: string | null;
      notCaptured: boolean;
    }
  | { kind: 'tool_call'; callId: string | null; arguments: ContentPart; description: string | null }
  | { kind: 'tool_result'; callId: string | null; result: ContentPart; error: string | null }
  | {
      kind: 'plan_update';
      items: PlanItem[];
      change: PlanChange;
      reason: string | null;
      reasonBasis: 'given' | 'inferred' | null;
    }
  | { kind: 'approval_request'; approval: ApprovalContent; correlationKey: string | null }
  | {
      kind: 'approval_decision';
      decision: 'approve' | 'reject' | 'edit' | 'respond' | 'unknown';
      by: 'human' | 'automatic' | 'unknown';
      answer: ContentPart | null;
      action: string | null;
      correlationKey: string | null;
    }
  | { kind: 'error'; message: string; errorType: string | null; stack: string | null }
  | { kind: 'lifecycle'; input: ContentPart | null; output: ContentPart | null }
  | { kind: 'generic'; fields: Record<string, unknown> };
