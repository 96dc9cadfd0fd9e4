// Time from the start of a span to the frame that shows it, on a real collector and its live stream.
// Two set-ups after each other: the kit, and the SDK alone with OTEL_BSP_SCHEDULE_DELAY=100.
import { type Span, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { createRequire } from 'node:module';
import path from 'node:path';
import { startSignalbox } from '../src/index.ts';
import { collector } from '../test/support.ts';

const ROUNDS = 40;
const WARM_UP = 5;
/** How long each call takes; without the kit nothing can be seen before its end. */
const WORK_MS = 400;
const SCHEDULE_DELAY_MS = 100;
const YARDSTICK_MS = 200;

interface Socket {
  on(event: string, take: (data: Buffer) => void): void;
  close(): void;
}

const { WebSocket } = createRequire(path.join(collector.repository, 'collector', 'package.json'))('ws') as {
  WebSocket: new (url: string, options: object) => Socket;
};

const firstFrames = new Map<string, (at: number) => void>();
const socket = await connect();

const signalbox = startSignalbox({ serviceName: 'kit-bench', endpoint: collector.http });
const withKit = await measure((name) => trace.getTracer('bench').startSpan(name, attributesOf()));
await signalbox.shutdown();

const exporter = new OTLPTraceExporter({ url: `${collector.http}/v1/traces` });
const plain = new TracerProvider({
  spanProcessors: [new BatchSpanProcessor({ exporter, scheduledDelayMillis: SCHEDULE_DELAY_MS })],
});
const without = await measure((name) => plain.getTracer('bench').startSpan(name, attributesOf()));
await plain.shutdown();
socket.close();

report('with the kit', withKit);
report(`only OTEL_BSP_SCHEDULE_DELAY=${SCHEDULE_DELAY_MS}`, without);
const median = quantile(withKit, 0.5);
print(`start to live frame with the kit / yardstick of ${YARDSTICK_MS} ms: ${(median / YARDSTICK_MS).toFixed(2)}`);

function attributesOf() {
  return { attributes: { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'bench' } };
}

/** Starts spans one after the other and waits for the first frame of each. */
async function measure(startSpan: (name: string) => Span): Promise<number[]> {
  const samples: number[] = [];
  for (let round = 0; round < ROUNDS + WARM_UP; round++) {
    const started = performance.now();
    const span = startSpan('invoke_agent bench');
    const seen = new Promise<number>((resolve) => firstFrames.set(span.spanContext().traceId, resolve));
    setTimeout(() => span.end(), WORK_MS);
    const elapsed = (await seen) - started;
    if (round >= WARM_UP) samples.push(elapsed);
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, WORK_MS + 150 - elapsed)));
  }
  return samples.sort((a, b) => a - b);
}

function connect(): Promise<Socket> {
  const url = `${collector.api.replace(/^http/, 'ws')}/ws/events`;
  const opened = new WebSocket(url, { headers: { authorization: `Bearer ${collector.readKey}` } });
  return new Promise((resolve) => {
    opened.on('message', (data) => {
      const at = performance.now();
      const frame = JSON.parse(data.toString()) as { type: string; rows?: { traceId: string }[] };
      if (frame.type === 'hello') resolve(opened);
      for (const { traceId } of frame.rows ?? []) {
        firstFrames.get(traceId)?.(at);
        firstFrames.delete(traceId);
      }
    });
  });
}

function report(name: string, samples: number[]): void {
  const [half, most, all] = [0.5, 0.95, 1].map((part) => `${quantile(samples, part).toFixed(0)} ms`);
  print(`${name}: median ${half}, p95 ${most}, worst ${all} over ${samples.length} spans of ${WORK_MS} ms`);
}

function quantile(sorted: number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
