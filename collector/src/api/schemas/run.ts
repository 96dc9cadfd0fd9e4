import type { Run, RunPage, Session, SessionPage } from '@signalbox/event-model';
import { z } from 'zod';
import { tokenUsage } from './event.ts';
import { model } from './model.ts';

const runStatus = z.enum(['in_progress', 'waiting', 'completed', 'error', 'cancelled', 'lost']);
const counts = z.record(z.string(), z.int()).describe('Stored events by type.');
const nextCursor = z.string().nullable().describe('For the next page; null at the end.');
const names = z.array(z.string());

export const run = model<Run>()(
  'Run',
  z.object({
    id: z.string().describe('UUID form of the trace id.'),
    traceId: z.string(),
    sessionId: z.string(),
    workflow: z.string().nullable(),
    service: z.string().nullable(),
    status: runStatus,
    startedAt: z.string(),
    endedAt: z.string().nullable(),
    lastSeenAt: z.string(),
    continuesRunId: z.string().nullable().describe('Run this one resumes.'),
    counts,
    agents: names,
    models: names,
    tools: names,
    usage: tokenUsage,
    user: z.string().nullable(),
  }),
);

export const runPage = model<RunPage>()('RunPage', z.object({ runs: z.array(run), nextCursor }));

export const session = model<Session>()(
  'Session',
  z.object({
    id: z.string(),
    status: runStatus.describe('waiting and in_progress win; else that of the latest run.'),
    runs: z.int().describe('Number of runs.'),
    startedAt: z.string(),
    lastSeenAt: z.string(),
    workflows: names,
    agents: names,
    user: z.string().nullable(),
    counts,
    usage: tokenUsage,
  }),
);

export const sessionPage = model<SessionPage>()('SessionPage', z.object({ sessions: z.array(session), nextCursor }));
