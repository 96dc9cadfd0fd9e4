import path from 'node:path';
import { createBusReader } from '../bus/bus-reader.ts';
import type { BusListener } from '../bus/stream-reader.ts';
import type { WakeBus } from '../bus/wake-bus.ts';
import type { Config } from '../config/config.ts';
import { processEnvironment } from '../config/read-environment.ts';
import { DemoAgent } from '../demo/demo-agent.ts';
import { DemoPlayer } from '../demo/player.ts';
import { createAdmission } from '../ingest/admission.ts';
import { Batcher } from '../ingest/batcher.ts';
import { LeaseKeeper } from '../ingest/lease.ts';
import { TraceCache } from '../ingest/trace-cache.ts';
import { Writer } from '../ingest/writer.ts';
import type { Component } from '../lifecycle/component.ts';
import { listening } from '../lifecycle/listening.ts';
import { traceKeyOf } from '../mapping/trace-key.ts';
import { createTraceReducer } from '../mapping/trace-reducer.ts';
import type { Metrics } from '../observability/metrics.ts';
import { createGrpcReceiver } from '../otlp/grpc-receiver.ts';
import { createHttpReceiver } from '../otlp/http-receiver.ts';
import type { RedactionGate } from '../redaction/redaction-gate.ts';
import { createPostgresTraceStore } from '../store/postgres-trace-store.ts';
import { keepRetention } from '../store/retention.ts';
import { summarise, type Foundation } from './foundation.ts';

const ROOT = path.resolve(import.meta.dirname, '..', '..', '..');
const MAX_REQUEST_BYTES = 64 * 1024 * 1024;
/** With two, one derives while the other waits for PostgreSQL; more gain nothing on one thread. */
const LANES = 2;

/** The way from a request to the database. */
export function createBatcher({ database, log }: Foundation, bus: WakeBus, gate: RedactionGate): Batcher {
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

/** What the way in over Redis is wired with. */
interface BusReaderNeeds {
  batcher: Batcher;
  gate: RedactionGate;
  metrics: Metrics;
  /** Follows the agents' events. */
  listener: BusListener;
}

/** The way in for components without OpenTelemetry, where there is a Redis. */
export function busReader(
  { config, database, report }: Foundation,
  { batcher, gate, metrics, listener }: BusReaderNeeds,
): Component[] {
  if (config.redisUrl === undefined) return [];
  const store = createPostgresTraceStore(database.write);
  const reader = createBusReader({
    url: config.redisUrl,
    prefix: config.busPrefix,
    remind: (records) => gate.remind(records),
    listener,
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

/** Gives up runs that fell silent. */
export function lease({ config, database, report }: Foundation, bus: WakeBus): Component {
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

/** The two OTLP ports. */
export function createReceivers(config: Config, consumer: Batcher, metrics: Metrics) {
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

/** Runs the reference agent, where it is installed: something to approve, to stop and to give tasks to. */
export function demoAgent({ config, options, report }: Foundation, port: number, endpoint: () => string): Component {
  const inherited = ['PATH', 'HOME', 'OLLAMA_HOST', 'OLLAMA_MODEL'];
  const all = processEnvironment();
  const agent = new DemoAgent({
    folder: path.join(ROOT, 'agents', 'reference'),
    port,
    endpoint,
    key: config.ingestKeys[0]?.key,
    environment: Object.fromEntries(inherited.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]]))),
    say: options.say,
    report,
  });
  return { name: 'demo agent', start: () => Promise.resolve(agent.start()), stop: () => agent.stop() };
}

/** Plays recordings against the collector's own port. */
export function demo({ config, report }: Foundation, endpoint: () => string): Component {
  const player = new DemoPlayer({
    folder: path.join(ROOT, 'collector', 'fixtures'),
    endpoint,
    key: config.ingestKeys[0]?.key,
    report,
  });
  return { name: 'demo', start: () => Promise.resolve(player.start()), stop: () => player.stop() };
}

/** Deletes what is older than it may be. */
export function retention({ config, database, report }: Foundation): Component {
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
