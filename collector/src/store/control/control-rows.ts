import type {
  Capability,
  Command,
  CommandKind,
  CommandState,
  Decision,
  Principal,
  RiskReason,
} from '@signalbox/event-model';
import type { AgentRecord, StoredApproval } from '../../control/control-store.ts';

/** A row of `approvals` with its votes and its command. */
export interface ApprovalRow {
  id: string;
  runtime: string;
  target: string;
  external_id: string;
  run_id: string | null;
  session_id: string | null;
  workflow: string | null;
  agent: string | null;
  action: string;
  args: { value: unknown } | null;
  question: string | null;
  reason: string | null;
  risk: string;
  risk_reasons: RiskReason[];
  affects: string | null;
  reversible: boolean | null;
  allowed_decisions: Decision[];
  shown_hash: string;
  votes_needed: number;
  status: StoredApproval['status'];
  requested_at: Date;
  expires_at: Date | null;
  decided_at: Date | null;
  decided_by: Principal | null;
  decision: Decision | null;
  decision_reason: string | null;
  edited_args: { value: unknown } | null;
  keys: string[];
  votes: { voter: Principal; at: string; decision: Decision }[] | null;
  command: CommandJson | null;
}

/** A command as one JSON value of a query. */
export interface CommandJson {
  id: string;
  kind: CommandKind;
  runtime: string;
  target: string;
  run_id: string | null;
  approval_id: string | null;
  payload: Record<string, unknown>;
  requested_by: Principal;
  state: CommandState;
  problem: string | null;
  created_at: string;
  expires_at: string | null;
  history: { state: CommandState; at: string; evidence: string | null }[] | null;
}

/** SQL that gives the command in `alias` as {@link CommandJson}. */
export function commandJson(alias: string): string {
  return `json_build_object(
    'id', ${alias}.id, 'kind', ${alias}.kind, 'runtime', ${alias}.runtime, 'target', ${alias}.target,
    'run_id', ${alias}.run_id, 'approval_id', ${alias}.approval_id, 'payload', ${alias}.payload,
    'requested_by', ${alias}.requested_by, 'state', ${alias}.state, 'problem', ${alias}.problem,
    'created_at', ${alias}.created_at, 'expires_at', ${alias}.expires_at,
    'history', (select json_agg(json_build_object('state', state, 'at', at, 'evidence', evidence) order by seq)
                from command_history where command_id = ${alias}.id))`;
}

/** Select list of {@link ApprovalRow}, from `approvals` as `a`. */
export const APPROVAL_COLUMNS = `a.id, a.runtime, a.target, a.external_id, a.agent,
  -- Telemetry may have told of the run after the runtime asked.
  coalesce((select c.run_id from correlations c where c.key = any(a.keys) and c.role = 'offer' and c.kind = 'approval_request'
            limit 1), a.run_id) as run_id, a.action, a.args, a.question,
  a.reason, a.risk, a.risk_reasons, a.affects, a.reversible, a.allowed_decisions, a.shown_hash, a.votes_needed, a.status, a.requested_at, a.expires_at, a.decided_at,
  a.decided_by, a.decision, a.decision_reason, a.edited_args, a.keys,
  coalesce(a.session_id, (select session_id from runs where runs.id = a.run_id)) as session_id,
  coalesce((select workflow from runs where runs.id = a.run_id), a.workflow) as workflow,
  (select json_agg(json_build_object('voter', voter, 'at', at, 'decision', decision) order by at)
   from approval_votes where approval_id = a.id) as votes,
  (select ${commandJson('c')} from commands c where c.id = a.command_id) as command`;

/** A stored approval as the API shows it. */
export function toApproval(row: ApprovalRow): StoredApproval {
  return {
    id: row.id,
    runtime: row.runtime,
    target: row.target,
    externalId: row.external_id,
    runId: row.run_id,
    sessionId: row.session_id,
    workflow: row.workflow,
    agent: row.agent,
    action: row.action,
    args: row.args?.value ?? null,
    question: row.question,
    reason: row.reason,
    risk: row.risk,
    riskReasons: row.risk_reasons,
    affects: row.affects,
    reversible: row.reversible,
    allowedDecisions: row.allowed_decisions,
    shownHash: row.shown_hash,
    status: row.status,
    requestedAt: row.requested_at.toISOString(),
    expiresAt: row.expires_at?.toISOString() ?? null,
    decidedAt: row.decided_at?.toISOString() ?? null,
    decidedBy: row.decided_by,
    decision: row.decision,
    decisionReason: row.decision_reason,
    editedArgs: row.edited_args?.value ?? null,
    votes: (row.votes ?? []).map(({ voter, at, decision }) => ({ by: voter, at: isoOf(at), decision })),
    votesNeeded: row.votes_needed,
    command: row.command === null ? null : toCommand(row.command),
    keys: row.keys,
  };
}

/** A stored command as the API shows it. */
export function toCommand(row: CommandJson): Command {
  return {
    id: row.id,
    kind: row.kind,
    target: { runtime: row.runtime, agent: row.target, runId: row.run_id, approvalId: row.approval_id },
    requestedBy: row.requested_by,
    state: row.state,
    payload: row.payload,
    createdAt: isoOf(row.created_at),
    expiresAt: row.expires_at === null ? null : isoOf(row.expires_at),
    history: (row.history ?? []).map(({ state, at, evidence }) => ({ state, at: isoOf(at), evidence })),
    problem: row.problem,
  };
}

/** A row of `agents`. */
export interface AgentRow {
  runtime: string;
  target: string;
  name: string;
  workflow: string | null;
  client: string | null;
  capabilities: Capability[];
  seen_at: Date;
}

/** An agent as stored. */
export function toAgent(row: AgentRow): AgentRecord {
  const { runtime, target, name, workflow, client, capabilities, seen_at: seenAt } = row;
  return { runtime, target, name, workflow, client, capabilities, seenAt: seenAt.toISOString() };
}

function isoOf(text: string): string {
  return new Date(text).toISOString();
}
