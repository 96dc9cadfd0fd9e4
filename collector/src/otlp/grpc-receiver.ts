import {
  Metadata,
  Server,
  ServerCredentials,
  ServerInterceptingCall,
  ServerListenerBuilder,
  ResponderBuilder,
  type handleUnaryCall,
  type ServerInterceptor,
  type ServiceDefinition,
} from '@grpc/grpc-js';
import { createCredentialCheck } from './credential-check.ts';
import { createExportService, type ExportOutcome } from './export-service.ts';
import { ASSUMED_BYTES, DEFAULT_MAX_BYTES, type Receiver, type ReceiverOptions } from './receiver.ts';
import { Reservation } from './reservation.ts';
import { encodeResponse, encodeStatus } from './rpc-messages.ts';
import { mappingOf, OVERLOADED, UNAUTHORIZED, type Refusal } from './status-for-error.ts';
import type { Signal } from './wire/decode.ts';

const SERVICES: Readonly<Record<Signal, string>> = {
  traces: 'opentelemetry.proto.collector.trace.v1.TraceService',
  logs: 'opentelemetry.proto.collector.logs.v1.LogsService',
  metrics: 'opentelemetry.proto.collector.metrics.v1.MetricsService',
};

const asIs = (bytes: Buffer): Buffer => bytes;

/**
 * OTLP/gRPC (opentelemetry-proto docs/specification.md, "OTLP/gRPC"): the three unary Export methods on raw bytes.
 * Credentials and room are checked at metadata time, before a body is read; grpc-js itself undoes gzip and deflate.
 */
export function createGrpcReceiver(options: ReceiverOptions): Receiver {
  const server = createServer(options);
  let state: 'new' | 'started' | 'stopped' = 'new';

  return {
    start: async () => {
      const port = await bind(server, options);
      state = 'started';
      return { host: options.host, port };
    },
    stop: async (deadlineMs) => {
      if (state === 'started') await shutDown(server, deadlineMs);
      else if (state === 'new') server.forceShutdown();
      state = 'stopped';
    },
  };
}

function createServer(options: ReceiverOptions): Server {
  const owners = new WeakMap<Buffer, CallHolding>();
  const service = createExportService(options);
  const server = new Server({
    'grpc.max_receive_message_length': options.maxBytes ?? DEFAULT_MAX_BYTES,
    // Every open stream may hold one whole message.
    'grpc.max_concurrent_streams': 32,
    'grpc.max_connection_idle_ms': 300_000,
    'grpc.max_connection_age_ms': 1_800_000,
    'grpc.max_connection_age_grace_ms': 30_000,
    'grpc.keepalive_time_ms': 60_000,
    'grpc.keepalive_timeout_ms': 20_000,
    interceptors: [createGate(options, owners)],
  });
  for (const signal of Object.keys(SERVICES) as Signal[]) {
    const handler: handleUnaryCall<Buffer, Buffer> = (call, callback) => {
      const holding = owners.get(call.request);
      if (holding !== undefined) holding.isHandled = true;
      void service.handle(signal, 'protobuf', call.request).then((outcome) => {
        holding?.reservation?.release();
        if (outcome.status === 'refused') options.counters.refused(mappingOf(outcome.refusal).counter);
        reply(callback, signal, outcome);
      });
    };
    server.addService(describe(SERVICES[signal]), { export: handler });
  }
  return server;
}

/** What one call holds of the byte budget. Once its handler runs, the handler gives it back, cancelled or not. */
interface CallHolding {
  reservation: Reservation | undefined;
  isHandled: boolean;
}

function createGate(options: ReceiverOptions, owners: WeakMap<Buffer, CallHolding>): ServerInterceptor {
  const isKnown = createCredentialCheck(options.keys);
  return (_method, call) => {
    const holding: CallHolding = { reservation: undefined, isHandled: false };
    const refuse = (refusal: Refusal) => {
      options.counters.refused(mappingOf(refusal).counter);
      intercepting.sendStatus(toStatus(refusal));
    };
    const listener = new ServerListenerBuilder()
      .withOnReceiveMetadata((metadata, next) => {
        if (!isKnown({ authorization: first(metadata, 'authorization'), apiKey: first(metadata, 'x-api-key') })) {
          refuse(UNAUTHORIZED);
          return;
        }
        holding.reservation = Reservation.take(options.admission, ASSUMED_BYTES);
        if (holding.reservation === undefined) refuse(OVERLOADED);
        else next(metadata);
      })
      .withOnReceiveMessage((message: Buffer, next) => {
        owners.set(message, holding);
        if (holding.reservation?.growTo(message.length) === true) next(message);
        else refuse(OVERLOADED);
      })
      // grpc-js calls this at the end of every call, however it ended.
      .withOnCancel(() => {
        if (!holding.isHandled) holding.reservation?.release();
      })
      .build();
    const responder = new ResponderBuilder().withStart((next) => next(listener)).build();
    const intercepting = new ServerInterceptingCall(call, responder);
    return intercepting;
  };
}

function first(metadata: Metadata, name: string): string | undefined {
  const value = metadata.get(name)[0];
  return typeof value === 'string' ? value : undefined;
}

function reply(callback: Parameters<handleUnaryCall<Buffer, Buffer>>[1], signal: Signal, outcome: ExportOutcome): void {
  if (outcome.status === 'accepted') callback(null, encodeResponse(signal, 'protobuf', outcome.acceptance));
  else callback(toStatus(outcome.refusal));
}

function toStatus(refusal: Refusal): { code: number; details: string; metadata: Metadata } {
  const metadata = new Metadata();
  if (refusal.retryAfterMs !== undefined) {
    metadata.set('grpc-status-details-bin', encodeStatus('protobuf', refusal));
  }
  return { code: mappingOf(refusal).grpc, details: refusal.message, metadata };
}

function describe(service: string): ServiceDefinition {
  return {
    export: {
      path: `/${service}/Export`,
      requestStream: false,
      responseStream: false,
      requestSerialize: asIs,
      requestDeserialize: asIs,
      responseSerialize: asIs,
      responseDeserialize: asIs,
    },
  };
}

function bind(server: Server, at: { host: string; port: number }): Promise<number> {
  const host = at.host.includes(':') ? `[${at.host}]` : at.host;
  return new Promise((resolve, reject) => {
    server.bindAsync(`${host}:${at.port}`, ServerCredentials.createInsecure(), (error, port) => {
      if (error === null) resolve(port);
      else reject(withCode(error));
    });
  });
}

// grpc-js reports the system error in its text only.
function withCode(error: Error): Error {
  const code = /\bE[A-Z]{4,}\b/.exec(error.message)?.[0];
  return code === undefined ? error : Object.assign(error, { code });
}

function shutDown(server: Server, deadlineMs: number): Promise<void> {
  return new Promise((resolve) => {
    const deadline = setTimeout(() => server.forceShutdown(), deadlineMs);
    server.tryShutdown(() => {
      clearTimeout(deadline);
      resolve();
    });
  });
}
