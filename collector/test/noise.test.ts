import type { EventPage, RunPage } from '@signalbox/event-model';
import { startTestCollector } from '../src/testing/test-collector.ts';
import { createTestDatabase } from '../src/testing/test-database.ts';
import { randomTraceId } from '../src/testing/trace-changes.ts';

jest.setTimeout(120_000);

const SPANS = 100_000;
const BATCH = 1_000;

/** Spans of a library that has nothing to do with agents: nested, all in one trace. */
function noise(traceId: string, from: number) {
  const start = 1_790_000_000_000_000_000n;
  const spans = Array.from({ length: BATCH }, (_, at) => {
    const number = from + at;
    const begin = start + BigInt(number) * 1000n;
    return {
      traceId,
      spanId: (number + 1).toString(16).padStart(16, '0'),
      parentSpanId:
        number === 0
          ? ''
          : Math.ceil(number / 3)
              .toString(16)
              .padStart(16, '0'),
      name: 'poll_next',
      startTimeUnixNano: String(begin),
      endTimeUnixNano: String(begin + 900n),
      attributes: [{ key: 'code.namespace', value: { stringValue: 'tokio::runtime' } }],
    };
  });
  return { resourceSpans: [{ scopeSpans: [{ scope: { name: 'codex_core' }, spans }] }] };
}

test('a trace of 100,000 spans that are no agent work costs no event and little memory', async () => {
  const db = await createTestDatabase();
  const collector = await startTestCollector(db.url);
  const traceId = randomTraceId();
  const before = process.memoryUsage().heapUsed;

  for (let from = 0; from < SPANS; from += BATCH) await collector.send('/v1/traces', noise(traceId, from));
  global.gc?.();
  const grown = process.memoryUsage().heapUsed - before;

  const { rows } = await db.database.read.query<{ count: bigint }>('select count(*) from spans');
  expect(rows[0]?.count).toBe(BigInt(SPANS));
  expect((await collector.get<EventPage>('/api/events')).events).toEqual([]);
  expect((await collector.get<RunPage>('/api/runs')).runs).toHaveLength(1);
  expect(grown).toBeLessThan(400 * 1024 * 1024);
  await collector.stop();
  await db.drop();
});
