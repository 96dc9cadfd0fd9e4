import type {
  Approval,
  AuditEntry,
  Command,
  DecisionRequest,
  MayDecide,
  Principal,
  RunControl,
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
  | { refused: 'forbidden' | 'capability_missing' | 'not_allowed' | 'no_runtime'; reason: string; who?: string[] };

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
  control(runId: string, asker: Asker): Promise<RunControl>;
  stop(runId: string, request: StopRequest, asker: Asker): Promise<ControlRefusal | Ordered>;
  /** Whether the asker may steer runs of a workflow, or of any. */
  maySteer(asker: Asker, workflow: string | null): MayDecide;
  /** Runs a stop of a workflow, or of everything, would reach now. */
  runsToStop(workflow: string | null): Promise<string[]>;
  addTask(runId: string, request: TaskRequest, asker: Asker): Promise<ControlRefusal | Ordered>;
  changePlan(
    runId: string,
    request: { kind: 'task.cancel' | 'task.reorder'; items: string[]; idempotencyKey: string },
    asker: Asker,
  ): Promise<ControlRefusal | Ordered>;
  command(id: string): Promise<Command | null>;
  auditPage(after: number, limit: number): Promise<AuditEntry[]>;
  /** What is wrong with the policy file; null when nothing is. */
  policyProblem(): string | null;
}
