import type { EventDetail, EventPage } from '@signalbox/event-model';
import { READ_KEY, startTestCollector } from '../src/testing/test-collector.ts';
import { createTestDatabase } from '../src/testing/test-database.ts';
import { LiveClient } from '../src/testing/live-client.ts';
import { randomTraceId } from '../src/testing/trace-changes.ts';

const TOOL = 'write_todos';

/** One run of an agent as an OTLP request: which version it was and what its plan said. */
function run(traceId: string, startMs: number, facts: { version: string; todo: string }) {
  const attributes = (values: Record<string, string>) =>
    Object.entries(values).map(([key, stringValue]) => ({ key, value: { stringValue } }));
  const times = (ms: number) => ({
    startTimeUnixNano: String(BigInt(startMs + ms) * 1_000_000n),
    endTimeUnixNano: String(BigInt(startMs + ms + 1) * 1_000_000n),
  });
  const agent = attributes({
    'gen_ai.operation.name': 'invoke_agent',
    'gen_ai.agent.name': 'planner',
    'gen_ai.agent.version': facts.version,
    'session.id': 'across-runs',
  });
  const tool = attributes({
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': TOOL,
    'gen_ai.tool.call.arguments': JSON.stringify({ todos: [{ content: 'search', status: facts.todo }] }),
  });
  const spans = [
    { traceId, spanId: '00000000000000aa', name: 'invoke_agent', ...times(0), attributes: agent },
    {
      traceId,
      spanId: '00000000000000ab',
      parentSpanId: '00000000000000aa',
      name: TOOL,
      ...times(2),
      attributes: tool,
    },
  ];
  return { resourceSpans: [{ scopeSpans: [{ spans }] }] };
}

test('runs are compared with the one before them, in whatever order and through whatever restart they arrive', async () => {
  const db = await createTestDatabase();
  const [first, second, third] = [randomTraceId(), randomTraceId(), randomTraceId()];
  const t0 = Date.now() - 60_000;
  let collector = await startTestCollector(db.url);
  await collector.send('/v1/traces', run(third, t0 + 2000, { version: '2', todo: 'completed' }));
  await collector.send('/v1/traces', run(first, t0, { version: '1', todo: 'pending' }));
  await collector.stop();
  collector = await startTestCollector(db.url);
  const live = new LiveClient(collector.api, READ_KEY);
  await live.connect();
  const before = await changes(collector);

  await collector.send('/v1/traces', run(second, t0 + 1000, { version: '3', todo: 'pending' }));
  await live.until(() => live.rows.some((row) => row.summary === 'planner 3 → 2'));

  expect(before).toEqual(['0/1 done · search', 'planner 1 → 2', '1/1 done · search']);
  expect(await changes(collector)).toEqual([
    '0/1 done · search',
    'planner 1 → 3',
    'planner 3 → 2',
    '1/1 done · search',
  ]);
  const { events } = await collector.get<EventPage>('/api/events?type=component_modified&order=oldest');
  const detail = await collector.get<EventDetail>(`/api/events/${events[1]?.id}`);
  expect(detail.content).toMatchObject({ fields: { before: { version: '3' }, now: { version: '2' } } });
  live.disconnect();
  await collector.stop();
  await db.drop();
});

async function changes(collector: Awaited<ReturnType<typeof startTestCollector>>): Promise<string[]> {
  const page = await collector.get<EventPage>('/api/events?type=component_modified,plan_update&order=oldest');
  return page.events.map((event) => event.summary);
}
