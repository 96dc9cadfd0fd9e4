import { connect, type ClientHttp2Session, type IncomingHttpHeaders } from 'node:http2';
import { gzipSync } from 'node:zlib';
import { Client, credentials, Metadata, status, type ServiceError } from '@grpc/grpc-js';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { BasicTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { DeliveryError } from '../ingest/consumer.ts';
import { createGrpcReceiver } from './grpc-receiver.ts';
import type { Receiver, ReceiverOptions } from './receiver.ts';
import { onFreePort, recordingPorts, type RecordingPorts } from './testing/receiver-ports.ts';
import { traceBytes } from './testing/trace-requests.ts';

const TRACES = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
const LOGS = '/opentelemetry.proto.collector.logs.v1.LogsService/Export';
const METRICS = '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export';
const SPAN = '00f067aa0ba902b7';

let ports: RecordingPorts;
let receiver: Receiver;
let client: Client;
let port: number;

async function startWith(more: Partial<ReceiverOptions>): Promise<void> {
  client?.close();
  await receiver?.stop(0);
  receiver = createGrpcReceiver(onFreePort(ports, more));
  port = (await receiver.start()).port;
  client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
}

function call(body: Buffer, options: { path?: string; metadata?: Metadata } = {}): Promise<Buffer> {
  const same = (bytes: Buffer) => bytes;
  const { path = TRACES, metadata = new Metadata() } = options;
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(path, same, same, body, metadata, (error, answer) => {
      if (error === null) resolve(answer ?? Buffer.alloc(0));
      else reject(error);
    });
  });
}

function failureOf(promise: Promise<unknown>): Promise<ServiceError> {
  return promise.then(
    () => Promise.reject(new Error('the call succeeded')),
    (error: ServiceError) => error,
  );
}

function retryInfoOf(error: ServiceError): string {
  return String(error.metadata.get('grpc-status-details-bin')[0]);
}

beforeEach(async () => {
  ports = recordingPorts();
  await startWith({});
});

afterEach(async () => {
  client.close();
  await receiver.stop(1000);
  await until(() => ports.bytesInFlight() === 0);
  expect(ports.doubleReleases()).toBe(0);
});

test('the official exporter delivers spans', async () => {
  const exporter = new OTLPTraceExporter({ url: `http://127.0.0.1:${port}` });
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });

  provider
    .getTracer('test')
    .startSpan('greet', { attributes: { answer: 42 } })
    .end();
  await provider.forceFlush();
  await provider.shutdown();

  expect(ports.batches[0]?.spans[0]?.attributes.get('answer')).toBe(42);
});

test.each([TRACES, LOGS, METRICS])('an empty request to %s is fine', async (path) => {
  expect(await call(Buffer.alloc(0), { path })).toHaveLength(0);
  expect(ports.batches).toHaveLength(0);
});

test('spans with invalid ids are rejected, their siblings kept', async () => {
  const answer = await call(traceBytes(SPAN, '0000000000000000'));

  expect(answer.subarray(2, 4).toString('hex')).toBe('0801');
  expect(ports.batches[0]?.spans).toHaveLength(1);
});

test('a damaged request is INVALID_ARGUMENT', async () => {
  expect((await failureOf(call(Buffer.from('0aff', 'hex')))).code).toBe(status.INVALID_ARGUMENT);
  expect(ports.refused).toEqual(['malformed']);
});

test.each([
  [new DeliveryError('canary', { retryAfterMs: 2500 }), status.UNAVAILABLE],
  [new DeliveryError('canary', { retryable: false }), status.INVALID_ARGUMENT],
  [new Error('canary'), status.UNAVAILABLE],
])('a failing consumer is answered without its words: %p', async (error, code) => {
  ports.answer = () => Promise.reject(error);

  const failure = await failureOf(call(traceBytes(SPAN)));

  expect(failure.code).toBe(code);
  expect(failure.details).not.toContain('canary');
  expect(retryInfoOf(failure).includes('RetryInfo')).toBe(code === status.UNAVAILABLE);
});

test('without room the sender is asked to come back', async () => {
  ports.hardMark = 10;

  const failure = await failureOf(call(traceBytes(SPAN)));

  expect(failure.code).toBe(status.UNAVAILABLE);
  expect(retryInfoOf(failure)).toContain('RetryInfo');
  expect(ports.refused).toEqual(['overloaded']);
});

test('a message beyond the room left is refused', async () => {
  ports.hardMark = 100_000;

  expect((await failureOf(call(Buffer.alloc(200_000)))).code).toBe(status.UNAVAILABLE);
});

test('a message over the limit is RESOURCE_EXHAUSTED without a hint to retry', async () => {
  await startWith({ maxBytes: 1000 });

  const failure = await failureOf(call(Buffer.alloc(2000)));

  expect(failure.code).toBe(status.RESOURCE_EXHAUSTED);
  expect(retryInfoOf(failure)).toBe('undefined');
});

test('with keys, only their holders get in', async () => {
  await startWith({ keys: [{ name: 'one', key: 'first-key' }] });
  const withMetadata = (entries: Record<string, string>) => {
    const metadata = new Metadata();
    for (const [key, value] of Object.entries(entries)) metadata.set(key, value);
    return call(Buffer.alloc(0), { metadata });
  };

  await withMetadata({ authorization: 'Bearer first-key' });
  await withMetadata({ 'x-api-key': 'first-key' });
  expect((await failureOf(withMetadata({}))).code).toBe(status.UNAUTHENTICATED);
  expect((await failureOf(withMetadata({ 'x-api-key': 'other' }))).code).toBe(status.UNAUTHENTICATED);
});

test('a stranger is turned away before its body arrives', async () => {
  await startWith({ keys: [{ name: 'one', key: 'first-key' }] });
  await withSession(async (session) => {
    const stream = session.request(headersFor(TRACES));

    const headers = await new Promise<IncomingHttpHeaders>((resolve) => stream.once('response', resolve));

    expect(headers['grpc-status']).toBe(String(status.UNAUTHENTICATED));
    expect(ports.refused).toEqual(['unauthorized']);
    stream.close();
  });
});

test.each([
  ['gzip', 'gzip', frame(1, gzipSync(traceBytes(SPAN))), status.OK],
  ['garbage as gzip', 'gzip', frame(1, Buffer.from('garbage')), status.INTERNAL],
  ['an unknown compression', 'br', frame(1, Buffer.from('garbage')), status.UNIMPLEMENTED],
  ['a bomb', 'gzip', frame(1, gzipSync(Buffer.alloc(2_000_000))), status.RESOURCE_EXHAUSTED],
  ['an impossible length', 'identity', Buffer.from('00ffffffff', 'hex'), status.RESOURCE_EXHAUSTED],
  [
    'two messages',
    'identity',
    Buffer.concat([frame(0, traceBytes(SPAN)), frame(0, traceBytes(SPAN))]),
    status.UNIMPLEMENTED,
  ],
  ['no message', 'identity', Buffer.alloc(0), status.UNIMPLEMENTED],
])('raw HTTP/2: %s', async (_name, encoding, body, expected) => {
  await startWith({ maxBytes: 1_000_000 });
  await withSession(async (session) => {
    const stream = session.request({ ...headersFor(TRACES), 'grpc-encoding': encoding });
    const seen = await new Promise<IncomingHttpHeaders>((resolve) => {
      stream.on('response', (headers) => (headers['grpc-status'] === undefined ? undefined : resolve(headers)));
      stream.on('trailers', resolve);
      stream.resume();
      stream.end(body);
    });

    expect(seen['grpc-status']).toBe(String(expected));
  });
});

test('a sender that leaves in the middle of its body gives its room back', async () => {
  await withSession(async (session) => {
    const stream = session.request(headersFor(TRACES));
    stream.on('error', () => undefined);
    stream.write(Buffer.from('00000003e8', 'hex'));
    await until(() => ports.bytesInFlight() > 0);

    stream.close(8);

    await until(() => ports.bytesInFlight() === 0);
  });
});

test('a sender that leaves while its batch is stored gives its room back when that is done', async () => {
  let release: () => void = () => undefined;
  ports.answer = () => new Promise((resolve) => (release = () => resolve({ rejected: 0, message: '' })));
  const failure = failureOf(call(traceBytes(SPAN)));
  await until(() => ports.batches.length === 1);

  client.close();
  await receiver.stop(0);
  expect((await failure).code).not.toBe(status.OK);
  expect(ports.bytesInFlight()).toBeGreaterThan(0);
  release();

  await until(() => ports.bytesInFlight() === 0);
});

test('a taken port is reported by its code', async () => {
  const second = createGrpcReceiver(onFreePort(ports, { port }));

  await expect(second.start()).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await second.stop(0);
});

test('stopping lets a call in flight finish', async () => {
  let release: () => void = () => undefined;
  ports.answer = () => new Promise((resolve) => (release = () => resolve({ rejected: 0, message: '' })));
  const answer = call(traceBytes(SPAN));
  await until(() => ports.batches.length === 1);

  const stopped = receiver.stop(10_000);
  release();

  expect(await answer).toHaveLength(0);
  await stopped;
});

function headersFor(path: string): Record<string, string> {
  return { ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers' };
}

function frame(compressed: 0 | 1, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head[0] = compressed;
  head.writeUInt32BE(body.length, 1);
  return Buffer.concat([head, body]);
}

async function withSession(use: (session: ClientHttp2Session) => Promise<void>): Promise<void> {
  const session = connect(`http://127.0.0.1:${port}`);
  try {
    await use(session);
  } finally {
    session.destroy();
  }
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setImmediate(resolve));
}
