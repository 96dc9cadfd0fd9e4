import http from 'node:http';
import https from 'node:https';
import { readAhead, silence } from './read-ahead.ts';

/** No connection came about, so nothing was sent. */
export class NotSent extends Error {
  constructor(cause: Error) {
    super(`no connection to it (${(cause as NodeJS.ErrnoException).code ?? cause.message})`, { cause });
    this.name = 'NotSent';
  }
}

/** The agent answered, but not with a stream of events. */
export class NotAccepted extends Error {
  constructor(detail: string) {
    super(detail);
    this.name = 'NotAccepted';
  }
}

/** A request to an agent. */
export interface AgentRequest {
  url: string;
  body: unknown;
  headers: Record<string, string>;
  /** How long it may say nothing. */
  idleMs: number;
  signal: AbortSignal;
}

const CONNECT_MS = 10_000;
const MOST_ERROR_CHARACTERS = 2_000;

/**
 * Sends a request and resolves with the bytes of the answer once the agent accepted it. No redirect is followed, and the
 * connection is always a new one: one that is used again may break after the request has left, and nobody could tell.
 */
export async function openStream(request: AgentRequest): Promise<AsyncIterable<Uint8Array>> {
  const answer = await send(request);
  const type = answer.headers['content-type'] ?? 'no content type';
  if (answer.statusCode === 200 && type.startsWith('text/event-stream')) return readAhead(answer, request.idleMs);
  const said = await startOf(readAhead(answer, request.idleMs)).catch(() => '');
  answer.destroy();
  const what = answer.statusCode === 200 ? `answered with ${type}` : `answered with status ${answer.statusCode ?? 0}`;
  throw new NotAccepted(`${what}${said === '' ? '' : `: ${said}`}`);
}

function send({ url, body, headers, idleMs, signal }: AgentRequest): Promise<http.IncomingMessage> {
  const isSecure = new URL(url).protocol === 'https:';
  return new Promise((resolve, reject) => {
    let isConnected = false;
    const text = JSON.stringify(body);
    const request = (isSecure ? https : http).request(url, {
      method: 'POST',
      agent: false,
      signal,
      headers: {
        ...headers,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
        accept: 'text/event-stream',
      },
    });
    const connecting = setTimeout(() => request.destroy(new Error('it took too long')), CONNECT_MS);
    request.on('socket', (socket) =>
      socket.once(isSecure ? 'secureConnect' : 'connect', () => {
        isConnected = true;
        clearTimeout(connecting);
        request.setTimeout(idleMs, () => request.destroy(silence(idleMs)));
      }),
    );
    request.on('error', (error) => {
      clearTimeout(connecting);
      reject(isConnected ? error : new NotSent(error));
    });
    request.on('response', (answer) => {
      request.setTimeout(0);
      resolve(answer);
    });
    request.end(text);
  });
}

async function startOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  let text = '';
  const decoder = new TextDecoder('utf-8');
  for await (const chunk of chunks) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > MOST_ERROR_CHARACTERS) break;
  }
  return text.slice(0, MOST_ERROR_CHARACTERS).trim();
}
