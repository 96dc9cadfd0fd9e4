import type {
  Approval,
  ApprovalPage,
  AuditEntry,
  AuditPage,
  BatchDecisionAnswer,
  Command,
  MayDecide,
  PolicyState,
  Principal,
  RunControl,
  StopPreview,
} from '@signalbox/event-model';
import { z } from 'zod';
import { model } from './model.ts';

const decision = z.enum(['approve', 'reject', 'edit', 'respond']);
const commandState = z.enum(['queued', 'delivered', 'acked', 'effective', 'refused', 'expired', 'failed']);
const fields = z.record(z.string(), z.unknown());

const principal = model<Principal>()(
  'Principal',
  z.object({ login: z.string(), name: z.string(), via: z.enum(['grafana', 'console', 'key', 'system']) }),
);

const mayDecide = model<MayDecide>()(
  'MayDecide',
  z.object({ allowed: z.boolean(), reason: z.string().nullable(), who: z.array(z.string()) }),
);

export const command = model<Command>()(
  'Command',
  z.object({
    id: z.string(),
    kind: z.enum(['decision', 'extend', 'stop', 'bar', 'task.add', 'task.cancel', 'task.reorder', 'run.start']),
    target: z.object({
      runtime: z.string(),
      agent: z.string(),
      runId: z.string().nullable(),
      approvalId: z.string().nullable(),
    }),
    requestedBy: principal,
    state: commandState,
    payload: fields,
    createdAt: z.string(),
    expiresAt: z.string().nullable(),
    history: z.array(z.object({ state: commandState, at: z.string(), evidence: z.string().nullable() })),
    problem: z.string().nullable(),
  }),
);

/** Answer to every order. */
export const ordered = { status: 202, description: 'The command, and how far it is.', schema: command };

export const approval = model<Approval>()(
  'Approval',
  z.object({
    id: z.string(),
    runId: z.string().nullable(),
    sessionId: z.string().nullable(),
    workflow: z.string().nullable(),
    agent: z.string().nullable(),
    runtime: z.string(),
    action: z.string(),
    args: z.unknown(),
    question: z.string().nullable(),
    reason: z.string().nullable(),
    risk: z.string(),
    riskReasons: z.array(
      z.object({ source: z.enum(['policy', 'agent', 'default']), risk: z.string(), rule: z.string().nullable() }),
    ),
    affects: z.string().nullable(),
    reversible: z.boolean().nullable(),
    similar: z.object({ approved: z.int(), rejected: z.int(), expired: z.int(), days: z.int() }),
    allowedDecisions: z.array(decision),
    shownHash: z.string().describe('What a decision must name to count.'),
    status: z.enum(['pending', 'approved', 'rejected', 'expired', 'withdrawn', 'observed']),
    requestedAt: z.string(),
    expiresAt: z.string().nullable(),
    decidedAt: z.string().nullable(),
    decidedBy: principal.nullable(),
    decision: decision.nullable(),
    decisionReason: z.string().nullable(),
    editedArgs: z.unknown(),
    votes: z.array(z.object({ by: principal, at: z.string(), decision })),
    votesNeeded: z.int(),
    command: command.nullable(),
    mayDecide,
    mayExtend: z.object({ allowed: z.boolean(), minutes: z.number(), reason: z.string().nullable() }),
    eventId: z.string().nullable(),
  }),
);

export const approvalPage = model<ApprovalPage>()(
  'ApprovalPage',
  z.object({ approvals: z.array(approval), nextCursor: z.string().nullable() }),
);

export const runControl = model<RunControl>()(
  'RunControl',
  z.object({
    runId: z.string(),
    runtime: z.string().nullable(),
    agent: z.string().nullable(),
    online: z.boolean(),
    ended: z.boolean(),
    capabilities: z.array(
      z.enum(['approve', 'edit', 'respond', 'stop', 'add_task', 'plan', 'replay', 'chat', 'graph', 'versions']),
    ),
    reason: z.string().nullable(),
    stop: z
      .object({ command, requestedAt: z.string(), by: principal, lastActivityAt: z.string().nullable() })
      .nullable(),
    tasks: z.array(command),
    maySteer: mayDecide,
  }),
);

export const batchAnswer = model<BatchDecisionAnswer>()(
  'BatchDecisionAnswer',
  z.object({ commands: z.array(command) }),
);

export const stopPreview = model<StopPreview>()(
  'StopPreview',
  z.object({
    runs: z.array(
      z.object({
        runId: z.string(),
        workflow: z.string().nullable(),
        agent: z.string().nullable(),
        canStop: z.boolean(),
      }),
    ),
    truncated: z.boolean(),
  }),
);

export const policyState = model<PolicyState>()(
  'PolicyState',
  z.object({ source: z.enum(['default', 'file']), since: z.string(), problem: z.string().nullable() }),
);

const auditEntry = model<AuditEntry>()(
  'AuditEntry',
  z.object({
    seq: z.int(),
    at: z.string(),
    actor: principal,
    action: z.string(),
    subject: fields,
    reason: z.string().nullable(),
    detail: fields,
    previousHash: z.string(),
    hash: z.string(),
  }),
);

export const auditPage = model<AuditPage>()(
  'AuditPage',
  z.object({ entries: z.array(auditEntry), nextCursor: z.string().nullable() }),
);
