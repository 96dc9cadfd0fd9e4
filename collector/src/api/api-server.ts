import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { CollectorStatus, EventFilter } from '@signalbox/event-model';
import express, { type Express, type RequestHandler } from 'express';
import { z } from 'zod';
import type { EventReader } from './event-reader.ts';
import type { AgentControl } from './agent-port.ts';
import type { Control } from './control-port.ts';
import { GrafanaIdentity, type GrafanaTrust } from './grafana-identity.ts';
import { guard } from './guard.ts';
import { Authenticator, type ReaderKeys, type SessionStore } from './identity.ts';
import type { MetricReader } from './metric-reader.ts';
import { notFound, ProblemError, problemHandler } from './problem.ts';
import { routeTable } from './route-table.ts';
import { consoleRoutes, type ConsoleFolders } from './routes/console.ts';
import { signInRoutes } from './routes/sign-in.ts';
import { mount } from './routing/mount.ts';
import { eventFilter, text } from './routing/parameters.ts';
import { queryOf, readQuery } from './routing/read-request.ts';
import type { SignIn } from './sign-in.ts';

/** Takes over WebSocket upgrades that have been let in. */
export interface LiveGateway {
  accept(
    request: IncomingMessage,
    stream: Duplex,
    head: Buffer,
    asked: { cursor: string | undefined; filter: EventFilter },
  ): void;
}

/** Takes over the WebSockets of agents that have been let in. */
export interface AgentGateway {
  accept(request: IncomingMessage, stream: Duplex, head: Buffer, credential: string): void;
}

/** Parts of the API server. */
export interface ApiServerOptions {
  host: string;
  port: number;
  reader: EventReader;
  metricReader: MetricReader;
  sessions: SessionStore;
  signIn: SignIn;
  keys: ReaderKeys;
  live: LiveGateway;
  console: ConsoleFolders;
  demo: boolean;
  describe: () => Omit<CollectorStatus, 'serverTime' | 'database'>;
  metrics: () => Promise<string>;
  control: Control;
  agentControl: AgentControl;
  agents: AgentGateway;
  /** Recognises the credential of an agent that dials in; undefined when it is none of ours. */
  agentCredential: (headers: IncomingMessage['headers']) => string | undefined;
  grafana: GrafanaTrust | undefined;
  report: (error: unknown) => void;
}

const liveQuery = z.object({ ...eventFilter, cursor: z.exactOptional(text) });

const CONTENT_SECURITY_POLICY =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; " +
  "connect-src 'self' ws: wss:; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; form-action 'self'";

/** The server on port 4320: REST, WebSocket upgrades and the console. */
export class ApiServer {
  readonly #options: ApiServerOptions;
  readonly #authenticator: Authenticator;
  readonly #server: Server;
  #stopping = false;

  constructor(options: ApiServerOptions) {
    this.#options = options;
    const grafana = options.grafana === undefined ? undefined : new GrafanaIdentity(options.grafana);
    this.#authenticator = new Authenticator(options.sessions, options.keys, grafana);
    this.#server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 }, this.#app());
    this.#server.on('upgrade', (request, stream, head) => {
      stream.on('error', () => stream.destroy());
      this.#upgrade(request, stream, head).catch(() => refuse(stream, 503));
    });
  }

  /** Listens; rejects with the system's error (`EADDRINUSE` and the like). */
  start(): Promise<{ host: string; port: number }> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#options.port, this.#options.host, () => {
        this.#server.off('error', reject);
        resolve({ host: this.#options.host, port: (this.#server.address() as AddressInfo).port });
      });
    });
  }

  /** From now on `/readyz` says no. */
  announceStop(): void {
    this.#stopping = true;
  }

  stop(timeLeftMs: number): Promise<void> {
    if (!this.#server.listening) return Promise.resolve();
    return new Promise((resolve) => {
      const force = setTimeout(() => this.#server.closeAllConnections(), timeLeftMs);
      this.#server.close(() => {
        clearTimeout(force);
        resolve();
      });
      this.#server.closeIdleConnections();
    });
  }

  #app(): Express {
    const { signIn } = this.#options;
    const table = routeTable({ ...this.#options, isStopping: () => this.#stopping });
    const app = express();
    app.disable('x-powered-by');
    app.set('query parser', 'simple');
    app.use(securityHeaders);
    app.use(mount(table.filter(({ access }) => access === 'public')));
    app.use(signInRoutes(signIn));
    const guarded = guard(this.#authenticator);
    app.use(consoleRoutes(this.#options.console, guarded));
    app.use(guarded);
    app.use('/api', noStore);
    app.use(mount(table.filter(({ access }) => access !== 'public')));
    app.use(notFound);
    app.use(problemHandler(this.#options.report));
    return app;
  }

  async #upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname === '/agent') return this.#acceptAgent(request, stream, head);
    const result = await this.#authenticator.authenticate(request);
    if (!('identity' in result)) return refuse(stream, 403);
    if (pathname !== '/ws/events') return refuse(stream, 404);
    try {
      const { cursor, ...filter } = readQuery(liveQuery, queryOf(request.url));
      this.#options.live.accept(request, stream, head, { cursor, filter });
    } catch (error) {
      refuse(stream, error instanceof ProblemError ? error.problem.status : 503);
    }
  }

  #acceptAgent(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    // A browser names the page it comes from; agents are no pages.
    const credential =
      request.headers.origin === undefined ? this.#options.agentCredential(request.headers) : undefined;
    if (credential === undefined) return refuse(stream, 401);
    this.#options.agents.accept(request, stream, head, credential);
  }
}

const securityHeaders: RequestHandler = (_request, response, next) => {
  response.setHeader('Content-Security-Policy', CONTENT_SECURITY_POLICY);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('X-Frame-Options', 'DENY');
  // With "no-referrer" browsers call the origin of our own sign-in form "null".
  response.setHeader('Referrer-Policy', 'same-origin');
  next();
};

const noStore: RequestHandler = (_request, response, next) => {
  response.setHeader('Cache-Control', 'no-store');
  next();
};

function refuse(stream: Duplex, status: number): void {
  const reasons: Record<number, string> = {
    400: 'Bad Request',
    403: 'Forbidden',
    404: 'Not Found',
    503: 'Service Unavailable',
  };
  stream.end(`HTTP/1.1 ${status} ${reasons[status] ?? 'Error'}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
