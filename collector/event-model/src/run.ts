import type { TokenUsage } from './event.ts';

/** State of a run. `waiting` has an open approval; `lost` never reported an end within its lease. */
export type RunStatus = 'in_progress' | 'waiting' | 'completed' | 'error' | 'cancelled' | 'lost';

/** One run: everything of one trace. */
export interface Run {
  /** UUID form of the trace id. */
  id: string;
  /** 32 lower-case hex digits. */
  traceId: string;
  sessionId: string;
  workflow: string | null;
  /** Service that sent the run's root (or, until it arrives, its first span). */
  service: string | null;
  status: RunStatus;
  /** RFC 3339 UTC with nanoseconds. */
  startedAt: string;
  /** Null while the run has no known end. */
  endedAt: string | null;
  /** When the collector last received something of the run; RFC 3339 UTC, milliseconds. */
  lastSeenAt: string;
  /** Run this one resumes, when telemetry shows it. */
  continuesRunId: string | null;
  /** Number of stored events by type. */
  counts: Record<string, number>;
  /** Number of events by agent name whose type is `agent_started`. */
  agents: string[];
  models: string[];
  tools: string[];
  /** Summed over model calls only. */
  usage: TokenUsage;
  user: string | null;
}
