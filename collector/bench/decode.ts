import { decodeTraces } from '../src/otlp/wire/decode.ts';
import { traceRequestBytes, traceRequestType } from './otlp-proto.ts';

/** One line of a benchmark: our figure beside the yardstick of the same run; above 1 we are ahead. */
export interface BenchRow {
  name: string;
  ours: number;
  yardstick: number;
  ratio: number;
  unit: string;
  note: string;
}

const ROUNDS = 9;
const ROUND_MS = 250;

/**
 * Decoding of trace requests against protobufjs, rounds taking turns in one process so that both see the same noise.
 * The figure is the median round.
 */
export function benchDecode(): BenchRow[] {
  const type = traceRequestType();
  return [512, 10].map((spans) => {
    const bytes = traceRequestBytes(type, spans);
    const decoders = [() => decodeTraces(bytes).batch.spans.length, () => type.decode(bytes)];
    const rates = decoders.map((): number[] => []);
    for (let round = 0; round <= ROUNDS; round++) {
      decoders.forEach((decode, at) => {
        const rate = spansPerSecond(decode, spans);
        // The first round warms the compiler.
        if (round > 0) rates[at]?.push(rate);
      });
    }
    const [ours = 0, yardstick = 0] = rates.map(median);
    const name = `decode requests of ${spans} spans`;
    return {
      name,
      ours,
      yardstick,
      ratio: ours / yardstick,
      unit: 'spans/s',
      note: 'against protobufjs, compiled decoder',
    };
  });
}

function spansPerSecond(decode: () => unknown, spans: number): number {
  const start = performance.now();
  let done = 0;
  let elapsedMs = 0;
  while (elapsedMs < ROUND_MS) {
    decode();
    done += spans;
    elapsedMs = performance.now() - start;
  }
  return Math.round((done / elapsedMs) * 1000);
}

function median(values: number[]): number {
  return [...values].sort((one, other) => one - other)[values.length >> 1] ?? 0;
}
