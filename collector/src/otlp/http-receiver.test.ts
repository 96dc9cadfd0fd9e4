import { execFile } from 'node:child_process';
import { request as httpRequest, type ClientRequest, type IncomingHttpHeaders } from 'node:http';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { DeliveryError } from '../ingest/consumer.ts';
import { createHttpReceiver } from './http-receiver.ts';
import type { Receiver, ReceiverOptions } from './receiver.ts';
import { onFreePort, recordingPorts, type RecordingPorts } from './testing/receiver-ports.ts';
import { traceBytes, traceJson } from './testing/trace-requests.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const PROTOBUF_TYPE = { 'content-type': 'application/x-protobuf' };
const SPAN = '00f067aa0ba902b7';

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

interface Sent {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: Uint8Array | string;
}

let ports: RecordingPorts;
let receiver: Receiver;
let port: number;

async function startWith(more: Partial<ReceiverOptions>): Promise<void> {
  await receiver.stop(0);
  receiver = createHttpReceiver(onFreePort(ports, more));
  port = (await receiver.start()).port;
}

function open(sent: Sent): ClientRequest {
  const { method = 'POST', path = '/v1/traces', headers = JSON_TYPE } = sent;
  return httpRequest({ host: '127.0.0.1', port, method, path, headers, agent: false });
}

function send(sent: Sent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = open(sent);
    request.on('error', reject);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    request.end(sent.body);
  });
}

function jsonOf(answer: Answer): Record<string, unknown> {
  return JSON.parse(answer.body.toString()) as Record<string, unknown>;
}

beforeEach(async () => {
  ports = recordingPorts();
  receiver = createHttpReceiver(onFreePort(ports));
  port = (await receiver.start()).port;
});

afterEach(async () => {
  await receiver.stop(1000);
  expect(ports.bytesInFlight()).toBe(0);
  expect(ports.doubleReleases()).toBe(0);
});

test('the official exporter delivers spans', async () => {
  const script = join(__dirname, 'testing', 'export-one-span.mjs');
  await promisify(execFile)(process.execPath, [script, `http://127.0.0.1:${port}/v1/traces`]);

  const [span] = ports.batches[0]?.spans ?? [];
  expect(span?.name).toBe('greet');
  expect(span?.attributes.get('answer')).toBe(42);
  expect(ports.accepted).toEqual({ traces: 1 });
});

const compressions: [string, (bytes: Buffer) => Buffer][] = [
  ['identity', (bytes) => bytes],
  ['gzip', gzipSync],
  ['x-gzip', gzipSync],
  ['GZIP', gzipSync],
  ['deflate', deflateSync],
  ['deflate', deflateRawSync],
  ['zstd', zstdCompressSync],
];

test.each(compressions)('takes a body in %s', async (name, compress) => {
  const headers = { ...PROTOBUF_TYPE, 'content-encoding': name };

  const answer = await send({ headers, body: compress(traceBytes(SPAN)) });

  expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'application/x-protobuf' } });
  expect(answer.body).toHaveLength(0);
  expect(ports.batches[0]?.spans[0]?.spanId).toBe(SPAN);
});

test('takes JSON with a charset and answers in JSON', async () => {
  const answer = await send({ headers: { 'content-type': 'application/json; charset=utf-8' }, body: traceJson(SPAN) });

  expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } });
  expect(jsonOf(answer)).toEqual({});
  expect(ports.batches).toHaveLength(1);
});

test.each([
  ['no body in protobuf', { headers: PROTOBUF_TYPE }],
  ['no body in protobuf, said to be gzip', { headers: { ...PROTOBUF_TYPE, 'content-encoding': 'gzip' } }],
  ['an empty object in JSON', { body: '{}' }],
  ['logs', { path: '/v1/logs', body: '{"resourceLogs":[]}' }],
  ['metrics', { path: '/v1/metrics', body: '{}' }],
])('an empty request is fine: %s', async (_name, sent: Sent) => {
  expect((await send(sent)).status).toBe(200);
  expect(ports.batches).toHaveLength(0);
});

const refusals: [string, Sent, number, string][] = [
  ['an unknown path', { path: '/v1/nothing', body: '{}' }, 404, 'unsupported'],
  ['profiles', { path: '/v1development/profiles', body: '{}' }, 404, 'unsupported'],
  ['a name every object has', { path: '/constructor', body: '{}' }, 404, 'unsupported'],
  ['another method', { method: 'GET' }, 405, 'unsupported'],
  ['a preflight', { method: 'OPTIONS' }, 405, 'unsupported'],
  ['another content type', { headers: { 'content-type': 'text/plain' }, body: '{}' }, 415, 'unsupported'],
  ['no content type', { headers: {}, body: '{}' }, 415, 'unsupported'],
  ['an unknown compression', { headers: { ...JSON_TYPE, 'content-encoding': 'br' }, body: '{}' }, 415, 'unsupported'],
  [
    'stacked compressions',
    { headers: { ...JSON_TYPE, 'content-encoding': 'gzip, gzip' }, body: '{}' },
    415,
    'unsupported',
  ],
  ['garbage as gzip', { headers: { ...JSON_TYPE, 'content-encoding': 'gzip' }, body: 'garbage' }, 400, 'malformed'],
  [
    'cut gzip',
    { headers: { ...JSON_TYPE, 'content-encoding': 'gzip' }, body: gzipSync('{}').subarray(0, 12) },
    400,
    'malformed',
  ],
  ['garbage as zstd', { headers: { ...JSON_TYPE, 'content-encoding': 'zstd' }, body: 'garbage' }, 400, 'malformed'],
  ['broken JSON', { body: '{"resourceSpans":[' }, 400, 'malformed'],
  ['JSON of another shape', { body: '[]' }, 400, 'malformed'],
  ['no body in JSON', { body: '' }, 400, 'malformed'],
  ['broken protobuf', { headers: PROTOBUF_TYPE, body: Buffer.from('0aff', 'hex') }, 400, 'malformed'],
];

test.each(refusals)('refuses %s', async (_name, sent, status, counter) => {
  const answer = await send(sent);

  expect(answer.status).toBe(status);
  expect(ports.refused).toEqual([counter]);
  expect(ports.batches).toHaveLength(0);
  if (status === 405) expect(answer.headers.allow).toBe('POST');
});

test('an error body is google.rpc.Status in the encoding of the request', async () => {
  const inJson = await send({ body: 'x' });
  const inProtobuf = await send({ headers: PROTOBUF_TYPE, body: Buffer.from('0aff', 'hex') });

  expect(jsonOf(inJson)).toEqual({ code: 3, message: 'malformed request: not JSON' });
  expect(inProtobuf.headers['content-type']).toBe('application/x-protobuf');
  expect(inProtobuf.body.subarray(0, 2).toString('hex')).toBe('0803');
});

test('a bomb and an oversized body are refused before they take memory', async () => {
  await startWith({ maxBytes: 100_000 });

  const bomb = await send({ headers: { ...JSON_TYPE, 'content-encoding': 'gzip' }, body: gzipSync(Buffer.alloc(1e6)) });
  const large = await send({ body: Buffer.alloc(100_001) });
  const chunked = await send({
    headers: { ...JSON_TYPE, 'transfer-encoding': 'chunked' },
    body: Buffer.alloc(150_000),
  });

  expect([bomb.status, large.status, chunked.status]).toEqual([413, 413, 413]);
  expect(ports.refused).toEqual(['too_large', 'too_large', 'too_large']);
});

test('with keys, only their holders get in', async () => {
  await startWith({
    keys: [
      { name: 'one', key: 'first-key' },
      { name: 'two', key: 'second-key' },
    ],
  });
  const statusWith = async (headers: Record<string, string>) =>
    (await send({ headers: { ...JSON_TYPE, ...headers }, body: '{}' })).status;

  expect(await statusWith({ authorization: 'Bearer second-key' })).toBe(200);
  expect(await statusWith({ 'x-api-key': 'first-key' })).toBe(200);
  expect(await statusWith({})).toBe(401);
  expect(await statusWith({ authorization: 'Bearer second-ke' })).toBe(401);
  expect(await statusWith({ authorization: 'Basic second-key' })).toBe(401);
  expect(await statusWith({ 'x-api-key': '' })).toBe(401);
  expect(ports.refused).toEqual(Array(4).fill('unauthorized'));
});

test('spans with invalid ids are rejected, their siblings kept', async () => {
  const inJson = await send({ body: traceJson(SPAN, '0000000000000000', 'beef') });
  const inProtobuf = await send({ headers: PROTOBUF_TYPE, body: traceBytes('0000000000000000') });

  expect(inJson.status).toBe(200);
  expect(jsonOf(inJson)).toEqual({
    partialSuccess: { rejectedSpans: '2', errorMessage: expect.stringContaining('span id') as string },
  });
  expect(ports.batches[0]?.spans).toHaveLength(1);
  expect(ports.rejected).toEqual({ traces: 3 });
  expect(inProtobuf.body.subarray(2, 4).toString('hex')).toBe('0801');
});

test('what the consumer refuses is told as partial success', async () => {
  ports.answer = () => Promise.resolve({ rejected: 1, message: 'value too large' });

  const answer = await send({ body: traceJson(SPAN, '00f067aa0ba902b8') });

  expect(jsonOf(answer)).toEqual({ partialSuccess: { rejectedSpans: '1', errorMessage: 'value too large' } });
  expect(ports.accepted).toEqual({ traces: 1 });
});

test.each([
  [new DeliveryError('postgres://user:canary@db refused', { retryAfterMs: 2500 }), 503, '3', 14],
  [new DeliveryError('canary', { retryable: false }), 400, undefined, 3],
  [new Error('canary'), 503, '1', 14],
])('a failing consumer is answered without its words: %p', async (error, status, retryAfter, code) => {
  ports.answer = () => Promise.reject(error);

  const answer = await send({ body: traceJson(SPAN) });

  expect(answer.status).toBe(status);
  expect(answer.headers['retry-after']).toBe(retryAfter);
  expect(jsonOf(answer)).toMatchObject({ code });
  expect(answer.body.toString()).not.toContain('canary');
});

test('without room the sender is asked to come back', async () => {
  ports.hardMark = 10;

  const answer = await send({ body: traceJson(SPAN) });

  expect(answer.status).toBe(503);
  expect(answer.headers['retry-after']).toBe('1');
  expect(ports.refused).toEqual(['overloaded']);
});

test('a body that inflates beyond the room left is refused', async () => {
  ports.hardMark = 5_000;

  const body = gzipSync(`{"resourceSpans":[],"filler":"${'a'.repeat(10_000)}"}`);
  const answer = await send({ headers: { ...JSON_TYPE, 'content-encoding': 'gzip' }, body });

  expect(answer.status).toBe(503);
});

test('a sender that leaves in the middle of its body gives its room back', async () => {
  const request = open({ headers: { ...JSON_TYPE, 'content-length': '1000' } });
  request.on('error', () => undefined);
  request.write('{');
  await until(() => ports.bytesInFlight() === 1000);

  request.destroy();

  await until(() => ports.bytesInFlight() === 0);
  expect(ports.refused).toEqual([]);
});

test('a taken port is reported by its code', async () => {
  const second = createHttpReceiver(onFreePort(ports, { port }));

  await expect(second.start()).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await second.stop(0);
});

test('stopping lets a request in flight finish', async () => {
  let release: () => void = () => undefined;
  ports.answer = () => new Promise((resolve) => (release = () => resolve({ rejected: 0, message: '' })));
  const answer = send({ body: traceJson(SPAN) });
  await until(() => ports.batches.length === 1);

  const stopped = receiver.stop(10_000);
  release();

  expect((await answer).status).toBe(200);
  await stopped;
});

test('stopping drops connections at the deadline', async () => {
  const request = open({ headers: { ...JSON_TYPE, 'content-length': '1000' } });
  const failed = once(request, 'error');
  request.write('{');
  await until(() => ports.bytesInFlight() === 1000);

  await receiver.stop(10);

  await failed;
  await until(() => ports.bytesInFlight() === 0);
});

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setImmediate(resolve));
}
