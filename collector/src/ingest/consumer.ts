import type { TelemetryBatch } from '../telemetry/records.ts';

/** Outcome of a consumed request: what was refused for good, and why, in words for the sender (OTLP partial success). */
export interface ConsumeResult {
  rejected: number;
  message: string;
}

/**
 * Takes decoded requests. Resolves only when everything accepted is durable; rejects with a {@link DeliveryError}.
 * Port between the OTLP receivers and the ingest path.
 */
export interface Consumer {
  consume(batch: TelemetryBatch): Promise<ConsumeResult>;
}

/** A batch that was not stored. Retryable unless said otherwise: a sender that repeats it loses nothing. */
export class DeliveryError extends Error {
  readonly retryable: boolean;
  readonly retryAfterMs: number;

  constructor(message: string, options: { retryable?: boolean; retryAfterMs?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'DeliveryError';
    this.retryable = options.retryable ?? true;
    this.retryAfterMs = options.retryAfterMs ?? 1000;
  }
}

/** Budget for bytes in flight, asked before a body is read or inflated. */
export interface Admission {
  /** Reserves `bytes`; undefined when the hard mark would be passed. Call the returned function exactly once. */
  admit(bytes: number): (() => void) | undefined;
}

/** Counters the receivers keep, for `/metrics` and `/api/status`. */
export interface IngestCounters {
  accepted(signal: 'traces' | 'logs' | 'metrics', items: number): void;
  rejected(signal: 'traces' | 'logs' | 'metrics', items: number, reason: string): void;
  /** A request refused as a whole: bad credential, bad body, over a limit, no room. */
  refused(reason: 'unauthorized' | 'malformed' | 'too_large' | 'overloaded' | 'unavailable' | 'unsupported'): void;
}
