/** What a runtime lets people do with a run. */
export type Capability =
  'approve' | 'edit' | 'respond' | 'stop' | 'add_task' | 'plan' | 'replay' | 'chat' | 'graph' | 'versions';

/**
 * State of an approval. `observed` was seen in telemetry only and cannot be answered here; `withdrawn` was taken back by
 * the agent, or its run was stopped.
 */
export type ApprovalStatus = 'pending' | 'approved' | 'rejected' | 'expired' | 'withdrawn' | 'observed';

/** What a person may answer. */
export type Decision = 'approve' | 'reject' | 'edit' | 'respond';

/** A person (or machine) behind a request, as proven. */
export interface Principal {
  login: string;
  /** Name for people; the login where none is known. */
  name: string;
  /** Where the proof came from. */
  via: 'grafana' | 'console' | 'key' | 'system';
}

/** Whether the asker may decide, why or why not, and who can. */
export interface MayDecide {
  allowed: boolean;
  /** For people; null when allowed without remark. */
  reason: string | null;
  /** Logins and roles that may. */
  who: string[];
}

/** One reason for a risk tier. `rule` is the pattern of the policy that fitted; null for the other sources. */
export interface RiskReason {
  source: 'policy' | 'agent' | 'default';
  risk: string;
  rule: string | null;
}

/** How earlier requests for the same action in the same workflow ended, over the last `days` days. */
export interface SimilarApprovals {
  approved: number;
  rejected: number;
  expired: number;
  days: number;
}

/** Whether the asker may put off the end of a request, by how much, and why not. */
export interface MayExtend {
  allowed: boolean;
  minutes: number;
  reason: string | null;
}

/** One action that waits, or waited, for a person. */
export interface Approval {
  id: string;
  /** UUID form of the trace id; null until the run is known. */
  runId: string | null;
  sessionId: string | null;
  workflow: string | null;
  agent: string | null;
  /** Which control channel carries the answer; `none` for what is only observed. */
  runtime: string;
  action: string;
  args: unknown;
  question: string | null;
  reason: string | null;
  risk: 'low' | 'medium' | 'high' | 'critical' | (string & {});
  /** Why it is of this tier, in the order it was weighed: the rule of the policy, the agent's word, or nobody's. */
  riskReasons: RiskReason[];
  /** What the action reaches, as the agent says it; null when it says nothing. */
  affects: string | null;
  /** Whether it can be undone, as the agent says it; null when it says nothing. */
  reversible: boolean | null;
  /** What became of requests for the same action in the same workflow before this one. */
  similar: SimilarApprovals;
  allowedDecisions: Decision[];
  /** SHA-256 (hex) over action and arguments in canonical JSON: what a decision must name to count. */
  shownHash: string;
  status: ApprovalStatus;
  /** RFC 3339 UTC, milliseconds, like every time here. */
  requestedAt: string;
  expiresAt: string | null;
  decidedAt: string | null;
  decidedBy: Principal | null;
  decision: Decision | null;
  decisionReason: string | null;
  /** Arguments a person put in place of `args`. */
  editedArgs: unknown;
  /** People who agreed so far, where the policy asks for two. */
  votes: { by: Principal; at: string; decision: Decision }[];
  votesNeeded: number;
  /** The command that carries the decision. */
  command: Command | null;
  mayDecide: MayDecide;
  mayExtend: MayExtend;
  /** The `approval_request` event that shows it, when telemetry told of it too. */
  eventId: string | null;
}

/**
 * How far a command is. `delivered`: the runtime has it; `acked`: the agent said so; `effective`: the effect was read
 * back; `refused`: the agent or runtime would not; `expired`: its time ran out before it was delivered; `failed`: the
 * read-back contradicts, or delivery is impossible.
 */
export type CommandState = 'queued' | 'delivered' | 'acked' | 'effective' | 'refused' | 'expired' | 'failed';

/**
 * What a command asks for. `bar` is what can be enforced on a run whose agent cannot stop: its open requests are taken back
 * and later ones refused; `extend` tells the agent to wait longer for a decision.
 */
export type CommandKind =
  'decision' | 'extend' | 'stop' | 'bar' | 'task.add' | 'task.cancel' | 'task.reorder' | 'run.start';

/** One order to a runtime and everything that became of it. */
export interface Command {
  id: string;
  kind: CommandKind;
  target: {
    runtime: string;
    /** Agent id, or server and thread. */
    agent: string;
    runId: string | null;
    approvalId: string | null;
  };
  requestedBy: Principal;
  state: CommandState;
  /**
   * What was asked, without the bookkeeping: `{decision, args?, answer?, reason?}`, `{reason?}`, `{text, after?, note?}`,
   * `{text, sessionId?}`.
   */
  payload: Record<string, unknown>;
  createdAt: string;
  expiresAt: string | null;
  history: { state: CommandState; at: string; evidence: string | null }[];
  /** What went wrong, for people. */
  problem: string | null;
}

/** `POST /api/approvals/{id}/decision`. */
export interface DecisionRequest {
  decision: Decision;
  reason?: string;
  args?: unknown;
  answer?: unknown;
  shownHash: string;
  idempotencyKey: string;
}

/**
 * `POST /api/approvals/decisions`: one answer to several requests of the same action, run and workflow, none of them above
 * medium risk. All are decided, or none.
 */
export interface BatchDecisionRequest {
  decision: 'approve' | 'reject';
  reason?: string;
  /** 2 to 100. */
  items: { id: string; shownHash: string }[];
  idempotencyKey: string;
}

/** Answer of `POST /api/approvals/decisions`: one command for each item, in their order. */
export interface BatchDecisionAnswer {
  commands: Command[];
}

/** `POST /api/approvals/{id}/extend`. The minutes are those of {@link MayExtend}. */
export interface ExtendRequest {
  idempotencyKey: string;
}

/** `POST /api/runs/{id}/stop`, `POST /api/runs/{id}/bar`, `POST /api/stop`. */
export interface StopRequest {
  reason?: string;
  idempotencyKey: string;
}

/** `POST /api/runs/{id}/tasks`. `after` is the id of a plan item. */
export interface TaskRequest {
  text: string;
  after?: string;
  note?: string;
  idempotencyKey: string;
}

/** Answer of `GET /api/stop?workflow=`: the runs a stop of a workflow, or of everything, would reach now. */
export interface StopPreview {
  runs: { runId: string; workflow: string | null; agent: string | null; canStop: boolean }[];
  /** True when there are more than are listed. */
  truncated: boolean;
}

/** Answer of `GET /api/policy`. */
export interface PolicyState {
  /** `default` without a policy file. */
  source: 'default' | 'file';
  /** When the policy in force was taken over. */
  since: string;
  /** What is wrong with the file now, while the policy before it holds; null when nothing is. */
  problem: string | null;
}

/** Answer of `GET /api/approvals`. */
export interface ApprovalPage {
  approvals: Approval[];
  nextCursor: string | null;
}

/** One entry of the audit: what was done, by whom, why; `hash` covers the entry and the hash before it. */
export interface AuditEntry {
  seq: number;
  at: string;
  actor: Principal;
  /** `approval.decided`, `approval.expired`, `command.state`, `run.stop`, `task.add`, `policy.changed`, `sign_in`, … */
  action: string;
  subject: Record<string, unknown>;
  reason: string | null;
  detail: Record<string, unknown>;
  previousHash: string;
  hash: string;
}

/** Answer of `GET /api/audit`. */
export interface AuditPage {
  entries: AuditEntry[];
  nextCursor: string | null;
}

/** What can be done with one run, and why not. */
export interface RunControl {
  runId: string;
  /** The runtime that can reach the run; null when there is none. */
  runtime: string | null;
  agent: string | null;
  online: boolean;
  /** The run came to its end: there is nothing left to stop. */
  ended: boolean;
  capabilities: Capability[];
  /** Why the buttons are disabled; null when they are not. */
  reason: string | null;
  /** Set once somebody asked for a stop, or barred the run (`command.kind` tells): later approvals of it are refused. */
  stop: { command: Command; requestedAt: string; by: Principal; lastActivityAt: string | null } | null;
  /** Proposed tasks and what became of them. */
  tasks: Command[];
  maySteer: MayDecide;
}

/** An agent that is connected, or that runs can be started of. */
export interface StartableAgent {
  /** What `POST /api/agents/{id}/runs` takes. */
  id: string;
  name: string;
  runtime: string;
  capabilities: Capability[];
  online: boolean;
  /** Whether people can start runs of it from here. */
  canStart: boolean;
}

/** Answer of `GET /api/agents`. */
export interface AgentPage {
  agents: StartableAgent[];
  nextCursor: string | null;
}

/** `POST /api/agents/{id}/runs`. Without a session the run opens one of its own. */
export interface RunStartRequest {
  text: string;
  sessionId?: string;
  idempotencyKey: string;
}
