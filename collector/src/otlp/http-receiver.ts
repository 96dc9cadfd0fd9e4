import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createCredentialCheck, type CredentialHeaders } from './credential-check.ts';
import { createExportService, type ExportOutcome } from './export-service.ts';
import { encodingOf, isKnownCompression, readBody } from './http-body.ts';
import { listen, stopServer } from './http-listener.ts';
import { ASSUMED_BYTES, DEFAULT_MAX_BYTES, type Receiver, type ReceiverOptions } from './receiver.ts';
import { Reservation } from './reservation.ts';
import { encodeResponse, encodeStatus, type Encoding } from './rpc-messages.ts';
import { mappingOf, OVERLOADED, refusalFor, TOO_LARGE, UNAUTHORIZED, type Refusal } from './status-for-error.ts';
import type { Signal } from './wire/decode.ts';

const SIGNALS: Readonly<Record<string, Signal>> = {
  '/v1/traces': 'traces',
  '/v1/logs': 'logs',
  '/v1/metrics': 'metrics',
};

const NOT_FOUND: Refusal = { kind: 'not_found', message: 'no such OTLP endpoint' };
const WRONG_METHOD: Refusal = { kind: 'wrong_method', message: 'OTLP requests are POST requests' };
const WRONG_TYPE: Refusal = {
  kind: 'unsupported',
  message: 'content type must be application/x-protobuf or application/json',
};
const WRONG_COMPRESSION: Refusal = { kind: 'unsupported', message: 'content encoding must be gzip, deflate or zstd' };

/** A request whose headers are in order. */
interface Intake {
  signal: Signal;
  encoding: Encoding;
  compression: string;
}

/**
 * OTLP/HTTP (opentelemetry-proto docs/specification.md, "OTLP/HTTP"): protobuf and JSON; gzip, deflate and zstd. Errors
 * are `google.rpc.Status` in the request's encoding. Everything that headers can decide is decided before the body is
 * read.
 */
export function createHttpReceiver(options: ReceiverOptions): Receiver {
  const { admission, counters, maxBytes = DEFAULT_MAX_BYTES } = options;
  const isKnown = createCredentialCheck(options.keys);
  const service = createExportService(options);

  async function handle(request: IncomingMessage): Promise<ExportOutcome | undefined> {
    const intake = readHeaders(request, isKnown);
    if ('kind' in intake) return { status: 'refused', refusal: intake };
    const length = Number(request.headers['content-length'] ?? ASSUMED_BYTES);
    if (length > maxBytes) return { status: 'refused', refusal: TOO_LARGE };
    const reservation = Reservation.take(admission, length);
    if (reservation === undefined) return { status: 'refused', refusal: OVERLOADED };
    try {
      const read = await readBody(request, intake.compression, { maxBytes, reservation });
      if ('gone' in read) return undefined;
      if ('refusal' in read) return { status: 'refused', refusal: read.refusal };
      return await service.handle(intake.signal, intake.encoding, read.body);
    } finally {
      reservation.release();
    }
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const outcome = await handle(request).catch((error: unknown): ExportOutcome => ({
      status: 'refused',
      refusal: refusalFor(error),
    }));
    if (outcome?.status === 'refused') counters.refused(mappingOf(outcome.refusal).counter);
    if (outcome === undefined || response.destroyed) return;
    discardRest(request, maxBytes);
    respond(request, response, outcome);
  }

  // Node's defaults give a slow peer one minute for headers and five for a body.
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 5_000 });
  server.keepAliveTimeout = 60_000;
  server.maxConnections = 2048;
  server.on('request', (request, response) => void answer(request, response));

  return {
    start: () => listen(server, options),
    stop: (deadlineMs) => stopServer(server, deadlineMs),
  };
}

function readHeaders(request: IncomingMessage, isKnown: (headers: CredentialHeaders) => boolean): Intake | Refusal {
  const { headers } = request;
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
  const signal = Object.hasOwn(SIGNALS, path) ? SIGNALS[path] : undefined;
  if (signal === undefined) return NOT_FOUND;
  if (request.method !== 'POST') return WRONG_METHOD;
  const apiKey = headers['x-api-key'];
  if (!isKnown({ authorization: headers.authorization, apiKey: typeof apiKey === 'string' ? apiKey : undefined })) {
    return UNAUTHORIZED;
  }
  const encoding = encodingOf(headers['content-type']);
  if (encoding === undefined) return WRONG_TYPE;
  const compression = headers['content-encoding']?.trim().toLowerCase() || 'identity';
  return isKnownCompression(compression) ? { signal, encoding, compression } : WRONG_COMPRESSION;
}

// A refused sender may still be sending. Its body is read and dropped, so that it gets the answer and not a reset, but
// only so much of it.
function discardRest(request: IncomingMessage, maxBytes: number): void {
  if (request.complete) return;
  let rest = maxBytes;
  request.on('error', () => undefined);
  request.on('data', (chunk: Buffer) => {
    rest -= chunk.length;
    if (rest < 0) request.destroy();
  });
}

function respond(request: IncomingMessage, response: ServerResponse, outcome: ExportOutcome): void {
  const encoding = encodingOf(request.headers['content-type']) ?? 'json';
  response.setHeader('content-type', encoding === 'json' ? 'application/json' : 'application/x-protobuf');
  response.setHeader('x-content-type-options', 'nosniff');
  if (outcome.status === 'refused') {
    setRefusalHeaders(response, outcome.refusal);
    response.end(encodeStatus(encoding, outcome.refusal));
  } else {
    const signal = SIGNALS[(request.url ?? '').split('?', 1)[0] ?? ''] ?? 'traces';
    response.end(encodeResponse(signal, encoding, outcome.acceptance));
  }
}

function setRefusalHeaders(response: ServerResponse, refusal: Refusal): void {
  response.statusCode = mappingOf(refusal).http;
  if (refusal.retryAfterMs !== undefined) {
    response.setHeader('retry-after', String(Math.max(1, Math.ceil(refusal.retryAfterMs / 1000))));
  }
  if (refusal.kind === 'wrong_method') response.setHeader('allow', 'POST');
  if (refusal.kind === 'unauthorized') response.setHeader('www-authenticate', 'Bearer');
}
