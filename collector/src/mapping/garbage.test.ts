import fc from 'fast-check';
import { Attributes, type AttributeValue } from '../telemetry/attributes.ts';
import type { TraceReducer } from './derivation.ts';
import { readFixture } from './testing/fixtures.ts';
import { itemsOf } from './testing/mapping-driver.ts';
import { scenarioAttributes } from './testing/scenarios.ts';
import { log, span, TRACE } from './testing/span-builder.ts';
import { createTraceReducer } from './trace-reducer.ts';

const NAMES = [
  'langgraph-openinference',
  'ai-sdk-6',
  'openai-agents-openinference',
  'proto-gzip-raw',
  'logfire-pending',
  'mastra-agent-approval',
];
const recorded = NAMES.flatMap((name) => itemsOf(readFixture(name)));
const recordedSpans = recorded.flatMap((item) => ('span' in item ? [item.span] : []));
const made = scenarioAttributes();
const keys = [...new Set([...recordedSpans.flatMap((item) => item.attributes.keys), ...made.map(([key]) => key)])];
const texts = [...recordedSpans.flatMap((item) => item.attributes.values), ...made.map(([, value]) => value)].filter(
  (value) => typeof value === 'string',
);

const garbage: fc.Arbitrary<AttributeValue> = fc.oneof(
  fc.string(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.uint8Array({ maxLength: 8 }),
  fc.jsonValue().map((value) => JSON.stringify(value)),
  fc.constantFrom(...texts).chain((text) => fc.nat({ max: text.length }).map((end) => text.slice(0, end))),
  fc.constantFrom(
    '[',
    '{}',
    '[]',
    '[[]]',
    '{"messages":[[null]]}',
    '[{"role":null,"parts":[null,3,{}]}]',
    '__proto__',
    '{"__proto__":{"role":1}}',
  ),
  fc.array(fc.string(), { maxLength: 3 }),
  fc
    .dictionary(fc.string(), fc.string(), { maxKeys: 3 })
    .map((value) => new Attributes(Object.keys(value), Object.values(value))),
);

const ids = fc.constantFrom('1'.repeat(16), '2'.repeat(16), '3'.repeat(16), '4'.repeat(16));

const anySpan = fc.record({
  id: ids,
  parent: fc.option(ids, { nil: null }),
  pairs: fc.array(fc.tuple(fc.constantFrom(...keys, 'logfire.span_type', 'logfire.pending_parent_id'), garbage), {
    maxLength: 14,
  }),
  kind: fc.constantFrom(
    'LLM',
    'TOOL',
    'CHAIN',
    'AGENT',
    'chat',
    'execute_tool',
    'invoke_agent',
    'ai.toolCall',
    'ai.generateText',
    'ai.generateText.doGenerate',
    'agent_run',
    'model_step',
    'model_inference',
    'model_chunk',
    'llm_request',
    'tool',
    'tool.execution',
    'tool.blocked_on_user',
    '?',
  ),
  key: fc.constantFrom(
    'openinference.span.kind',
    'gen_ai.operation.name',
    'ai.operationId',
    'mastra.span.type',
    'langsmith.span.kind',
    'traceloop.span.kind',
    'span.type',
  ),
  scope: fc.constantFrom('test', 'com.anthropic.claude_code.tracing', 'gcp.vertex.agent', 'gemini-cli', 'pydantic-ai'),
  error: fc.constantFrom('', 'boom', 'Interrupt raised: ask', 'GraphInterrupt: [{"id":"i"}]'),
  start: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  end: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
});

type Sketch = typeof anySpan extends fc.Arbitrary<infer T> ? T : never;

function reducerOf(sketches: readonly Sketch[]): TraceReducer {
  const reducer = createTraceReducer(TRACE);
  for (const { id, parent, pairs, kind, key, start, end, scope, error } of sketches) {
    const all: [string, AttributeValue][] = [...pairs, [key, kind]];
    const attributes = new Attributes(
      all.map(([name]) => name),
      all.map(([, value]) => value),
    );
    const bare = span({ id, scope, name: kind, ...(error === '' ? {} : { error }) });
    reducer.addSpan({ ...bare, parentSpanId: parent, attributes, startNs: start, endNs: end });
  }
  return reducer;
}

test('no attribute value can make mapping throw, in any tree, at any time', () => {
  fc.assert(
    fc.property(fc.array(anySpan, { maxLength: 8 }), (sketches) => {
      const { events } = reducerOf(sketches).derive([]);
      expect(new Set(events.map((event) => event.id)).size).toBe(events.length);
      for (const event of events) {
        expect(event.content().kind).toBeDefined();
        expect(event.summary.length).toBeLessThanOrEqual(500);
        expect(event.searchText.length).toBeLessThanOrEqual(2000);
        expect(event.startedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/);
      }
    }),
    { numRuns: 500 },
  );
});

test('even garbage gives the same events in any order', () => {
  const shuffled = fc
    .array(anySpan, { maxLength: 8 })
    .chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length })),
    );

  fc.assert(
    fc.property(shuffled, ([one, other]) => {
      expect(rowsOf(reducerOf(other))).toBe(rowsOf(reducerOf(one)));
    }),
    { numRuns: 500 },
  );
});

function rowsOf(reducer: TraceReducer): string {
  const { events, ...rest } = reducer.derive([]);
  const plain = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);
  return JSON.stringify([rest, events.map((event) => ({ ...event, content: event.content() }))], plain);
}

test('no log record can make mapping throw', () => {
  const anyLog = fc.record({
    body: garbage,
    eventName: fc.constantFrom(
      'gen_ai.choice',
      'gen_ai.user.message',
      'gen_ai.client.inference.operation.details',
      'gen_ai.evaluation.result',
      'signalbox.plan.set',
      'signalbox.approval.requested',
      'signalbox.chat.token',
      'claude_code.tool_result',
      'claude_code.api_request',
      'gemini_cli.api_response',
      'gemini_cli.tool_call',
      'codex.tool_decision',
      'codex.sse_event',
      '',
    ),
    spanId: fc.option(ids, { nil: null }),
    attributes: fc.array(fc.tuple(fc.constantFrom(...keys), garbage), { maxLength: 8 }).map(
      (pairs) =>
        new Attributes(
          pairs.map(([name]) => name),
          pairs.map(([, value]) => value),
        ),
    ),
  });

  fc.assert(
    fc.property(fc.array(anyLog, { maxLength: 6 }), (records) => {
      const reducer = createTraceReducer(TRACE);
      for (const record of records)
        reducer.addLog({ ...log({ severityNumber: 17, content: record.eventName }), ...record });
      for (const event of reducer.derive([]).events) event.content();
    }),
    { numRuns: 200 },
  );
});

test('no foreign fact can make mapping throw', () => {
  const items = itemsOf(readFixture('openai-agents-openinference')).flatMap((item) =>
    'span' in item && item.span.traceId.startsWith('2999') ? [item.span] : [],
  );
  const reducer = createTraceReducer(items[0]?.traceId ?? '');
  for (const item of items) reducer.addSpan(item);
  const wants = reducer.derive([]).wants;
  const fact = fc.record({
    key: fc.constantFrom(...wants),
    kind: fc.constantFrom('approval_request', 'approval_decision', 'tool_answer', 'else'),
    traceId: fc.constant('b'.repeat(32)),
    data: fc.dictionary(fc.constantFrom('at', 'end', 'decision', 'outcome', 'action'), fc.jsonValue()),
  });

  fc.assert(
    fc.property(fc.array(fact, { maxLength: 5 }), (facts) => {
      for (const event of reducer.derive(facts).events) event.content();
    }),
    { numRuns: 100 },
  );
});
