import type { Capability, CommandKind, Decision } from './control.ts';

/*
 * Frames of the agent link: the WebSocket at `/agent`, and the same JSON over Redis Streams. The agent dials out, shows
 * an ingest key and says who it is; commands wait for it while it is away.
 */

/** First frame of an agent. The same `agentId` after a reconnect takes up where it left. */
export interface AgentHello {
  type: 'hello';
  protocol: 1;
  /** Stable over reconnects and, where the agent can, over restarts. */
  agentId: string;
  name: string;
  workflow?: string;
  /** Kit and language, for people. */
  client?: string;
  capabilities: Capability[];
}

/** Sent every `heartbeatSeconds` of the welcome; three missing ones mean the agent is offline. */
export interface AgentHeartbeat {
  type: 'heartbeat';
}

/** A run the agent works on: commands for it come here. */
export interface AgentRun {
  type: 'run';
  /** 32 lower-case hex digits. */
  traceId: string;
  state: 'started' | 'ended';
}

/** An action that waits for a person. The same `id` again is the same request, also after a reconnect. */
export interface AgentApprovalRequest {
  type: 'approval.request';
  id: string;
  traceId?: string;
  action: string;
  args: unknown;
  question?: string;
  reason?: string;
  risk?: string;
  /** What the action reaches, in words: "12 hosts of prod-eu". */
  affects?: string;
  /** Whether it can be undone. */
  reversible?: boolean;
  allowedDecisions?: Decision[];
  /** Milliseconds until the request lapses, counted from its arrival. */
  timeoutMs?: number;
}

/** The agent no longer waits. */
export interface AgentApprovalWithdraw {
  type: 'approval.withdraw';
  id: string;
  reason?: string;
}

/** What became of a command at the agent. `acked` when it was taken; `effective` when it was done. */
export interface AgentCommandReport {
  type: 'command.report';
  commandId: string;
  state: 'acked' | 'effective' | 'refused';
  evidence?: string;
}

/** Everything an agent sends. */
export type AgentFrame =
  AgentHello | AgentHeartbeat | AgentRun | AgentApprovalRequest | AgentApprovalWithdraw | AgentCommandReport;

/** Answer to the hello. */
export interface AgentWelcome {
  type: 'welcome';
  heartbeatSeconds: number;
  /** Milliseconds since the epoch on the collector's clock. */
  serverTime: number;
}

/** The request was taken over: it is stored, and a decision will come even if the link breaks meanwhile. */
export interface AgentApprovalStored {
  type: 'approval.stored';
  id: string;
  /** Id of the approval for people and links. */
  approvalId: string;
  expiresAt: string | null;
}

/** An order. It is sent again after a reconnect until it was reported; the agent recognises it by its id. */
export interface AgentCommand {
  type: 'command';
  id: string;
  kind: CommandKind;
  traceId: string | null;
  /** The agent's own id of the request a decision answers. */
  approval?: string;
  decision?: Decision | 'expired';
  args?: unknown;
  answer?: unknown;
  reason?: string;
  /** Login of the person. */
  by: string;
  /** `extend`: milliseconds the agent goes on waiting for the decision, counted from the frame's arrival. */
  waitMs?: number;
  /** `task.add`: the task. */
  task?: { id: string; text: string; after?: string; note?: string };
  /** `task.cancel`, `task.reorder`: ids of plan items. */
  items?: string[];
}

/** A frame the collector could not take. */
export interface AgentProblem {
  type: 'problem';
  code: string;
  detail: string;
  /** Id of the frame's subject, when it had one. */
  id?: string;
}

/** Everything the collector sends to an agent. */
export type AgentDownFrame = AgentWelcome | AgentApprovalStored | AgentCommand | AgentProblem;
