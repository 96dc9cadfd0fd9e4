import { randomBytes } from 'node:crypto';
import type { EventChange, TraceChange } from '../ingest/trace-store.ts';

/** A random trace id. */
export function randomTraceId(): string {
  return randomBytes(16).toString('hex');
}

/** A random event id. */
export function randomEventId(): string {
  const hex = randomBytes(16).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** An event to write, completed and plain unless told otherwise. */
export function eventChange(traceId: string, id: string, revision: number): EventChange {
  return {
    isNew: revision === 1,
    known: { fingerprint: randomBytes(16).toString('base64url'), revision, removed: false, receivedAt: new Date() },
    event: {
      id,
      traceId,
      sessionId: 'session',
      workflow: 'workflow',
      spanId: null,
      parentId: null,
      type: 'tool_call',
      actor: { kind: 'agent', name: 'coder' },
      target: { kind: 'tool', name: 'search' },
      status: 'completed',
      startedAt: '2026-01-02T03:04:05.123456789Z',
      endedAt: '2026-01-02T03:04:06.000000001Z',
      summary: `search #${revision}`,
      model: null,
      tool: 'search',
      usage: null,
      source: { convention: 'test', basis: 'declared' },
      searchText: 'needle in the hay',
    },
  };
}

/** A change of one trace with the given events. */
export function traceChange(traceId: string, events: EventChange[], fromVersion?: bigint): TraceChange {
  const now = new Date();
  return {
    traceId,
    bucket: '2026-01-02',
    fromVersion,
    firstSeen: now,
    lastSeen: now,
    run: {
      sessionId: 'session',
      workflow: 'workflow',
      service: 'service',
      status: 'completed',
      startedAt: '2026-01-02T03:04:05.123456789Z',
      endedAt: null,
      continuesTraceId: null,
      user: null,
      usage: { input: 1, output: 2 },
    },
    counts: { tool_call: events.length },
    agents: ['coder'],
    models: [],
    tools: ['search'],
    spans: [],
    logs: [],
    events,
    offers: [],
    wants: [],
    states: [],
  };
}
