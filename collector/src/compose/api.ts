import path from 'node:path';
import { createCredentialName } from '../api/agent-credential.ts';
import { ApiServer } from '../api/api-server.ts';
import type { SignIn } from '../api/sign-in.ts';
import { createRunLoader } from '../ingest/run-loader.ts';
import type { Address } from '../lifecycle/listening.ts';
import { EventTail } from '../live/event-tail.ts';
import { WebSocketGateway } from '../live/websocket-gateway.ts';
import { createTraceReducer } from '../mapping/trace-reducer.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { Database } from '../store/database.ts';
import { createPostgresEventLog } from '../store/postgres-event-log.ts';
import { createPostgresEventReader } from '../store/postgres-event-reader.ts';
import { createPostgresMetricReader } from '../store/postgres-metric-reader.ts';
import { createPostgresSessions } from '../store/postgres-sessions.ts';
import { createPostgresTraceStore } from '../store/postgres-trace-store.ts';
import type { ControlParts } from './control.ts';
import { urlOf, type Foundation } from './foundation.ts';

const ROOT = path.resolve(import.meta.dirname, '..', '..', '..');

/** The live stream. */
export interface Live {
  log: ReturnType<typeof createPostgresEventLog>;
  tail: EventTail;
  gateway: WebSocketGateway;
}

/** The tail of the event log and the sockets that follow it. */
export function createLive(database: Database, metrics: Metrics): Live {
  const log = createPostgresEventLog(database.live);
  const tail: EventTail = new EventTail(log, () => gateway.wantsText);
  const gateway: WebSocketGateway = new WebSocketGateway({ log, tail, clients: (count) => metrics.liveClients(count) });
  return { log, tail, gateway };
}

/** What the API serves besides the database. */
export interface ApiParts {
  live: Live;
  signIn: SignIn;
  metrics: Metrics;
  steering: ControlParts;
  receivers: { grpc: { address(): Address }; http: { address(): Address } };
}

/** The server of REST, sockets and console. */
export function createApiServer(foundation: Foundation, parts: ApiParts): ApiServer {
  const { live, signIn, metrics, steering, receivers } = parts;
  const { config, database, options, report } = foundation;
  const load = createRunLoader(createPostgresTraceStore(database.read), createTraceReducer);
  const plugin = path.join(ROOT, 'grafana-plugin');
  return new ApiServer({
    host: config.host,
    port: config.apiPort,
    reader: createPostgresEventReader(database.read, load),
    metricReader: createPostgresMetricReader(database.read),
    sessions: createPostgresSessions(database.read),
    signIn,
    keys: { readKey: config.readKey, proxySecret: config.proxySecret },
    live: live.gateway,
    control: steering.control,
    agentControl: steering.agentControl,
    agents: steering.link,
    agentCredential: createCredentialName(config.ingestKeys),
    grafana: config.grafana,
    console: {
      host: path.join(plugin, 'dist-host'),
      plugin: path.join(plugin, 'dist'),
      icons: path.join(ROOT, 'node_modules', '@grafana', 'ui', 'dist', 'public', 'img', 'icons'),
    },
    demo: options.demo,
    describe: () => ({
      version: options.version,
      otlp: { grpc: urlOf(receivers.grpc.address()), http: urlOf(receivers.http.address()) },
      received: metrics.totals(),
      demo: options.demo,
    }),
    metrics: () => metrics.render(),
    report,
  });
}
