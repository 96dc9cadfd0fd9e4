import type { CollectorStatus, EventDetail, EventFilter, EventPage, Run, RunPage } from '@signalbox/event-model';
import { filterToParams } from './event-query.ts';
import { CollectorError, parseProblem } from './problem.ts';

/** How the client reaches the world; handed in so that Grafana, the console and tests can each give their own. */
export interface CollectorTransport {
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Renews the reader's session where one can run out (Grafana rotates it every ten minutes). */
  renewSession: (base: string) => Promise<void>;
}

/** Which page of history to read. */
export interface PageRequest {
  order: 'newest' | 'oldest';
  limit: number;
  cursor?: string | null;
}

/** Reads the collector's REST API below one base URL; never writes. */
export class CollectorApi {
  readonly base: string;
  readonly #transport: CollectorTransport;

  constructor(base: string, transport: CollectorTransport) {
    this.base = base.replace(/\/+$/, '');
    this.#transport = transport;
  }

  status(signal?: AbortSignal): Promise<CollectorStatus> {
    return this.#get<CollectorStatus>('/api/status', new URLSearchParams(), signal);
  }

  events(filter: EventFilter, page: PageRequest, signal?: AbortSignal): Promise<EventPage> {
    const params = filterToParams(filter);
    params.set('order', page.order);
    params.set('limit', String(page.limit));
    if (page.cursor) params.set('cursor', page.cursor);
    return this.#get<EventPage>('/api/events', params, signal);
  }

  event(id: string, signal?: AbortSignal): Promise<EventDetail> {
    return this.#get<EventDetail>(`/api/events/${encodeURIComponent(id)}`, new URLSearchParams(), signal);
  }

  /** Address of a large body, to be opened or downloaded. */
  partUrl(id: string, part: string): string {
    return `${this.base}/api/events/${encodeURIComponent(id)}?part=${encodeURIComponent(part)}`;
  }

  run(id: string, signal?: AbortSignal): Promise<Run> {
    return this.#get<Run>(`/api/runs/${encodeURIComponent(id)}`, new URLSearchParams(), signal);
  }

  runs(params: URLSearchParams, signal?: AbortSignal): Promise<RunPage> {
    return this.#get<RunPage>('/api/runs', params, signal);
  }

  /** See {@link CollectorTransport.renewSession}. */
  renewSession(): Promise<void> {
    return this.#transport.renewSession(this.base);
  }

  async #get<T>(path: string, params: URLSearchParams, signal?: AbortSignal): Promise<T> {
    const query = params.size > 0 ? `?${params}` : '';
    const url = `${this.base}${path}${query}`;
    let response = await this.#send(url, signal);
    if (response.status === 401) {
      await this.renewSession().catch(() => undefined);
      response = await this.#send(url, signal);
    }
    const body: unknown = await response.json().catch(() => null);
    if (!response.ok) throw new CollectorError(response.status, parseProblem(body));
    if (typeof body !== 'object' || body === null) throw new CollectorError(502, null);
    return body as T;
  }

  async #send(url: string, signal?: AbortSignal): Promise<Response> {
    const init: RequestInit = { credentials: 'same-origin', headers: { accept: 'application/json' } };
    if (signal) init.signal = signal;
    try {
      return await this.#transport.fetch(url, init);
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new CollectorError(0, null, error);
    }
  }
}
