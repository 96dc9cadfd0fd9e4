import type { EventDetail, EventFilter, EventRow, Run, Session } from '@signalbox/event-model';
import type { RunPart } from '../mapping/views/run-part.ts';

/** A keyset position in history. */
export interface HistoryPosition {
  startedNs: bigint;
  id: string;
}

/** What `GET /api/events` asks for. */
export interface HistoryQuery {
  filter: EventFilter;
  order: 'newest' | 'oldest';
  limit: number;
  after: HistoryPosition | undefined;
}

/** A page of events and where the next one starts. */
export interface HistoryPage {
  events: EventRow[];
  next: HistoryPosition | undefined;
}

/** What `GET /api/runs` asks for. */
export interface RunQuery {
  session: string | undefined;
  workflow: string[] | undefined;
  status: string[] | undefined;
  /** Substring of the workflow, session, service, user or run id. */
  q: string | undefined;
  /** Bounds of the start, nanoseconds since the epoch. */
  fromNs: bigint | undefined;
  toNs: bigint | undefined;
  order: 'newest' | 'oldest';
  limit: number;
  after: HistoryPosition | undefined;
}

/** A page of runs and where the next one starts. */
export interface RunsPage {
  runs: Run[];
  next: HistoryPosition | undefined;
}

/** A keyset position among sessions. */
export interface SessionPosition {
  /** When the session was last heard, microseconds since the epoch. */
  heardUs: bigint;
  id: string;
}

/** What `GET /api/sessions` asks for. */
export interface SessionQuery {
  /** Substring of the session, or of the workflow, service or user of one of its runs. */
  q: string | undefined;
  status: string[] | undefined;
  workflow: string[] | undefined;
  /** Bounds of the start of a run, nanoseconds since the epoch. */
  fromNs: bigint | undefined;
  toNs: bigint | undefined;
  limit: number;
  after: SessionPosition | undefined;
}

/** A page of sessions and where the next one starts. */
export interface SessionsPage {
  sessions: Session[];
  next: SessionPosition | undefined;
}

/** What the API reads. Port between the routes and the database. */
export interface EventReader {
  history(query: HistoryQuery): Promise<HistoryPage>;
  /** Undefined when there is no such event. */
  event(id: string): Promise<EventDetail | undefined>;
  runs(query: RunQuery): Promise<RunsPage>;
  run(id: string): Promise<Run | undefined>;
  /** The run and those it continues, `limit` in all, the oldest first, each derived again; none when there is no run. */
  parts(id: string, limit: number): Promise<RunPart[]>;
  sessions(query: SessionQuery): Promise<SessionsPage>;
  session(id: string): Promise<Session | undefined>;
  /** Resolves when the database answers. */
  ping(): Promise<void>;
}
