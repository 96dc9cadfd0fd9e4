import { status as grpcStatus } from '@grpc/grpc-js';
import { DeliveryError, type IngestCounters } from '../ingest/consumer.ts';
import { DecodeError } from './wire/decode-error.ts';

/** Why a request was refused as a whole. `message` is for the sender: fixed words, never those of a driver. */
export interface Refusal {
  kind: RefusalKind;
  message: string;
  /** Only for refusals that a repeated request can overcome. */
  retryAfterMs?: number;
}

export type RefusalKind = keyof typeof REFUSALS;

interface Mapping {
  grpc: grpcStatus;
  http: number;
  counter: Parameters<IngestCounters['refused']>[0];
}

// UNKNOWN, INTERNAL and 500 make senders drop the data (opentelemetry-proto docs/specification.md, "Failures"), so
// whatever a later attempt could save maps to UNAVAILABLE and 503.
const REFUSALS = {
  unauthorized: { grpc: grpcStatus.UNAUTHENTICATED, http: 401, counter: 'unauthorized' },
  malformed: { grpc: grpcStatus.INVALID_ARGUMENT, http: 400, counter: 'malformed' },
  too_large: { grpc: grpcStatus.RESOURCE_EXHAUSTED, http: 413, counter: 'too_large' },
  overloaded: { grpc: grpcStatus.UNAVAILABLE, http: 503, counter: 'overloaded' },
  unavailable: { grpc: grpcStatus.UNAVAILABLE, http: 503, counter: 'unavailable' },
  unsupported: { grpc: grpcStatus.INVALID_ARGUMENT, http: 415, counter: 'unsupported' },
  not_found: { grpc: grpcStatus.NOT_FOUND, http: 404, counter: 'unsupported' },
  wrong_method: { grpc: grpcStatus.UNIMPLEMENTED, http: 405, counter: 'unsupported' },
} as const satisfies Record<string, Mapping>;

export const UNAUTHORIZED: Refusal = { kind: 'unauthorized', message: 'missing or unknown ingest key' };
export const TOO_LARGE: Refusal = { kind: 'too_large', message: 'request is larger than the collector takes' };
export const OVERLOADED: Refusal = {
  kind: 'overloaded',
  message: 'too much telemetry in flight, send this again later',
  retryAfterMs: 1000,
};

/** gRPC status, HTTP status and counter of a refusal. */
export function mappingOf(refusal: Refusal): Mapping {
  return REFUSALS[refusal.kind];
}

/** The refusal that an error means. An error nobody expected counts as passing: the sender should try again. */
export function refusalFor(error: unknown): Refusal {
  if (error instanceof DecodeError) return { kind: 'malformed', message: `malformed request: ${error.message}` };
  if (error instanceof DeliveryError && !error.retryable) {
    return { kind: 'malformed', message: 'the collector cannot take this telemetry' };
  }
  const retryAfterMs = error instanceof DeliveryError ? error.retryAfterMs : 1000;
  return {
    kind: 'unavailable',
    message: 'the collector cannot store telemetry now, send this again later',
    retryAfterMs,
  };
}
