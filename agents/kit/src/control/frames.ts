import type { Decision } from '../approval-events.ts';

/** What an agent lets people do with it. */
export type Capability =
  'approve' | 'edit' | 'respond' | 'stop' | 'add_task' | 'plan' | 'replay' | 'chat' | 'graph' | 'versions';

/** First frame of every connection. */
export interface HelloFrame {
  type: 'hello';
  protocol: 1;
  agentId: string;
  name: string;
  workflow?: string;
  client: string;
  capabilities: readonly Capability[];
}

/** A run begins or ends. */
export interface RunFrame {
  type: 'run';
  traceId: string;
  state: 'started' | 'ended';
}

/** An action that waits for a person. */
export interface ApprovalRequestFrame {
  type: 'approval.request';
  id: string;
  traceId?: string;
  action: string;
  args: unknown;
  question?: string;
  reason?: string;
  risk?: string;
  affects?: string;
  reversible?: boolean;
  allowedDecisions?: readonly Decision[];
  timeoutMs?: number;
}

/** What became of a command. */
export interface ReportFrame {
  type: 'command.report';
  commandId: string;
  state: 'acked' | 'effective' | 'refused';
  evidence?: string;
}

/** Everything the kit sends. */
export type UpFrame =
  | HelloFrame
  | RunFrame
  | ApprovalRequestFrame
  | ReportFrame
  | { type: 'heartbeat' }
  | { type: 'approval.withdraw'; id: string; reason?: string };

/** An order of a person. */
export interface CommandFrame {
  type: 'command';
  id: string;
  kind: string;
  traceId: string | null;
  approval?: string;
  decision?: Decision | 'expired';
  args?: unknown;
  answer?: unknown;
  reason?: string;
  by: string;
  /** Of an extension: milliseconds the agent goes on waiting. */
  waitMs?: number;
  task?: { id: string; text: string; after?: string; note?: string };
  items?: string[];
}

/** Everything the collector sends. */
export type DownFrame =
  | CommandFrame
  | { type: 'welcome'; heartbeatSeconds: number }
  | { type: 'approval.stored'; id: string; approvalId: string; expiresAt: string | null }
  | { type: 'problem'; code: string; detail: string; id?: string };

const TYPES = new Set(['command', 'welcome', 'approval.stored', 'problem']);

/** A frame from its text; undefined for what is none, or of a kind this version does not know. */
export function readFrame(text: string): DownFrame | undefined {
  try {
    const frame = JSON.parse(text) as { type?: unknown } | null;
    return TYPES.has(String(frame?.type)) ? (frame as DownFrame) : undefined;
  } catch {
    return undefined;
  }
}
