import type { CollectorStatus, EventDetail, EventFilter, EventPage, Run, RunPage } from '@signalbox/event-model';
import { CollectorHttp, type CollectorTransport } from './collector-http.ts';
import { filterToParams } from './event-query.ts';

/** Which page of history to read. */
export interface PageRequest {
  order: 'newest' | 'oldest';
  limit: number;
  cursor?: string | null;
}

/** Reads the collector's REST API below one base URL; never writes. */
export class CollectorApi {
  readonly base: string;
  readonly #http: CollectorHttp;

  constructor(base: string, transport: CollectorTransport) {
    this.#http = new CollectorHttp(base, transport);
    this.base = this.#http.base;
  }

  status(signal?: AbortSignal): Promise<CollectorStatus> {
    return this.#http.get<CollectorStatus>('/api/status', undefined, signal);
  }

  events(filter: EventFilter, page: PageRequest, signal?: AbortSignal): Promise<EventPage> {
    const params = filterToParams(filter);
    params.set('order', page.order);
    params.set('limit', String(page.limit));
    if (page.cursor) params.set('cursor', page.cursor);
    return this.#http.get<EventPage>('/api/events', params, signal);
  }

  event(id: string, signal?: AbortSignal): Promise<EventDetail> {
    return this.#http.get<EventDetail>(`/api/events/${encodeURIComponent(id)}`, undefined, signal);
  }

  /** Address of a large body, to be opened or downloaded. */
  partUrl(id: string, part: string): string {
    return `${this.base}/api/events/${encodeURIComponent(id)}?part=${encodeURIComponent(part)}`;
  }

  run(id: string, signal?: AbortSignal): Promise<Run> {
    return this.#http.get<Run>(`/api/runs/${encodeURIComponent(id)}`, undefined, signal);
  }

  runs(params: URLSearchParams, signal?: AbortSignal): Promise<RunPage> {
    return this.#http.get<RunPage>('/api/runs', params, signal);
  }

  /** See {@link CollectorTransport.renewSession}. */
  renewSession(): Promise<void> {
    return this.#http.renewSession();
  }
}
