import type { EventPage, Run } from '@signalbox/event-model';
import { createTestDatabase } from '../src/testing/test-database.ts';
import { LiveClient } from '../src/testing/live-client.ts';
import { READ_KEY, startTestCollector } from '../src/testing/test-collector.ts';
import { randomTraceId } from '../src/testing/trace-changes.ts';

function span(traceId: string, spanId: string, parentSpanId: string, attributes: Record<string, string>) {
  const pairs = Object.entries(attributes).map(([key, stringValue]) => ({ key, value: { stringValue } }));
  const end = BigInt(Date.now()) * 1_000_000n;
  return {
    resourceSpans: [
      {
        scopeSpans: [
          {
            spans: [
              {
                traceId,
                spanId,
                parentSpanId,
                name: attributes['gen_ai.operation.name'],
                startTimeUnixNano: String(end - 1_000_000n),
                endTimeUnixNano: String(end),
                attributes: pairs,
              },
            ],
          },
        ],
      },
    ],
  };
}

test('a run whose end never comes is lost after its lease, and comes back when it speaks again', async () => {
  const db = await createTestDatabase();
  const collector = await startTestCollector(db.url, { SIGNALBOX_RUN_LEASE_SECONDS: '1' });
  const live = new LiveClient(collector.api, READ_KEY);
  await live.connect();
  const traceId = randomTraceId();
  const agent = '00000000000000aa';
  const call = JSON.stringify([
    { role: 'assistant', parts: [{ type: 'tool_call', id: 'c1', name: 'search', arguments: {} }] },
  ]);

  await collector.send(
    '/v1/traces',
    span(traceId, '00000000000000a1', agent, { 'gen_ai.operation.name': 'chat', 'gen_ai.output.messages': call }),
  );
  const running = live.until(() => live.rows.some((row) => row.type === 'tool_call' && row.status === 'in_progress'));
  await running;
  await live.until(() => live.rows.some((row) => row.type === 'tool_call' && row.status === 'lost'));
  const lost = await collector.get<Run>(`/api/runs/${traceId}`);

  await collector.send(
    '/v1/traces',
    span(traceId, '00000000000000a2', agent, {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'search',
      'gen_ai.tool.call.id': 'c1',
    }),
  );
  await collector.send(
    '/v1/traces',
    span(traceId, agent, '', { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'a' }),
  );

  expect(lost.status).toBe('lost');
  expect((await collector.get<Run>(`/api/runs/${traceId}`)).status).toBe('completed');
  const { events } = await collector.get<EventPage>(`/api/events?run=${traceId}&type=tool_call`);
  expect(events.map((event) => event.status)).toEqual(['completed']);
  live.disconnect();
  await collector.stop();
  await db.drop();
});
