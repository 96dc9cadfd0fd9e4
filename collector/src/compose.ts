import path from 'node:path';
import pino from 'pino';
import { createCredentialName } from './api/agent-credential.ts';
import { ApiServer } from './api/api-server.ts';
import { SignIn } from './api/sign-in.ts';
import { createBusReader } from './bus/bus-reader.ts';
import { createRedisBus } from './bus/redis-bus.ts';
import { createInProcessBus, type WakeBus } from './bus/wake-bus.ts';
import { composeControl, type ControlParts } from './compose-control.ts';
import type { Config } from './config/config.ts';
import { DemoPlayer } from './demo/player.ts';
import { createAdmission } from './ingest/admission.ts';
import { Batcher } from './ingest/batcher.ts';
import { createContentReader } from './ingest/event-content.ts';
import { LeaseKeeper } from './ingest/lease.ts';
import { TraceCache } from './ingest/trace-cache.ts';
import { Writer } from './ingest/writer.ts';
import type { Component } from './lifecycle/component.ts';
import { startAll, stopAll } from './lifecycle/component.ts';
import { listening, type Address } from './lifecycle/listening.ts';
import { claimFolder } from './lifecycle/single-instance.ts';
import { EventTail } from './live/event-tail.ts';
import { WebSocketGateway } from './live/websocket-gateway.ts';
import { traceKeyOf } from './mapping/trace-key.ts';
import { createTraceReducer } from './mapping/trace-reducer.ts';
import { createMetrics, type Metrics } from './observability/metrics.ts';
import { createGrpcReceiver } from './otlp/grpc-receiver.ts';
import { createHttpReceiver } from './otlp/http-receiver.ts';
import { createRedactionGate, type RedactionGate } from './redaction/redaction-gate.ts';
import { readOwnRules } from './redaction/own-rules/read-own-rules.ts';
import { createRedactor } from './redaction/redactor.ts';
import { openDatabase, prepareDatabase, readMeta, type Database } from './store/database.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './store/embedded-postgres.ts';
import { createPostgresEventLog } from './store/postgres-event-log.ts';
import { createPostgresEventReader } from './store/postgres-event-reader.ts';
import { createPostgresMetricReader } from './store/postgres-metric-reader.ts';
import { createPostgresSessions } from './store/postgres-sessions.ts';
import { createPostgresTraceStore } from './store/postgres-trace-store.ts';
import { keepRetention } from './store/retention.ts';

/** What differs between uses of the collector besides its configuration. */
export interface CollectorOptions {
  version: string;
  demo: boolean;
  /** Shows one line of progress to the operator. */
  say: (text: string) => void;
}

/** Where a started collector can be reached. */
export interface Addresses {
  grpc: Address;
  http: Address;
  api: Address;
  /** One-use link that opens the console. */
  signInLink: string;
}

/** A running collector. */
export interface Collector {
  addresses: Addresses;
  /** Drains and stops everything; idempotent. */
  stop(deadlineMs: number): Promise<void>;
}

const ROOT = path.resolve(import.meta.dirname, '..', '..');
const MAX_REQUEST_BYTES = 64 * 1024 * 1024;
/** With two, one derives while the other waits for PostgreSQL; more gain nothing on one thread. */
const LANES = 2;

/** Builds and starts every part. Throws a StartError with a remedy when one of them cannot start. */
export async function startCollector(config: Config, options: CollectorOptions): Promise<Collector> {
  const log = pino({ level: config.logLevel, base: { name: 'signalbox' } }, pino.destination(2));
  const report = (error: unknown): void => log.error({ failure: summarise(error) }, 'unexpected failure');
  const storage = await openStorage(config, options.say);
  try {
    return await startParts({
      config,
      options,
      report,
      log,
      database: storage.database,
      closeStorage: () => storage.close(),
    });
  } catch (error) {
    await storage.close();
    throw error;
  }
}

interface Storage {
  database: Database;
  close(): Promise<void>;
}

async function openStorage(config: Config, say: (text: string) => void): Promise<Storage> {
  let embedded: EmbeddedPostgres | undefined;
  let release: () => void = () => undefined;
  if (config.databaseUrl === undefined) {
    release = claimFolder(config.dataDir);
    embedded = await startEmbeddedPostgres(config.dataDir, say).catch((error: unknown) => {
      release();
      throw error;
    });
  }
  const database = openDatabase(config.databaseUrl ?? embedded?.url ?? '');
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> =>
    (closing ??= (async () => {
      await database.close();
      await embedded?.stop();
      release();
    })());
  try {
    await prepareDatabase(database);
  } catch (error) {
    await close();
    throw error;
  }
  return { database, close };
}

interface Foundation {
  config: Config;
  options: CollectorOptions;
  log: pino.Logger;
  report: (error: unknown) => void;
  database: Database;
  closeStorage: () => Promise<void>;
}

/** The whole collector as one list, sinks before sources. */
async function startParts(foundation: Foundation): Promise<Collector> {
  const { config, database, report, options } = foundation;
  const metrics = createMetrics();
  const bus = config.redisUrl === undefined ? createInProcessBus() : createRedisBus(config.redisUrl, report);
  const live = createLive(database, metrics);
  bus.onWake(() => live.tail.wake());
  const redactor = createRedactor({
    hmacKey: await readMeta(database.read, 'redaction_key'),
    ownRules: readOwnRules(config.redactionFile),
  });
  metrics.redactions(() => redactor.counts());
  const gate = createRedactionGate({ redactor, content: config.content });
  const batcher = createBatcher(foundation, bus, gate);
  const { grpc, http } = createReceivers(config, batcher, metrics);
  const signIn = new SignIn(createPostgresSessions(database.read), config.adminPassword);
  const steering = composeControl({
    pool: database.control,
    bus,
    dataDir: config.dataDir,
    policyFile: config.policyFile,
    redact: (text) => redactor.text(text),
    warn: (text) => foundation.log.warn(text),
    report,
  });
  const server = createApiServer(foundation, { live, signIn, metrics, steering, receivers: { grpc, http } });
  const api = listening({ name: 'the API and console', setting: 'SIGNALBOX_API_PORT', port: config.apiPort }, server);
  const components: Component[] = [
    { name: 'storage', start: () => Promise.resolve(), stop: () => foundation.closeStorage() },
    retention(foundation),
    { name: 'bus', start: () => bus.start(), stop: () => bus.stop() },
    { name: 'live tail', start: () => live.tail.start(), stop: () => live.tail.stop() },
    api,
    ...steering.components,
    {
      name: 'live gateway',
      start: () => Promise.resolve(live.gateway.start()),
      stop: () => Promise.resolve(live.gateway.stop()),
    },
    lease(foundation, bus),
    { name: 'batcher', start: () => Promise.resolve(), stop: () => batcher.close() },
    { name: 'redaction', start: () => Promise.resolve(), stop: () => Promise.resolve(gate.close()) },
    ...busReader(foundation, { batcher, gate, metrics }),
    grpc,
    http,
    ...(options.demo ? [demo(foundation, () => urlOf(http.address()))] : []),
  ];
  await startAll(components);
  let stopping: Promise<void> | undefined;
  return {
    addresses: {
      grpc: grpc.address(),
      http: http.address(),
      api: api.address(),
      signInLink: `${urlOf(api.address())}/sign-in?token=${signIn.linkToken ?? ''}`,
    },
    stop(deadlineMs) {
      server.announceStop();
      return (stopping ??= stopAll(components, deadlineMs));
    },
  };
}

function createBatcher({ database, log }: Foundation, bus: WakeBus, gate: RedactionGate): Batcher {
  const store = createPostgresTraceStore(database.write);
  return new Batcher({
    writers: Array.from({ length: LANES }, () => new Writer(store, new TraceCache(store, createTraceReducer))),
    redact: (batch) => gate.batch(batch),
    traceKeyOf,
    committed: () => bus.publish(),
    failed: (error) =>
      log.warn({ failure: summarise(error) }, 'a batch could not be stored; its senders were told to try again'),
  });
}

/** The way in for components without OpenTelemetry, where there is a Redis. */
function busReader(
  { config, database, report }: Foundation,
  { batcher, gate, metrics }: { batcher: Batcher; gate: RedactionGate; metrics: Metrics },
): Component[] {
  if (config.redisUrl === undefined) return [];
  const store = createPostgresTraceStore(database.write);
  const reader = createBusReader({
    url: config.redisUrl,
    prefix: config.busPrefix,
    claimAfterMs: config.busClaimSeconds * 1000,
    consumer: batcher,
    setAside: async (records) => {
      const { logs } = await gate.batch({ spans: [], logs: records.map(({ record }) => record), metrics: [] });
      return store.quarantine(
        logs.map((record, at) => ({ signal: 'logs', reason: records[at]?.reason ?? '', record })),
      );
    },
    counters: metrics.bus,
    report,
  });
  return [{ name: 'bus reader', start: () => reader.start(), stop: () => reader.stop() }];
}

function lease({ config, database, report }: Foundation, bus: WakeBus): Component {
  const store = createPostgresTraceStore(database.write);
  const keeper = new LeaseKeeper({
    store,
    writer: new Writer(store, new TraceCache(store, createTraceReducer)),
    leaseMs: config.runLeaseSeconds * 1000,
    committed: () => bus.publish(),
    report,
  });
  return { name: 'lease', start: () => Promise.resolve(keeper.start()), stop: () => keeper.stop() };
}

function createReceivers(config: Config, consumer: Batcher, metrics: Metrics) {
  const common = {
    host: config.host,
    keys: config.ingestKeys,
    consumer,
    admission: createAdmission(),
    counters: metrics.ingest,
    maxBytes: MAX_REQUEST_BYTES,
  };
  const { grpcPort, httpPort } = config;
  return {
    grpc: listening(
      { name: 'OTLP over gRPC', setting: 'SIGNALBOX_OTLP_GRPC_PORT', port: grpcPort },
      createGrpcReceiver({ ...common, port: grpcPort }),
    ),
    http: listening(
      { name: 'OTLP over HTTP', setting: 'SIGNALBOX_OTLP_HTTP_PORT', port: httpPort },
      createHttpReceiver({ ...common, port: httpPort }),
    ),
  };
}

function demo({ config, report }: Foundation, endpoint: () => string): Component {
  const player = new DemoPlayer({
    folder: path.join(ROOT, 'collector', 'fixtures'),
    endpoint,
    key: config.ingestKeys[0]?.key,
    report,
  });
  return { name: 'demo', start: () => Promise.resolve(player.start()), stop: () => player.stop() };
}

interface Live {
  log: ReturnType<typeof createPostgresEventLog>;
  tail: EventTail;
  gateway: WebSocketGateway;
}

function createLive(database: Database, metrics: Metrics): Live {
  const log = createPostgresEventLog(database.live);
  const tail: EventTail = new EventTail(log, () => gateway.wantsText);
  const gateway: WebSocketGateway = new WebSocketGateway({ log, tail, clients: (count) => metrics.liveClients(count) });
  return { log, tail, gateway };
}

interface ApiParts {
  live: Live;
  signIn: SignIn;
  metrics: Metrics;
  steering: ControlParts;
  receivers: { grpc: { address(): Address }; http: { address(): Address } };
}

function createApiServer(foundation: Foundation, parts: ApiParts): ApiServer {
  const { live, signIn, metrics, steering, receivers } = parts;
  const { config, database, options, report } = foundation;
  const contentOf = createContentReader(createPostgresTraceStore(database.read), createTraceReducer);
  const plugin = path.join(ROOT, 'grafana-plugin');
  return new ApiServer({
    host: config.host,
    port: config.apiPort,
    reader: createPostgresEventReader(database.read, contentOf),
    metricReader: createPostgresMetricReader(database.read),
    sessions: createPostgresSessions(database.read),
    signIn,
    keys: { readKey: config.readKey, proxySecret: config.proxySecret },
    live: live.gateway,
    control: steering.control,
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

function retention({ config, database, report }: Foundation): Component {
  let end: () => void = () => undefined;
  return {
    name: 'retention',
    start: () => {
      if (config.retentionDays !== undefined) end = keepRetention(database.write, config.retentionDays, report);
      return Promise.resolve();
    },
    stop: () => Promise.resolve(end()),
  };
}

/** Address as senders write it; an address that means "everywhere" is shown as loopback. */
export function urlOf({ host, port }: Address): string {
  const shown = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${shown.includes(':') ? `[${shown}]` : shown}:${port}`;
}

/** What a log line may say of an error: driver messages can quote data, so only their codes are kept. */
function summarise(error: unknown): { name: string; code: string | undefined; message: string } {
  const { name, code, message } = error as { name?: string; code?: string; message?: string };
  const fromDatabase = code !== undefined && /^[0-9A-Z]{5}$/.test(code);
  return { name: name ?? 'Error', code, message: fromDatabase ? `SQLSTATE ${code}` : (message ?? String(error)) };
}
