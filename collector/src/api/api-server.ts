import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { CollectorStatus, EventFilter } from '@signalbox/event-model';
import express, { type Express, type RequestHandler } from 'express';
import type { EventReader } from './event-reader.ts';
import type { Control } from './control-port.ts';
import { GrafanaIdentity, type GrafanaTrust } from './grafana-identity.ts';
import { guard } from './guard.ts';
import { Authenticator, type ReaderKeys, type SessionStore } from './identity.ts';
import type { MetricReader } from './metric-reader.ts';
import { notFound, ProblemError, problemHandler } from './problem.ts';
import { filterOf, queryOf, textOf } from './query.ts';
import { approvalRoutes } from './routes/approvals.ts';
import { auditRoutes } from './routes/audit.ts';
import { consoleRoutes, type ConsoleFolders } from './routes/console.ts';
import { eventRoutes } from './routes/events.ts';
import { healthRoutes } from './routes/health.ts';
import { metricSeriesRoutes } from './routes/metric-series.ts';
import { metricsRoutes } from './routes/metrics.ts';
import { runRoutes } from './routes/runs.ts';
import { sessionRoutes } from './routes/session.ts';
import { signInRoutes } from './routes/sign-in.ts';
import { steeringRoutes } from './routes/steering.ts';
import { statusRoutes } from './routes/status.ts';
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
  agents: AgentGateway;
  /** Recognises the credential of an agent that dials in; undefined when it is none of ours. */
  agentCredential: (headers: IncomingMessage['headers']) => string | undefined;
  grafana: GrafanaTrust | undefined;
  report: (error: unknown) => void;
}

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
    const { reader, signIn } = this.#options;
    const app = express();
    app.disable('x-powered-by');
    app.set('query parser', 'simple');
    app.use(securityHeaders);
    app.use(healthRoutes(reader, () => this.#stopping));
    app.use(signInRoutes(signIn));
    const guarded = guard(this.#authenticator);
    app.use(consoleRoutes(this.#options.console, guarded));
    app.use(guarded);
    app.use(metricsRoutes(this.#options.metrics));
    app.use('/api', noStore, sessionRoutes(signIn, this.#options.demo), statusRoutes(reader, this.#options.describe));
    app.use('/api', metricSeriesRoutes(this.#options.metricReader));
    app.use('/api', eventRoutes(reader), runRoutes(reader));
    const { control } = this.#options;
    app.use('/api', approvalRoutes(control), steeringRoutes(control), auditRoutes(control));
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
      const query = queryOf(request.url);
      this.#options.live.accept(request, stream, head, { cursor: textOf(query, 'cursor'), filter: filterOf(query) });
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
  response.setHeader('Referrer-Policy', 'no-referrer');
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
