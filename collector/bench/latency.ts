import { setTimeout as after } from 'node:timers/promises';
import { LiveClient } from '../src/testing/live-client.ts';
import { agentRequest } from './agent-traffic.ts';
import { BENCH_KEY, type BenchCollector } from './bench-collector.ts';
import { percentile, type Figure } from './figures.ts';

const SECONDS = 20;
const EVENTS_PER_SECOND = 1000;
/** Events that one trace of {@link agentRequest} becomes. */
const EVENTS_PER_TRACE = 6;
const EVERY_MS = 50;

/** Open loop at a fixed rate: time from sending a request to the arrival of its first event in a frame. */
export async function benchLatency(collector: BenchCollector): Promise<Figure[]> {
  const client = new LiveClient(collector.api, BENCH_KEY);
  await client.connect();
  const sentAt = new Map<string, number>();
  const delays: number[] = [];
  let looked = 0;
  const look = (): boolean => {
    for (; looked < client.rows.length; looked++) {
      const traceId = client.rows[looked]?.traceId ?? '';
      const at = sentAt.get(traceId);
      if (at === undefined) continue;
      delays.push(performance.now() - at);
      sentAt.delete(traceId);
    }
    return false;
  };
  void client.until(look);
  const traces = Math.round((EVENTS_PER_SECOND / EVENTS_PER_TRACE / 1000) * EVERY_MS);
  const started = performance.now();
  const pending: Promise<unknown>[] = [];
  for (let tick = 0; tick * EVERY_MS < SECONDS * 1000; tick++) {
    await after(Math.max(0, started + tick * EVERY_MS - performance.now()));
    const { body, traceIds } = agentRequest(traces, 2000);
    const now = performance.now();
    for (const traceId of traceIds) sentAt.set(traceId, now);
    pending.push(send(collector, body));
  }
  await Promise.all(pending);
  await client.until(() => look() || sentAt.size === 0);
  client.disconnect();
  const note = `${EVENTS_PER_SECOND} events/s for ${SECONDS} s, ${client.rows.length} rows`;
  return [50, 99].map((percent) => ({
    name: `send to frame p${percent}`,
    ours: percentile(delays, percent),
    yardstick: undefined,
    unit: 'ms',
    note: percent === 99 ? `${note}; goal 100 ms` : note,
  }));
}

async function send(collector: BenchCollector, body: string): Promise<void> {
  const answer = await fetch(`${collector.http}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`the collector answered ${answer.status}`);
}
