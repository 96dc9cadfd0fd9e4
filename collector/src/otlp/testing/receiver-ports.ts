import type { Admission, ConsumeResult, Consumer, IngestCounters } from '../../ingest/consumer.ts';
import type { TelemetryBatch } from '../../telemetry/records.ts';
import type { ReceiverOptions } from '../receiver.ts';

/** Ports of a receiver that record what they were given. */
export interface RecordingPorts {
  consumer: Consumer;
  admission: Admission;
  counters: IngestCounters;
  batches: TelemetryBatch[];
  refused: string[];
  accepted: Record<string, number>;
  rejected: Record<string, number>;
  /** Bytes admitted and not yet given back. */
  bytesInFlight(): number;
  /** Releases called more often than once each; stays 0. */
  doubleReleases(): number;
  /** What the next batches are answered with. */
  answer: (batch: TelemetryBatch) => Promise<ConsumeResult>;
  /** Most bytes in flight. */
  hardMark: number;
}

export function recordingPorts(): RecordingPorts {
  let inFlight = 0;
  let doubles = 0;
  const ports: RecordingPorts = {
    batches: [],
    refused: [],
    accepted: {},
    rejected: {},
    hardMark: Number.POSITIVE_INFINITY,
    answer: () => Promise.resolve({ rejected: 0, message: '' }),
    bytesInFlight: () => inFlight,
    doubleReleases: () => doubles,
    consumer: {
      consume: (batch) => {
        ports.batches.push(batch);
        return ports.answer(batch);
      },
    },
    admission: {
      admit: (bytes) => {
        if (inFlight + bytes > ports.hardMark) return undefined;
        inFlight += bytes;
        let isReleased = false;
        return () => {
          if (isReleased) doubles++;
          else inFlight -= bytes;
          isReleased = true;
        };
      },
    },
    counters: {
      accepted: (signal, items) => void (ports.accepted[signal] = (ports.accepted[signal] ?? 0) + items),
      rejected: (signal, items) => void (ports.rejected[signal] = (ports.rejected[signal] ?? 0) + items),
      refused: (reason) => void ports.refused.push(reason),
    },
  };
  return ports;
}

/** Options for a receiver on a free loopback port without credentials. */
export function onFreePort(ports: RecordingPorts, more: Partial<ReceiverOptions> = {}): ReceiverOptions {
  return { host: '127.0.0.1', port: 0, keys: [], ...ports, ...more };
}
