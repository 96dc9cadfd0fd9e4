import type { TelemetryBatch } from '../../telemetry/records.ts';
import { DecodeError } from './decode-error.ts';
import { readRequest, type ReadItem } from './read-envelope.ts';
import { readLogRecord } from './read-logs.ts';
import { readMetric } from './read-metrics.ts';
import { parseRequest } from './json-text.ts';
import { readJsonLogs, readJsonMetrics, readJsonSpans } from './json-requests.ts';
import { readSpan } from './read-spans.ts';
import { INVALID_SPAN_ID, Rejections } from './rejections.ts';
import { StringCache } from './string-cache.ts';
import { WireReader } from './wire-reader.ts';

/** The three OTLP signals this collector takes. */
export type Signal = 'traces' | 'logs' | 'metrics';

/** A request as records, plus what had to be refused for good inside it. */
export interface Decoded {
  batch: TelemetryBatch;
  rejected: number;
  /** Why the first refused item was refused, in words for the sender; empty when none was. */
  reason: string;
}

// Shared by all requests: keys of one agent are the keys of the next. It holds short ASCII strings in fixed room.
const strings = new StringCache();

/** Reads an `ExportTraceServiceRequest`. Throws only {@link DecodeError}; spans with invalid ids are counted as rejected. */
export function decodeTraces(bytes: Uint8Array): Decoded {
  return decode(bytes, (batch, rejections) => (reader, end, origin) => {
    const span = readSpan(reader, end, origin);
    if (span === null) rejections.add(INVALID_SPAN_ID);
    else batch.spans.push(span);
  });
}

/** Reads an `ExportLogsServiceRequest`. Throws only {@link DecodeError}. */
export function decodeLogs(bytes: Uint8Array): Decoded {
  return decode(bytes, (batch) => (reader, end, origin) => {
    batch.logs.push(readLogRecord(reader, end, origin));
  });
}

/** Reads an `ExportMetricsServiceRequest`. Throws only {@link DecodeError}. */
export function decodeMetrics(bytes: Uint8Array): Decoded {
  return decode(bytes, (batch) => (reader, end, origin) => {
    readMetric(reader, end, origin, batch.metrics);
  });
}

/** Reads the request of any signal from protobuf. */
export function decodeProtobuf(signal: Signal, bytes: Uint8Array): Decoded {
  if (signal === 'traces') return decodeTraces(bytes);
  return signal === 'logs' ? decodeLogs(bytes) : decodeMetrics(bytes);
}

/** Reads the request of any signal from OTLP/JSON (opentelemetry-proto docs/specification.md, "JSON Protobuf Encoding"). */
export function decodeJson(signal: Signal, json: string | Uint8Array): Decoded {
  const batch: TelemetryBatch = { spans: [], logs: [], metrics: [] };
  const rejections = new Rejections();
  guarded(() => {
    const request = parseRequest(json);
    if (signal === 'traces') readJsonSpans(request, batch.spans, rejections);
    else if (signal === 'logs') readJsonLogs(request, batch.logs);
    else readJsonMetrics(request, batch.metrics);
  });
  return { batch, rejected: rejections.count, reason: rejections.reason };
}

function decode(bytes: Uint8Array, itemReader: (batch: TelemetryBatch, rejections: Rejections) => ReadItem): Decoded {
  const batch: TelemetryBatch = { spans: [], logs: [], metrics: [] };
  const rejections = new Rejections();
  guarded(() => {
    readRequest(new WireReader(bytes, strings), bytes.length, itemReader(batch, rejections));
  });
  return { batch, rejected: rejections.count, reason: rejections.reason };
}

function guarded(read: () => void): void {
  try {
    read();
  } catch (error) {
    throw error instanceof DecodeError ? error : new DecodeError('unreadable body', { cause: error });
  }
}
