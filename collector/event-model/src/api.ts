import type { EventRow } from './event.ts';
import type { Run } from './run.ts';

/** Answer of `GET /api/events`. `nextCursor` pages further in the asked direction; null at the end. */
export interface EventPage {
  events: EventRow[];
  nextCursor: string | null;
}

/** Answer of `GET /api/runs`. */
export interface RunPage {
  runs: Run[];
  nextCursor: string | null;
}

/** Error body of every HTTP answer from 400 up (RFC 9457). `code` is stable; `detail` is for people. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  /** What to do about it, when the collector knows. */
  hint?: string;
  /** Where several things were asked at once: id of the one at fault. */
  subject?: string;
}

/** Answer of `GET /api/status`: what a reader needs to judge the connection. */
export interface CollectorStatus {
  version: string;
  /** RFC 3339 UTC, milliseconds. */
  serverTime: string;
  database: 'ok' | 'unreachable';
  /** Addresses agents send to. */
  otlp: { grpc: string; http: string };
  /** Since the collector started. */
  received: { spans: number; logs: number; rejected: number; unauthorized: number };
  /** True when the collector plays recorded payloads. */
  demo: boolean;
}
