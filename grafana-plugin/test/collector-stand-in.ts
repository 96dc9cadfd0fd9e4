import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import path from 'node:path';
import type { EventDetail, EventRow, LiveFrame } from '@signalbox/event-model';
import { type WebSocket, WebSocketServer } from 'ws';
import { ControlStandIn } from './control-stand-in.ts';
import { toPlanView } from './stand-in-plan.ts';
import { hostOutput, packageFolder, pluginOutput, react19Output, sharedModules } from '../build/paths.ts';

/** How a stand-in is set up. */
export interface StandInOptions {
  events?: EventDetail[];
  /** Demands this bearer key on reads, as a collector behind Grafana does. */
  readKey?: string;
  host?: 'react18' | 'react19';
}

/** Content type by file name. */
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.ttf': 'font/ttf',
  '.woff2': 'font/woff2',
};

const CSP =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self' ws: wss:";

/** The collector's contract in memory: pages, REST and the live stream. */
export class CollectorStandIn {
  readonly #events = new Map<string, EventDetail>();
  readonly #sockets = new Map<WebSocket, URLSearchParams>();
  readonly #log: EventRow[] = [];
  readonly #options: StandInOptions;
  readonly #server = createServer((request, response) => this.#answer(request, response));
  readonly #streams = new WebSocketServer({ noServer: true });
  /** Requests seen, newest last; for tests of what reaches the collector. */
  readonly requests: { method: string; url: string; headers: IncomingMessage['headers'] }[] = [];
  /** Approvals, stops and tasks. */
  readonly control = new ControlStandIn();
  address = '';
  signedIn = true;
  demo = false;
  /** Every request to the API ends without an answer. */
  broken = false;

  constructor(options: StandInOptions = {}) {
    this.#options = options;
    for (const event of options.events ?? []) this.#events.set(event.id, event);
  }

  async start(): Promise<this> {
    this.#server.on('upgrade', (request, socket, head) => {
      this.requests.push({ method: 'UPGRADE', url: request.url ?? '', headers: request.headers });
      const url = new URL(request.url ?? '/', 'http://x');
      if (url.pathname !== '/ws/events' || !this.#mayRead(request)) return socket.destroy();
      this.#streams.handleUpgrade(request, socket, head, (stream) => this.#join(stream, url.searchParams));
    });
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const bound = this.#server.address();
    this.address = `http://127.0.0.1:${typeof bound === 'object' && bound ? bound.port : 0}`;
    return this;
  }

  async stop(): Promise<void> {
    this.dropStreams();
    this.#streams.close();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Stores an event and sends it to every stream it fits, as the collector does after a commit. */
  publish(event: EventDetail): void {
    this.#events.set(event.id, event);
    const row = toRow(event);
    this.#log.push(row);
    for (const [stream, params] of this.#sockets) if (fits(row, params)) this.#send(stream, [row]);
  }

  /** Changes an event in place: same id, next revision. */
  revise(id: string, change: Partial<EventDetail>): void {
    const known = this.#events.get(id);
    if (!known) throw new Error(`no event ${id}`);
    this.publish({ ...known, ...change, revision: known.revision + 1 });
  }

  get streams(): number {
    return this.#sockets.size;
  }

  dropStreams(): void {
    for (const stream of this.#sockets.keys()) stream.terminate();
  }

  #join(stream: WebSocket, params: URLSearchParams): void {
    const cursor = params.get('cursor');
    const position = cursor === null ? this.#log.length : Number(cursor);
    this.#sockets.set(stream, params);
    stream.on('close', () => this.#sockets.delete(stream));
    const hello: LiveFrame = { type: 'hello', cursor: String(position), serverTime: new Date().toISOString() };
    stream.send(JSON.stringify(hello));
    const missed = this.#log.slice(position).filter((row) => fits(row, params));
    if (missed.length > 0) this.#send(stream, missed);
  }

  #send(stream: WebSocket, rows: EventRow[]): void {
    const frame: LiveFrame = { type: 'events', rows, cursor: String(this.#log.length), lagMs: 12 };
    stream.send(JSON.stringify(frame));
  }

  #mayRead(request: IncomingMessage): boolean {
    const key = this.#options.readKey;
    return key === undefined || request.headers.authorization === `Bearer ${key}`;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://x');
    this.requests.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers });
    if (url.pathname.startsWith('/api/')) return this.#answerApi(request, response, url);
    const file = this.#fileFor(url.pathname);
    if (!file || !existsSync(file) || !statSync(file).isFile()) return void response.writeHead(404).end();
    response.writeHead(200, {
      'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream',
      'content-security-policy': CSP,
    });
    response.end(readFileSync(file));
  }

  #fileFor(pathname: string): string | null {
    const host = this.#options.host === 'react19' ? react19Output : hostOutput;
    const prefixes: [string, string][] = [
      ['/public/host/', host],
      ['/public/plugins/signalbox-agents-app/', pluginOutput],
      ['/public/build/img/icons/', path.join(sharedModules, '@grafana/ui/dist/public/img/icons')],
    ];
    for (const [prefix, folder] of prefixes) {
      if (pathname.startsWith(prefix)) return path.join(folder, path.normalize(`/${pathname.slice(prefix.length)}`));
    }
    if (pathname === '/sign-in') return path.join(packageFolder, 'test', 'sign-in.html');
    return pathname === '/' || pathname.startsWith('/a/') ? path.join(host, 'index.html') : null;
  }

  #answerApi(request: IncomingMessage, response: ServerResponse, url: URL): void {
    const send = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (this.broken) return void response.destroy();
    if (!this.signedIn) return send(401, problem(401, 'sign_in', 'Sign in first'));
    if (url.pathname === '/api/session') {
      return send(200, { user: { login: 'anna', name: 'Anna', role: 'admin' }, csrfToken: 'csrf', demo: this.demo });
    }
    if (url.pathname === '/api/session/sign-out') {
      this.signedIn = request.headers['x-signalbox-csrf'] !== 'csrf';
      return send(this.signedIn ? 403 : 200, {});
    }
    if (request.method === 'POST') return void this.#change(request, response, url, send);
    if (!this.#mayRead(request)) return send(403, problem(403, 'wrong_key', 'The read key is wrong'));
    const [status, body] = this.control.read(url) ?? this.#read(url);
    send(status, body);
  }

  async #change(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    send: (status: number, body: unknown) => void,
  ): Promise<void> {
    const throughGrafana = request.headers['x-signalbox-proxy'] !== undefined;
    if (!throughGrafana && request.headers['x-signalbox-csrf'] !== 'csrf')
      return send(403, problem(403, 'csrf', 'The token is missing'));
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (this.control.offline) return void response.destroy();
    const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
    const answer = await this.control.change(url.pathname, body, request.headers);
    send(...(answer ?? [404, problem(404, 'not_found', 'There is nothing at this address')]));
  }

  #read(url: URL): [number, unknown] {
    if (url.pathname === '/api/status') return [200, this.#status()];
    if (url.pathname === '/api/events') return [200, this.#page(url.searchParams)];
    const event = /^\/api\/events\/(.+)$/.exec(url.pathname)?.[1];
    const found = event ? this.#events.get(decodeURIComponent(event)) : undefined;
    if (found) return [200, found];
    const planned = /^\/api\/runs\/([^/]+)\/plan$/.exec(url.pathname)?.[1];
    if (planned) return [200, toPlanView(planned, [...this.#events.values()])];
    const run = /^\/api\/runs\/(.+)$/.exec(url.pathname)?.[1];
    if (run) return [200, { id: run, status: 'in_progress', startedAt: this.#runStart(run) }];
    return [404, problem(404, 'not_found', 'There is nothing at this address')];
  }

  #runStart(run: string): string | undefined {
    const starts = [...this.#events.values()].filter((event) => event.runId === run).map((event) => event.startedAt);
    return starts.sort()[0];
  }

  #page(params: URLSearchParams): { events: EventRow[]; nextCursor: string | null } {
    const rows = [...this.#events.values()].map(toRow).filter((row) => fits(row, params));
    rows.sort((left, right) => (left.startedAt < right.startedAt ? 1 : -1));
    const offset = Number(params.get('cursor') ?? 0);
    const limit = Number(params.get('limit') ?? 100);
    const more = offset + limit < rows.length;
    return { events: rows.slice(offset, offset + limit), nextCursor: more ? String(offset + limit) : null };
  }

  #status(): unknown {
    const received = { spans: this.#events.size, logs: 0, rejected: 0, unauthorized: 0 };
    const otlp = { grpc: 'http://127.0.0.1:4317', http: 'http://127.0.0.1:4318' };
    return { version: '0.1.0', serverTime: new Date().toISOString(), database: 'ok', otlp, received, demo: this.demo };
  }
}

function toRow(event: EventDetail): EventRow {
  const row: EventRow & { content?: unknown } = { ...event };
  delete row.content;
  return row;
}

function fits(row: EventRow, params: URLSearchParams): boolean {
  const among = (name: string, value: string) => !params.get(name) || params.get(name)?.split(',').includes(value);
  const to = params.get('to');
  const words = (params.get('q') ?? '').toLowerCase().split(' ').filter(Boolean);
  const found = words.every((word) => row.summary.toLowerCase().includes(word));
  return Boolean(
    among('type', row.type) &&
    among('status', row.status) &&
    among('actor', row.actor.name) &&
    among('run', row.runId) &&
    (!to || Date.parse(row.startedAt) < (Number(to) || Date.parse(to))) &&
    found,
  );
}

function problem(status: number, code: string, detail: string): object {
  return { type: 'about:blank', title: detail, status, code, detail };
}
