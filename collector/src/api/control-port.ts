import type {
  Approval,
  AuditEntry,
  BatchDecisionAnswer,
  BatchDecisionRequest,
  Command,
  DecisionRequest,
  ExtendRequest,
  MayDecide,
  PolicyState,
  Principal,
  RunControl,
  StopPreview,
  StopRequest,
  TaskRequest,
} from '@signalbox/event-model';
import type { Role } from './identity.ts';

/** Who asks, as proven by the credentials of the request. */
export interface Asker {
  principal: Principal;
  role: Role;
}

/** A refusal, told so that the loser knows who won and what to do. */
export type ControlRefusal =
  | { refused: 'not_found' }
  | { refused: 'not_pending' | 'expired' | 'changed' | 'already_voted'; approval: Refused }
  | { refused: 'run_stopped'; by: Principal; at: string }
  | { refused: 'key_reused'; command: Command }
  | {
      refused: 'forbidden' | 'capability_missing' | 'not_allowed' | 'not_extendable' | 'not_alike' | 'no_runtime';
      reason: string;
      who?: string[];
    };

/** What a refusal shows of the approval. */
export type Refused = Pick<
  Approval,
  'id' | 'status' | 'decidedBy' | 'decidedAt' | 'decision' | 'decisionReason' | 'expiresAt' | 'shownHash'
>;

/** A command that was made, now or by the same question before. */
export interface Ordered {
  command: Command;
  replayed: boolean;
}

/** What the routes ask of control. Port between the API and the control desk. */
export interface Control {
  approvals(
    query: {
      status: string[] | undefined;
      runId: string | undefined;
      workflow: string[] | undefined;
      decidedBy: string | undefined;
      limit: number;
      after: { at: string; id: string } | undefined;
    },
    asker: Asker,
  ): Promise<Approval[]>;
  approval(id: string, asker: Asker): Promise<Approval | null>;
  decide(id: string, request: DecisionRequest, asker: Asker): Promise<ControlRefusal | Ordered | { vote: Approval }>;
  /** Several at once; a refusal names the one at fault, and nothing was decided. */
  decideAll(
    request: BatchDecisionRequest,
    asker: Asker,
  ): Promise<BatchDecisionAnswer | { refusal: ControlRefusal; subject: string | null }>;
  extend(id: string, request: ExtendRequest, asker: Asker): Promise<ControlRefusal | Ordered>;
  control(runId: string, asker: Asker): Promise<RunControl>;
  stop(runId: string, request: StopRequest, asker: Asker): Promise<ControlRefusal | Ordered>;
  /** What can be enforced on a run whose agent cannot stop. */
  bar(runId: string, request: StopRequest, asker: Asker): Promise<ControlRefusal | Ordered>;
  /** Whether the asker may steer runs of a workflow, or of any. */
  maySteer(asker: Asker, workflow: string | null): MayDecide;
  /** Runs a stop of a workflow, or of everything, would reach now. */
  runsToStop(workflow: string | null): Promise<StopPreview>;
  addTask(runId: string, request: TaskRequest, asker: Asker): Promise<ControlRefusal | Ordered>;
  changePlan(
    runId: string,
    request: { kind: 'task.cancel' | 'task.reorder'; items: string[]; idempotencyKey: string },
    asker: Asker,
  ): Promise<ControlRefusal | Ordered>;
  command(id: string): Promise<Command | null>;
  auditPage(after: number, limit: number): Promise<AuditEntry[]>;
  /** The policy in force, and what is wrong with its file. */
  policy(): PolicyState;
}
