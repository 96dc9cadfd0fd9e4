/** A thread as `POST /threads/search` and `GET /threads/{id}` give it, as far as control looks at it. */
export interface LangGraphThread {
  thread_id: string;
  status: 'idle' | 'busy' | 'interrupted' | 'error' | (string & {});
  metadata: Record<string, unknown> | null;
  values?: Record<string, unknown> | null;
  /** Open questions by task id. */
  interrupts?: Record<string, { id?: string; value: unknown }[]> | null;
}

/** A run of a thread. */
export interface LangGraphRun {
  run_id: string;
  thread_id: string;
  status: 'pending' | 'running' | 'success' | 'error' | 'timeout' | 'interrupted' | (string & {});
  kwargs?: { command?: { resume?: Record<string, unknown> } } | null;
}

/** A server answered, but not as hoped. */
export class LangGraphError extends Error {
  readonly status: number;

  constructor(status: number, detail: string) {
    super(detail);
    this.name = 'LangGraphError';
    this.status = status;
  }
}

const TIMEOUT_MS = 5_000;
const MOST_BYTES = 16 * 1024 * 1024;
const PAGE = 100;
const MOST_PAGES = 20;

/** The part of the LangGraph Server API that control uses. Only the server the operator named is asked; no redirects. */
export class LangGraphClient {
  readonly url: string;
  readonly #headers: Record<string, string>;

  constructor(url: string, apiKey?: string) {
    this.url = url.replace(/\/+$/, '');
    this.#headers = apiKey === undefined ? {} : { 'x-api-key': apiKey };
  }

  /** Every thread in a state. Searching is the one read that does not keep the server from saving. */
  async threads(status: 'interrupted' | 'busy'): Promise<LangGraphThread[]> {
    const found: LangGraphThread[] = [];
    for (let page = 0; page < MOST_PAGES; page++) {
      const rows = await this.#ask<LangGraphThread[]>('POST', '/threads/search', {
        status,
        limit: PAGE,
        offset: page * PAGE,
      });
      found.push(...rows);
      if (rows.length < PAGE) break;
    }
    return found;
  }

  thread(threadId: string): Promise<LangGraphThread> {
    return this.#ask('GET', `/threads/${encodeURIComponent(threadId)}`);
  }

  runs(threadId: string): Promise<LangGraphRun[]> {
    return this.#ask('GET', `/threads/${encodeURIComponent(threadId)}/runs?limit=20`);
  }

  run(threadId: string, runId: string): Promise<LangGraphRun> {
    return this.#ask('GET', `/threads/${encodeURIComponent(threadId)}/runs/${encodeURIComponent(runId)}`);
  }

  /** Starts a run; refused with 409 or 422 while another one is at work. */
  startRun(threadId: string, body: Record<string, unknown>): Promise<LangGraphRun> {
    return this.#ask('POST', `/threads/${encodeURIComponent(threadId)}/runs`, {
      ...body,
      multitask_strategy: 'reject',
    });
  }

  /** Asks for a run to be interrupted; does not wait for it (any value of `wait` would). */
  async cancel(threadId: string, runId: string): Promise<void> {
    const path = `/threads/${encodeURIComponent(threadId)}/runs/${encodeURIComponent(runId)}/cancel?action=interrupt`;
    await this.#ask('POST', path, {});
  }

  async #ask<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: { ...this.#headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await limitedText(response);
    if (!response.ok) throw new LangGraphError(response.status, text.slice(0, 300));
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }
}

async function limitedText(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += (part as Uint8Array).byteLength;
    if (bytes > MOST_BYTES) throw new LangGraphError(413, 'the answer is larger than 16 MiB');
    parts.push(part as Uint8Array);
  }
  return Buffer.concat(parts).toString('utf8');
}
