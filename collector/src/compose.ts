import pino from 'pino';
import { SignIn } from './api/sign-in.ts';
import { createRedisBus } from './bus/redis-bus.ts';
import { createInProcessBus } from './bus/wake-bus.ts';
import { createApiServer, createLive } from './compose/api.ts';
import { composeControl } from './compose/control.ts';
import { summarise, urlOf, type CollectorOptions, type Foundation } from './compose/foundation.ts';
import { busReader, createBatcher, createReceivers, demo, demoAgent, lease, retention } from './compose/ingest.ts';
import { openStorage } from './compose/storage.ts';
import type { Config } from './config/config.ts';
import type { Component } from './lifecycle/component.ts';
import { startAll, stopAll } from './lifecycle/component.ts';
import { freePort } from './lifecycle/free-port.ts';
import { listening, type Address } from './lifecycle/listening.ts';
import { createMetrics, type Metrics } from './observability/metrics.ts';
import { createRedactionGate } from './redaction/redaction-gate.ts';
import { readOwnRules } from './redaction/own-rules/read-own-rules.ts';
import { createRedactor } from './redaction/redactor.ts';
import { readMeta, setMeta } from './store/database.ts';
import { createPostgresSessions } from './store/postgres-sessions.ts';

/** Where a started collector can be reached. */
export interface Addresses {
  grpc: Address;
  http: Address;
  api: Address;
  /** The Ollama gateway, where there is one. */
  ollama?: Address;
  /** One-use link that opens the console. */
  signInLink: string;
}

/** A running collector. */
export interface Collector {
  addresses: Addresses;
  /** Drains and stops everything; idempotent. */
  stop(deadlineMs: number): Promise<void>;
}

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

/** The whole collector as one list, sinks before sources. */
async function startParts(foundation: Foundation): Promise<Collector> {
  const { config, database, report, options } = foundation;
  const metrics = createMetrics();
  const bus = config.redisUrl === undefined ? createInProcessBus() : createRedisBus(config.redisUrl, report);
  const live = createLive(database, metrics);
  bus.onWake(() => live.tail.wake());
  const { redactor, gate } = await createRedaction(foundation, metrics);
  const batcher = createBatcher(foundation, bus, gate);
  const { grpc, http } = createReceivers(config, batcher, metrics);
  const otlp = (): string => urlOf(http.address());
  const demoPort = options.demo ? await freePort() : undefined;
  const steering = composeControl(withDemoAgent(foundation, demoPort), {
    bus,
    redact: (text, keep) => redactor.text(text, keep),
    consoleUrl: () => urlOf(api.address()),
    consumer: batcher,
  });
  const signIn = new SignIn(createPostgresSessions(database.read), config.adminPassword, steering.signInTried);
  const server = createApiServer(foundation, { live, signIn, metrics, steering, receivers: { grpc, http } });
  const api = listening({ name: 'the API and console', setting: 'SIGNALBOX_API_PORT', port: config.apiPort }, server);
  const components: Component[] = [
    { name: 'storage', start: () => Promise.resolve(), stop: () => foundation.closeStorage() },
    retention(foundation),
    { name: 'bus', start: () => bus.start(), stop: () => bus.stop() },
    { name: 'live tail', start: () => live.tail.start(), stop: () => live.tail.stop() },
    api,
    ...steering.components,
    ...liveGateway(live),
    lease(foundation, bus),
    { name: 'batcher', start: () => Promise.resolve(), stop: () => batcher.close() },
    { name: 'redaction', start: () => Promise.resolve(), stop: () => Promise.resolve(gate.close()) },
    ...busReader(foundation, { batcher, gate, metrics, listener: steering.busListener }),
    ...steering.sources,
    grpc,
    http,
    ...(demoPort === undefined ? [] : [demo(foundation, otlp), demoAgent(foundation, demoPort, otlp)]),
  ];
  await startAll(components);
  const addresses = { grpc: grpc.address(), http: http.address(), api: api.address() };
  const ollama = steering.ollamaAddress();
  return running(components, server, {
    ...addresses,
    ...(ollama === undefined ? {} : { ollama }),
    signInLink: `${urlOf(addresses.api)}/sign-in?token=${signIn.linkToken ?? ''}`,
  });
}

function running(components: readonly Component[], server: { announceStop(): void }, addresses: Addresses): Collector {
  let stopping: Promise<void> | undefined;
  return {
    addresses,
    stop(deadlineMs) {
      server.announceStop();
      return (stopping ??= stopAll(components, deadlineMs));
    },
  };
}

function liveGateway({ gateway }: ReturnType<typeof createLive>): Component[] {
  const start = (): Promise<void> => Promise.resolve(gateway.start());
  return [{ name: 'live gateway', start, stop: () => Promise.resolve(gateway.stop()) }];
}

/** The demo's agent is one more LangGraph server. */
function withDemoAgent(foundation: Foundation, port: number | undefined): Foundation {
  if (port === undefined) return foundation;
  const { config } = foundation;
  return { ...foundation, config: { ...config, langgraphUrls: [...config.langgraphUrls, `http://127.0.0.1:${port}`] } };
}

/** The one point everything passes before it is stored or shown. */
async function createRedaction({ config, database, options }: Foundation, metrics: Metrics) {
  await setMeta(database.write, 'content', config.content);
  const hmacKey = await readMeta(database.read, 'redaction_key');
  const redactor = options.redactor ?? createRedactor({ hmacKey, ownRules: readOwnRules(config.redactionFile) });
  metrics.redactions(() => redactor.counts());
  return { redactor, gate: createRedactionGate({ redactor, content: config.content }) };
}

export { urlOf };
