import type { CorrelationFact, DerivedEvent, DerivedRun, StateFact } from '../mapping/derivation.ts';
import type { LogRecord, MetricPoint, SpanRecord } from '../telemetry/records.ts';

/** What is stored of one event, as far as later changes need it. */
export interface KnownEvent {
  /** Base64url digest of the row's content, to see whether a derivation changed it. */
  fingerprint: string;
  revision: number;
  removed: boolean;
  receivedAt: Date;
}

/** A span or log record with the identity under which it is stored. */
export interface Stored<T> {
  /** Base64url digest of the whole record. */
  hash: string;
  record: T;
}

/** A trace as the database holds it. */
export interface StoredTrace {
  traceId: string;
  /** Day the run was first seen, `YYYY-MM-DD`. */
  bucket: string;
  /** Grows with every write; a writer that read an older one must read again. */
  version: bigint;
  firstSeen: Date;
  /** True when the run had been given up for want of news. */
  lost: boolean;
  spans: Stored<SpanRecord>[];
  logs: Stored<LogRecord>[];
  events: Map<string, KnownEvent>;
}

/** One event to write. `removed` rows keep their last content. */
export interface EventChange {
  event: Omit<DerivedEvent, 'content'>;
  known: KnownEvent;
  isNew: boolean;
}

/** Everything to write for one trace. */
export interface TraceChange {
  traceId: string;
  bucket: string;
  /** Version the change was made from; undefined when the run is new. */
  fromVersion: bigint | undefined;
  firstSeen: Date;
  /** When the oldest item of this change was received. */
  lastSeen: Date;
  run: DerivedRun;
  counts: Record<string, number>;
  agents: string[];
  models: string[];
  tools: string[];
  spans: Stored<SpanRecord>[];
  logs: Stored<LogRecord>[];
  events: EventChange[];
  offers: CorrelationFact[];
  wants: string[];
  states: StateFact[];
}

/** One transaction's worth of work. */
export interface CommitUnit {
  traces: TraceChange[];
  metrics: MetricPoint[];
}

/** A telemetry record that cannot be stored, set aside with the reason. */
export interface QuarantinedRecord {
  signal: 'traces' | 'logs' | 'metrics';
  reason: string;
  record: SpanRecord | LogRecord | MetricPoint;
}

/** Somebody else wrote these traces since they were read: read them again and derive anew. */
export class StaleTraceError extends Error {
  readonly traceIds: readonly string[];

  constructor(traceIds: readonly string[]) {
    super('traces changed since they were read');
    this.name = 'StaleTraceError';
    this.traceIds = traceIds;
  }
}

/** The data itself cannot be stored (SQLSTATE classes 22, 23 and 54): repeating it would fail for ever. */
export class PoisonError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'PoisonError';
  }
}

/** The port between ingest and the database. Every method rejects with a plain error when the database is away. */
export interface TraceStore {
  /** The traces among `traceIds` that exist, with everything received of them. */
  load(traceIds: readonly string[]): Promise<StoredTrace[]>;
  /** Facts that other traces offer under `keys`. */
  facts(keys: readonly string[]): Promise<CorrelationFact[]>;
  /** Traces that want facts under `keys`. */
  wanting(keys: readonly string[]): Promise<{ key: string; traceId: string }[]>;
  /** For each state the nearest before it under its key, those of `except` left out. */
  statesBefore(states: readonly StateFact[], except: readonly string[]): Promise<StateFact[]>;
  /** The traces with the nearest state after each of these: what they were told may have changed. */
  tracesAfter(states: readonly StateFact[]): Promise<string[]>;
  /**
   * Writes everything or nothing, but for metric points of more series than are kept: those are answered. Throws
   * {@link StaleTraceError} or {@link PoisonError}.
   */
  commit(unit: CommitUnit): Promise<readonly MetricPoint[]>;
  quarantine(records: readonly QuarantinedRecord[]): Promise<void>;
  /** Up to `limit` traces whose run goes on but of which nothing was received since `since`. */
  silent(since: Date, limit: number): Promise<string[]>;
}
