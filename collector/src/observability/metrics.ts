import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { BusCounters } from '../bus/bus-counters.ts';
import type { IngestCounters } from '../ingest/consumer.ts';
import { createBusCounters } from './bus-counters.ts';

/** Totals since the start, for `/api/status`. */
export interface Totals {
  spans: number;
  logs: number;
  rejected: number;
  unauthorized: number;
}

/** The collector's own figures. */
export interface Metrics {
  ingest: IngestCounters;
  bus: BusCounters;
  totals(): Totals;
  liveClients(count: number): void;
  commitSeconds: { observe(seconds: number): void };
  /** Where the replacements by rule are counted. */
  redactions(counts: () => Record<string, number>): void;
  render(): Promise<string>;
}

/** Makes the metrics; names end up on `/metrics`. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const accepted = new Counter({
    name: 'signalbox_items_accepted_total',
    help: 'Spans, log records and metric points stored.',
    labelNames: ['signal'],
    registers,
  });
  const rejected = new Counter({
    name: 'signalbox_items_rejected_total',
    help: 'Items refused for good.',
    labelNames: ['signal', 'reason'],
    registers,
  });
  const refused = new Counter({
    name: 'signalbox_requests_refused_total',
    help: 'OTLP requests refused as a whole.',
    labelNames: ['reason'],
    registers,
  });
  const clients = new Gauge({ name: 'signalbox_stream_clients', help: 'Open live streams.', registers });
  const commit = new Histogram({
    name: 'signalbox_commit_seconds',
    help: 'Time from receipt of a batch to its commit.',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers,
  });
  const totals: Totals = { spans: 0, logs: 0, rejected: 0, unauthorized: 0 };
  return {
    bus: createBusCounters(registry),
    ingest: ingestCounters({ accepted, rejected, refused }, totals),
    totals: () => ({ ...totals }),
    liveClients: (count) => clients.set(count),
    commitSeconds: commit,
    redactions: (counts) => countRedactions(registers, counts),
    render: () => registry.metrics(),
  };
}

// Read when asked for: the redactor counts anyway.
function countRedactions(registers: Registry[], counts: () => Record<string, number>): void {
  new Counter({
    name: 'signalbox_redactions_total',
    help: 'Texts replaced because they looked like secrets.',
    labelNames: ['rule'],
    registers,
    collect() {
      this.reset();
      for (const [rule, count] of Object.entries(counts())) this.inc({ rule }, count);
    },
  });
}

function ingestCounters(
  counters: Record<'accepted' | 'rejected' | 'refused', Counter>,
  totals: Totals,
): IngestCounters {
  return {
    accepted(signal, items) {
      counters.accepted.inc({ signal }, items);
      if (signal === 'traces') totals.spans += items;
      if (signal === 'logs') totals.logs += items;
    },
    rejected(signal, items, reason) {
      counters.rejected.inc({ signal, reason }, items);
      totals.rejected += items;
    },
    refused(reason) {
      counters.refused.inc({ reason });
      if (reason === 'unauthorized') totals.unauthorized++;
    },
  };
}
