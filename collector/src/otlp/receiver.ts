import type { Admission, Consumer, IngestCounters } from '../ingest/consumer.ts';
import type { IngestKey } from './credential-check.ts';

/** What both OTLP receivers need. */
export interface ReceiverOptions {
  host: string;
  /** 0 takes any free port. */
  port: number;
  /** Credentials of senders; an empty list lets everyone in. */
  keys: readonly IngestKey[];
  consumer: Consumer;
  admission: Admission;
  counters: IngestCounters;
  /** Largest request after decompression; the protocol recommends 64 MiB. */
  maxBytes?: number;
}

/** A listening OTLP endpoint. */
export interface Receiver {
  /** Resolves with the bound address; rejects with an Error whose `code` is `EADDRINUSE` when the port is taken. */
  start(): Promise<{ host: string; port: number }>;
  /** Takes no new request, lets those in flight finish until the deadline, then drops their connections. Idempotent. */
  stop(deadlineMs: number): Promise<void>;
}

/** Recommended limit after decompression since opentelemetry-proto 1.11.0. */
export const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;

/** Bytes assumed at headers while a request's size is not known. */
export const ASSUMED_BYTES = 64 * 1024;
