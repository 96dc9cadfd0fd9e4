import { CollectorError, parseProblem } from './problem.ts';

/** How the client reaches the world; handed in so that Grafana, the console and tests can each give their own. */
export interface CollectorTransport {
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Renews the reader's session where one can run out (Grafana rotates it every ten minutes). */
  renewSession: (base: string) => Promise<void>;
}

/** JSON requests to one collector below one base URL. */
export class CollectorHttp {
  readonly base: string;
  readonly #transport: CollectorTransport;

  constructor(base: string, transport: CollectorTransport) {
    this.base = base.replace(/\/+$/, '');
    this.#transport = transport;
  }

  get<T>(path: string, params = new URLSearchParams(), signal?: AbortSignal): Promise<T> {
    const query = params.size > 0 ? `?${params}` : '';
    return this.#ask<T>(path + query, { headers: { accept: 'application/json' }, ...(signal ? { signal } : {}) });
  }

  /** Sends a change. A refusal for want of a session did nothing, so it may be sent again once the session is renewed. */
  post<T>(
    path: string,
    body: unknown,
    options: { headers?: Record<string, string>; signal?: AbortSignal },
  ): Promise<T> {
    const headers = { accept: 'application/json', 'content-type': 'application/json', ...options.headers };
    const init: RequestInit = { method: 'POST', headers, body: JSON.stringify(body) };
    return this.#ask<T>(path, options.signal ? { ...init, signal: options.signal } : init);
  }

  /** See {@link CollectorTransport.renewSession}. */
  renewSession(): Promise<void> {
    return this.#transport.renewSession(this.base);
  }

  async #ask<T>(path: string, init: RequestInit): Promise<T> {
    let response = await this.#send(path, init);
    if (response.status === 401) {
      await this.renewSession().catch(() => undefined);
      response = await this.#send(path, init);
    }
    const body: unknown = await response.json().catch(() => null);
    if (!response.ok) throw new CollectorError(response.status, parseProblem(body));
    if (typeof body !== 'object' || body === null) throw new CollectorError(502, null);
    return body as T;
  }

  async #send(path: string, init: RequestInit): Promise<Response> {
    try {
      return await this.#transport.fetch(this.base + path, { credentials: 'same-origin', ...init });
    } catch (error) {
      if (init.signal?.aborted && init.method !== 'POST') throw error;
      throw new CollectorError(0, null, error);
    }
  }
}
