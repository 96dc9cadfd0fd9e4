import type {
  Approval,
  AuditEntry,
  Capability,
  Command,
  CommandKind,
  CommandState,
  Decision,
  Principal,
  RiskReason,
  SimilarApprovals,
  StopPreview,
} from '@signalbox/event-model';
import type { AuditAnchor, AuditDraft, StoredAuditEntry } from './audit-entry.ts';

/** An approval as stored: all but what depends on who asks. */
export type StoredApproval = Omit<Approval, 'mayDecide' | 'mayExtend' | 'similar' | 'eventId'> & {
  target: string;
  externalId: string;
  keys: string[];
};

/** A request as a runtime reports it, weighed by the policy. */
export interface ApprovalDraft {
  runtime: string;
  target: string;
  externalId: string;
  traceId: string | null;
  /** Session the run belongs to, where the runtime knows no trace. */
  sessionId?: string;
  workflow: string | null;
  agent: string | null;
  action: string;
  args: unknown;
  question: string | null;
  reason: string | null;
  risk: string;
  riskReasons?: RiskReason[];
  affects?: string | null;
  reversible?: boolean | null;
  allowedDecisions: Decision[];
  shownHash: string;
  votesNeeded: number;
  /** Milliseconds from the database's now; null for none. */
  timeoutMs: number | null;
  keys: string[];
  /** What the runtime needs to carry the answer, however long it takes. */
  context?: Record<string, unknown>;
}

/** A decision that passed the policy. */
export interface DecisionDraft {
  approvalId: string;
  decision: Decision;
  reason: string | null;
  args: unknown;
  answer: unknown;
  shownHash: string;
  by: Principal;
  idempotencyKey: string;
  requestHash: string;
}

/** One decision on several approvals; `requestHash` covers them all. */
export type BatchDraft = Pick<DecisionDraft, 'reason' | 'by' | 'idempotencyKey' | 'requestHash'> & {
  decision: 'approve' | 'reject';
  items: { id: string; shownHash: string }[];
};

/** What came of a batch: a command for each item in order, or what one of them met. */
export type BatchOutcome = { commands: Command[] } | { refusal: Refusal; subject: string };

/** Puts the end of a request off. */
export interface ExtensionDraft {
  approvalId: string;
  minutes: number;
  by: Principal;
  idempotencyKey: string;
  requestHash: string;
}

/** Why a decision or order was not taken. */
export type Refusal =
  | { refused: 'not_found' }
  | { refused: 'not_pending'; approval: StoredApproval }
  | { refused: 'expired'; approval: StoredApproval }
  | { refused: 'changed'; approval: StoredApproval }
  | { refused: 'already_voted'; approval: StoredApproval }
  | { refused: 'run_stopped'; by: Principal; at: string }
  | { refused: 'key_reused'; command: Command };

/** What came of a decision: the command, or one vote of several. */
export type DecisionOutcome = Refusal | { command: Command; replayed: boolean } | { vote: StoredApproval };

/** An order other than a decision. */
export interface OrderDraft {
  kind: Exclude<CommandKind, 'decision' | 'extend'>;
  runtime: string;
  target: string;
  runId: string;
  payload: Record<string, unknown>;
  by: Principal;
  reason: string | null;
  idempotencyKey: string;
  requestHash: string;
}

/** An agent as it introduced itself. */
export interface AgentRecord {
  runtime: string;
  target: string;
  name: string;
  workflow: string | null;
  client: string | null;
  capabilities: Capability[];
  seenAt: string;
}

/** Which approvals to list. */
export interface ApprovalQuery {
  status: string[] | undefined;
  runId: string | undefined;
  workflow: string[] | undefined;
  /** Only those this login decided. */
  decidedBy: string | undefined;
  limit: number;
  after: { at: string; id: string } | undefined;
}

/** A command as the dispatcher looks for work: what is needed to choose which to read. */
export type CommandRef = Pick<Command, 'id' | 'state'> & { target: string };

/** One step of a command. */
export interface CommandStep {
  id: string;
  state: CommandState;
  evidence: string | null;
  problem: string | null;
  /** The agent that says so: its word counts for its own commands only. Left out for what the collector itself saw. */
  reporter?: { runtime: string; target: string };
}

/** What is known of a run's control. */
export interface RunLink {
  agent: AgentRecord | null;
  ended: boolean;
  stop: { command: Command; by: Principal; at: string } | null;
}

/** The port between control and the database. Every method that changes something writes its audit with it. */
export interface ControlStore {
  /** Takes a request in; the same external id again gives what is stored. Approvals of stopped runs come back refused. */
  openApproval(draft: ApprovalDraft): Promise<{ approval: StoredApproval; isNew: boolean }>;
  /** The runtime no longer waits for it. */
  withdraw(
    ref: { runtime: string; target: string; externalId: string },
    reason: string,
  ): Promise<StoredApproval | null>;
  decide(draft: DecisionDraft): Promise<DecisionOutcome>;
  /** All of them or none. */
  decideAll(draft: BatchDraft): Promise<BatchOutcome>;
  /** Nobody waits longer than a day: the end moves at most that far from the beginning. */
  extend(draft: ExtensionDraft): Promise<Refusal | { command: Command; replayed: boolean }>;
  /** How others like them ended, by id; what is missing is the first of its kind. */
  similar(ids: readonly string[]): Promise<Map<string, SimilarApprovals>>;
  /** Turns overdue approvals into refusals, and undelivered overdue commands into expired ones; counts both. */
  expireDue(): Promise<number>;
  order(draft: OrderDraft): Promise<Refusal | { command: Command; replayed: boolean }>;
  approval(id: string): Promise<StoredApproval | null>;
  approvals(query: ApprovalQuery): Promise<StoredApproval[]>;
  /** What the runtime gave with the request; empty when it gave nothing. */
  approvalContext(id: string): Promise<Record<string, unknown>>;
  command(id: string): Promise<Command | null>;
  commandsOfRun(runId: string): Promise<Command[]>;
  /** Commands that still need work at a target, oldest first. */
  openCommands(runtime: string, targets: readonly string[]): Promise<Command[]>;
  /** The same, in little: stops first, then oldest first. */
  openRefs(runtime: string, targets: readonly string[]): Promise<CommandRef[]>;
  commands(ids: readonly string[]): Promise<Command[]>;
  /** Moves a command on; false when it is past that state already. */
  advance(id: string, state: CommandState, evidence: string | null, problem?: string | null): Promise<boolean>;
  /** An agent's own word about a command; false also when the command is not the agent's. */
  take(report: CommandStep): Promise<boolean>;
  agent(runtime: string, target: string): Promise<AgentRecord | null>;
  /** Agents of these runtimes, by name, at most a thousand. */
  agents(runtimes: readonly string[]): Promise<AgentRecord[]>;
  seeAgent(agent: Omit<AgentRecord, 'seenAt'>): Promise<void>;
  linkRun(runtime: string, target: string, runId: string, ended: boolean): Promise<void>;
  /** Every run of a session is steered through this target. */
  linkSession(runtime: string, target: string, sessionId: string): Promise<void>;
  runLink(runId: string): Promise<RunLink>;
  /** Runs that go on: what "stop all" means now. */
  runsToStop(workflow: string | null): Promise<StopPreview>;
  audit(draft: AuditDraft): Promise<void>;
  auditPage(after: number, limit: number): Promise<AuditEntry[]>;
  /** All entries in order, for the check. */
  auditEntries(): AsyncIterable<StoredAuditEntry>;
  auditHead(): Promise<AuditAnchor>;
}
