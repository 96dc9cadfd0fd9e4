import type { Approval, Command, CommandState } from '@signalbox/event-model';

/** An approval with nothing special about it. */
export function anApproval(made: Partial<Approval> = {}): Approval {
  return {
    id: 'a1',
    runId: null,
    sessionId: null,
    workflow: null,
    agent: 'Coder',
    runtime: 'agent-link',
    action: 'publish_report',
    args: { path: 'a.md' },
    question: null,
    reason: null,
    risk: 'medium',
    riskReasons: [{ source: 'policy', risk: 'medium', rule: 'publish_*' }],
    affects: null,
    reversible: null,
    similar: { approved: 0, rejected: 0, expired: 0, days: 30 },
    allowedDecisions: ['approve', 'reject'],
    shownHash: 'f'.repeat(64),
    status: 'pending',
    requestedAt: '2026-11-21T12:00:00.000Z',
    expiresAt: null,
    decidedAt: null,
    decidedBy: null,
    decision: null,
    decisionReason: null,
    editedArgs: null,
    votes: [],
    votesNeeded: 1,
    command: null,
    mayDecide: { allowed: true, reason: null, who: [] },
    mayExtend: { allowed: false, minutes: 15, reason: null },
    eventId: null,
    ...made,
  };
}

/** A command that went through these states, one second apart. */
export function aCommand(states: CommandState[], made: Partial<Command> = {}): Command {
  const at = (index: number) => new Date(Date.parse('2026-11-21T12:00:00.000Z') + index * 1000).toISOString();
  return {
    id: 'c1',
    kind: 'decision',
    target: { runtime: 'agent-link', agent: 'coder', runId: null, approvalId: null },
    requestedBy: { login: 'anna', name: 'Anna', via: 'grafana' },
    state: states.at(-1) ?? 'queued',
    payload: {},
    createdAt: at(0),
    expiresAt: null,
    history: states.map((state, index) => ({ state, at: at(index), evidence: null })),
    problem: null,
    ...made,
  };
}
