import type { EventDetail, EventFilter, EventRow, Run } from '@signalbox/event-model';

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

/** What the API reads. Port between the routes and the database. */
export interface EventReader {
  history(query: HistoryQuery): Promise<HistoryPage>;
  /** Undefined when there is no such event. */
  event(id: string): Promise<EventDetail | undefined>;
  runs(query: RunQuery): Promise<RunsPage>;
  run(id: string): Promise<Run | undefined>;
  /** Resolves when the database answers. */
  ping(): Promise<void>;
}
