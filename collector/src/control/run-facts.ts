import type { Approval } from '@signalbox/event-model';

/** A request that only telemetry shows. */
export type ObservedRequest = Pick<Approval, 'id' | 'action' | 'requestedAt'> & {
  runId: string;
  sessionId: string;
  workflow: string | null;
  agent: string;
  summary: string;
};

/** A run as telemetry knows it. */
export interface RunFact {
  /** Login of whoever started it. */
  user: string | null;
  workflow: string | null;
  status: string;
  lastSeenAt: string;
}

/** What telemetry knows, as far as control asks. Port to the database. */
export interface RunFacts {
  run(runId: string): Promise<RunFact | null>;
  /** Event ids of requests by the keys telemetry knows them under. */
  requestEvents(keys: readonly string[]): Promise<Map<string, string>>;
  /** Requests that wait in telemetry and that no runtime brought, newest first; one of them by its event id. */
  observed(query: {
    id?: string;
    runId: string | undefined;
    workflow: string[] | undefined;
    after: { at: string; id: string } | undefined;
    limit: number;
  }): Promise<ObservedRequest[]>;
}
