import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import type { Reservation } from './reservation.ts';
import type { Encoding } from './rpc-messages.ts';
import { OVERLOADED, TOO_LARGE, type Refusal } from './status-for-error.ts';

type Inflate = (bytes: Uint8Array, options: { maxOutputLength: number }) => Promise<Uint8Array>;

/** A body, why there is none, or that the sender went away while sending it. */
export type BodyOutcome = { body: Uint8Array } | { refusal: Refusal } | { gone: true };

const gunzip: Inflate = promisify(zlib.gunzip);
const inflateZlib: Inflate = promisify(zlib.inflate);
const inflateRaw: Inflate = promisify(zlib.inflateRaw);
const unzstd: Inflate = promisify(zlib.zstdDecompress);

const INFLATERS: Readonly<Record<string, Inflate>> = {
  gzip: gunzip,
  'x-gzip': gunzip,
  deflate: (bytes, options) => (hasZlibHeader(bytes) ? inflateZlib(bytes, options) : inflateRaw(bytes, options)),
  zstd: unzstd,
};

/** Encoding that a content type names, parameters aside; undefined for any other type. */
export function encodingOf(contentType: string | undefined): Encoding | undefined {
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase();
  if (type === 'application/x-protobuf' || type === 'application/protobuf') return 'protobuf';
  return type === 'application/json' ? 'json' : undefined;
}

/** Whether bodies in that `content-encoding` can be read. */
export function isKnownCompression(contentEncoding: string): boolean {
  return contentEncoding === 'identity' || Object.hasOwn(INFLATERS, contentEncoding);
}

/** Reads a body and undoes its compression; never more than `maxBytes` in either form. */
export async function readBody(
  request: IncomingMessage,
  compression: string,
  limits: { maxBytes: number; reservation: Reservation },
): Promise<BodyOutcome> {
  const sent = await collect(request, limits);
  const inflate = Object.hasOwn(INFLATERS, compression) ? INFLATERS[compression] : undefined;
  // An empty request is an empty message in any compression.
  if (!('body' in sent) || inflate === undefined || sent.body.length === 0) return sent;
  try {
    const body = await inflate(sent.body, { maxOutputLength: limits.maxBytes });
    return limits.reservation.growTo(sent.body.length + body.length) ? { body } : { refusal: OVERLOADED };
  } catch (error) {
    if (isBufferTooLarge(error)) return { refusal: TOO_LARGE };
    return { refusal: { kind: 'malformed', message: `body is not valid ${compression}` } };
  }
}

function collect(
  request: IncomingMessage,
  limits: { maxBytes: number; reservation: Reservation },
): Promise<BodyOutcome> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size > limits.maxBytes) finish({ refusal: TOO_LARGE });
      else if (!limits.reservation.growTo(size)) finish({ refusal: OVERLOADED });
    };
    const onEnd = () => finish({ body: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size) });
    const onGone = () => finish({ gone: true });
    const finish = (outcome: BodyOutcome) => {
      request.off('data', onData).off('end', onEnd).off('close', onGone);
      resolve(outcome);
    };
    request.on('data', onData).on('end', onEnd).on('close', onGone).on('error', onGone);
  });
}

function hasZlibHeader(bytes: Uint8Array): boolean {
  const [method = 0, flags = 0] = bytes;
  return (method & 15) === 8 && ((method << 8) | flags) % 31 === 0;
}

function isBufferTooLarge(error: unknown): boolean {
  return (error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE';
}
