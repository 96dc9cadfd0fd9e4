import type { Consumer, IngestCounters } from '../ingest/consumer.ts';
import type { TelemetryBatch } from '../telemetry/records.ts';
import type { Acceptance, Encoding } from './rpc-messages.ts';
import { refusalFor, type Refusal } from './status-for-error.ts';
import { decodeJson, decodeProtobuf, type Signal } from './wire/decode.ts';

/** Outcome of one export request, before a transport puts it into its own words. */
export type ExportOutcome = { status: 'accepted'; acceptance: Acceptance } | { status: 'refused'; refusal: Refusal };

/** Where both transports meet: decode, hand over, account. */
export interface ExportService {
  /** Never rejects. `accepted` means that everything kept is durable. */
  handle(signal: Signal, encoding: Encoding, body: Uint8Array): Promise<ExportOutcome>;
}

export function createExportService(ports: { consumer: Consumer; counters: IngestCounters }): ExportService {
  const { consumer, counters } = ports;

  async function accept(signal: Signal, encoding: Encoding, body: Uint8Array): Promise<Acceptance> {
    const decoded = encoding === 'json' ? decodeJson(signal, body) : decodeProtobuf(signal, body);
    const items = countItems(decoded.batch);
    const consumed = items === 0 ? { rejected: 0, message: '' } : await consumer.consume(decoded.batch);
    counters.accepted(signal, items - consumed.rejected);
    if (decoded.rejected > 0) counters.rejected(signal, decoded.rejected, decoded.reason);
    if (consumed.rejected > 0) counters.rejected(signal, consumed.rejected, consumed.message);
    const message = [decoded.reason, consumed.message].filter((part) => part !== '').join('; ');
    return { rejected: decoded.rejected + consumed.rejected, message };
  }

  return {
    async handle(signal, encoding, body) {
      try {
        return { status: 'accepted', acceptance: await accept(signal, encoding, body) };
      } catch (error) {
        return { status: 'refused', refusal: refusalFor(error) };
      }
    },
  };
}

function countItems(batch: TelemetryBatch): number {
  return batch.spans.length + batch.logs.length + batch.metrics.length;
}
