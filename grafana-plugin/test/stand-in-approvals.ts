import type { Approval, Command, CommandState, Principal, RunControl } from '@signalbox/event-model';
import { RUN_ID } from './stand-in-events.ts';

/** People of the tests. */
export const ANNA: Principal = { login: 'anna', name: 'Anna', via: 'console' };
export const BORIS: Principal = { login: 'boris', name: 'Boris', via: 'grafana' };

/** Id of the approval tests look at when they need no more than one. */
export const APPROVAL_ID = '5b4b8f6e-0f57-4f5c-9d0e-3a1d2a7c9b11';

/** A pending approval; what a test is about, it says. */
export function makeApproval(made: Partial<Approval> = {}): Approval {
  const now = Date.now();
  return {
    id: APPROVAL_ID,
    runId: RUN_ID,
    sessionId: 'sess-42',
    workflow: 'price-compare',
    agent: 'Coder v12',
    runtime: 'agent-link',
    action: 'publish_report',
    args: { path: 'reports/iphone.md', audience: 'public', copies: 2, api_key: '[redacted:api-key:9f2c]' },
    question: 'Publish report to the public site',
    reason: 'All 14 offers are compared; the report is ready.',
    risk: 'medium',
    riskReasons: [{ source: 'policy', risk: made.risk ?? 'medium', rule: 'publish_*' }],
    affects: 'The public site, seen by everyone',
    reversible: false,
    similar: { approved: 14, rejected: 1, expired: 0, days: 30 },
    allowedDecisions: ['approve', 'reject', 'edit'],
    shownHash: '9f2c'.padEnd(60, '0') + '71ab',
    status: 'pending',
    requestedAt: new Date(now - 85_000).toISOString(),
    expiresAt: new Date(now + 432_000).toISOString(),
    decidedAt: null,
    decidedBy: null,
    decision: null,
    decisionReason: null,
    editedArgs: null,
    votes: [],
    votesNeeded: 1,
    command: null,
    mayDecide: { allowed: true, reason: null, who: ['Editor', 'Admin'] },
    mayExtend: { allowed: true, minutes: 15, reason: null },
    eventId: null,
    ...made,
  };
}

let commands = 0;

/** A command as it is when it was just taken. */
export function makeCommand(made: Partial<Command> = {}): Command {
  const at = new Date().toISOString();
  commands += 1;
  return {
    id: `c0ffee00-0000-4000-8000-${String(commands).padStart(12, '0')}`,
    kind: 'decision',
    target: { runtime: 'agent-link', agent: 'coder', runId: RUN_ID, approvalId: null },
    requestedBy: ANNA,
    state: 'queued',
    payload: {},
    createdAt: at,
    expiresAt: null,
    history: [{ state: 'queued', at, evidence: null }],
    problem: null,
    ...made,
  };
}

/** Moves a command on. */
export function advanced(command: Command, state: CommandState, evidence: string | null = null): Command {
  const bad = state === 'refused' || state === 'failed' || state === 'expired';
  const entry = { state, at: new Date().toISOString(), evidence };
  return { ...command, state, history: [...command.history, entry], problem: bad ? evidence : null };
}

/** What can be done with a run whose agent is there and can do everything. */
export function makeRunControl(made: Partial<RunControl> = {}): RunControl {
  return {
    runId: RUN_ID,
    runtime: 'agent-link',
    agent: 'Coder v12',
    online: true,
    ended: false,
    capabilities: ['approve', 'edit', 'respond', 'stop', 'add_task', 'plan'],
    reason: null,
    stop: null,
    tasks: [],
    maySteer: { allowed: true, reason: null, who: ['Editor', 'Admin'] },
    ...made,
  };
}
