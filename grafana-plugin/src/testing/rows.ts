import type { EventRow } from '@signalbox/event-model';

/** A row with everything filled in; a test names what it is about. */
export function makeRow(change: Partial<EventRow> & { id: string }): EventRow {
  return {
    runId: 'run-1',
    sessionId: 'session-1',
    workflow: null,
    traceId: '0'.repeat(32),
    spanId: null,
    parentId: null,
    type: 'tool_call',
    actor: { kind: 'agent', name: 'Planner' },
    target: null,
    status: 'completed',
    startedAt: '2026-11-20T09:00:00.000000000Z',
    endedAt: null,
    receivedAt: '2026-11-20T09:00:00.100Z',
    revision: 1,
    summary: '',
    model: null,
    tool: null,
    usage: null,
    source: { convention: 'test', basis: 'declared' },
    ...change,
  };
}
