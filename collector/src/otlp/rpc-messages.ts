import { mappingOf, type Refusal } from './status-for-error.ts';
import type { Signal } from './wire/decode.ts';

/** Body encodings of OTLP. */
export type Encoding = 'protobuf' | 'json';

/** Accepted request: what was refused inside it, in words for the sender. */
export interface Acceptance {
  rejected: number;
  message: string;
}

const REJECTED_FIELD = { traces: 'rejectedSpans', logs: 'rejectedLogRecords', metrics: 'rejectedDataPoints' } as const;
const RETRY_INFO = 'type.googleapis.com/google.rpc.RetryInfo';
const NOTHING = Buffer.alloc(0);

/** `Export…ServiceResponse`; `partial_success` only when there is something to say (opentelemetry-proto collector/…/v1). */
export function encodeResponse(signal: Signal, encoding: Encoding, { rejected, message }: Acceptance): Buffer {
  const isFull = rejected === 0 && message === '';
  if (encoding === 'json') {
    const partialSuccess = { [REJECTED_FIELD[signal]]: String(rejected), errorMessage: message };
    return Buffer.from(JSON.stringify(isFull ? {} : { partialSuccess }));
  }
  if (isFull) return NOTHING;
  return delimited(1, Buffer.concat([integer(1, rejected), delimited(2, Buffer.from(message))]));
}

/** `google.rpc.Status` of a refusal, with `RetryInfo` when trying again can help. */
export function encodeStatus(encoding: Encoding, refusal: Refusal): Buffer {
  const { grpc: code } = mappingOf(refusal);
  const { message, retryAfterMs } = refusal;
  if (encoding === 'json') {
    const details = retryAfterMs === undefined ? {} : { details: [jsonRetryInfo(retryAfterMs)] };
    return Buffer.from(JSON.stringify({ code, message, ...details }));
  }
  const details = retryAfterMs === undefined ? NOTHING : delimited(3, retryInfo(retryAfterMs));
  return Buffer.concat([integer(1, code), delimited(2, Buffer.from(message)), details]);
}

function jsonRetryInfo(retryAfterMs: number): object {
  return { '@type': RETRY_INFO, retryDelay: `${(retryAfterMs / 1000).toFixed(3)}s` };
}

// google.protobuf.Any around RetryInfo { Duration retry_delay = 1 { seconds = 1, nanos = 2 } }.
function retryInfo(retryAfterMs: number): Buffer {
  const nanos = Math.round((retryAfterMs % 1000) * 1e6);
  const duration = Buffer.concat([integer(1, Math.floor(retryAfterMs / 1000)), integer(2, nanos)]);
  return Buffer.concat([delimited(1, Buffer.from(RETRY_INFO)), delimited(2, delimited(1, duration))]);
}

function delimited(field: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(field << 3) | 2]), varint(content.length), content]);
}

function integer(field: number, value: number): Buffer {
  return value === 0 ? NOTHING : Buffer.concat([Buffer.from([field << 3]), varint(value)]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  bytes.push(rest);
  return Buffer.from(bytes);
}
