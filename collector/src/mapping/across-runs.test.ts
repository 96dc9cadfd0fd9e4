import type { DerivedEvent } from './derivation.ts';
import { MappingDriver, type Item } from './testing/mapping-driver.ts';
import { SCENARIOS } from './testing/scenarios.ts';
import { at, log, span } from './testing/span-builder.ts';

const AGENT = SCENARIOS['an agent that changes from run to run'] ?? [];
const TRACES = ['a', 'b', 'c'].map((digit) => digit.repeat(32));

function eventsOf(items: readonly Item[], type: string): DerivedEvent[] {
  const driver = new MappingDriver();
  for (const item of items) driver.add([item]);
  return driver.events().filter((event) => event.type === type);
}

describe('an agent', () => {
  test('that is not made as in the run before is a modified component, with what changed', () => {
    const events = eventsOf(AGENT, 'component_modified');

    expect(events).toMatchObject([
      { traceId: TRACES[1], summary: 'coder · new instructions', source: { basis: 'inferred' } },
      { traceId: TRACES[2], summary: 'coder 1 → 2', source: { basis: 'declared' } },
    ]);
    expect(events[1]?.content()).toMatchObject({
      fields: { component: 'coder', changed: ['version'], before: { version: '1' }, now: { version: '2' } },
    });
  });

  test('is compared with the run before it, whichever run arrives first', () => {
    expect(eventsOf(AGENT.toReversed(), 'component_modified').map((event) => event.summary)).toEqual([
      'coder · new instructions',
      'coder 1 → 2',
    ]);
  });

  test('whose run comes late between two others moves the change', () => {
    const between = AGENT.filter((item) => 'span' in item && item.span.traceId === TRACES[1]);
    const others = AGENT.filter((item) => !between.includes(item));

    expect(eventsOf(others, 'component_modified')).toMatchObject([{ summary: 'coder 1 → 2 · new instructions' }]);
    expect(eventsOf([...others, ...between], 'component_modified')).toHaveLength(2);
  });

  test('whose prompt differs in numbers only is the same', () => {
    const run = (index: number): Item[] => [
      {
        span: span({
          id: 'm',
          trace: TRACES[index] ?? '',
          from: index,
          attributes: {
            'gen_ai.operation.name': 'chat',
            'gen_ai.agent.name': 'coder',
            'gen_ai.system_instructions': `Today is 2026-11-${20 + index}.`,
            'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"text","content":"go"}]}]',
          },
        }),
      },
    ];

    expect(eventsOf([...run(0), ...run(1)], 'component_modified')).toEqual([]);
  });
});

describe('a plan', () => {
  test('written again unchanged in a later run of the session is no update; a change is', () => {
    expect(eventsOf(AGENT, 'plan_update').map((event) => event.traceId)).toEqual([TRACES[0], TRACES[2]]);
    expect(eventsOf(AGENT, 'plan_update')[1]?.content()).toMatchObject({ change: { added: [], changed: ['1'] } });
  });

  test('of single tasks goes on in the next run of the session', () => {
    const tool = (trace: number, ms: number, name: string, [args, result]: [string, string]): Item => ({
      span: span({
        id: `t${ms}`,
        trace: TRACES[trace] ?? '',
        from: ms,
        attributes: {
          'gen_ai.operation.name': 'execute_tool',
          'gen_ai.tool.name': name,
          'gen_ai.tool.call.arguments': args,
          'gen_ai.tool.call.result': result,
          'session.id': 's',
        },
      }),
    });
    const updates = eventsOf(
      [
        tool(0, 1, 'TaskCreate', ['{"subject":"read"}', 'Task #1 created successfully: read']),
        tool(0, 2, 'TaskCreate', ['{"subject":"write"}', 'Task #2 created successfully: write']),
        tool(1, 50, 'TaskUpdate', ['{"taskId":"1","status":"completed"}', 'Updated task #1']),
        tool(1, 51, 'TaskCreate', ['{"subject":"check"}', 'Task #3 created successfully: check']),
      ],
      'plan_update',
    );

    expect(updates.map((event) => event.summary)).toEqual([
      '0/1 done · read',
      '0/2 done · read',
      '1/2 done · read',
      '1/3 done · read',
    ]);
    expect(updates[3]?.content()).toMatchObject({ items: [{ id: '1' }, { id: '2' }, { id: '3', text: 'check' }] });
  });

  test('of a run without a session is its own', () => {
    const set = (trace: number): Item => ({
      log: log({
        traceId: TRACES[trace] ?? '',
        eventName: 'signalbox.plan.set',
        timeNs: at(trace),
        values: { 'signalbox.plan.items': '[{"id":"1","text":"search","status":"pending"}]' },
      }),
    });

    expect(eventsOf([set(0), set(1)], 'plan_update')).toHaveLength(2);
  });
});

test('a graph that asks about its model’s call in words of its own makes that call wait', () => {
  const call = { id: 'c1', function: { name: 'publish', arguments: '{"path":"a.md"}' } };
  const asked = '[{"id":"i1","value":{"action":"publish","args":{"path":"a.md"}}}]';
  const node = (name: string, step: number): Record<string, string> => ({
    'openinference.span.kind': 'CHAIN',
    metadata: `{"langgraph_node":"${name}","langgraph_checkpoint_ns":"${name}:1","langgraph_step":${step}}`,
  });
  const spans = [
    span({ id: 'p', parent: 'not-yet', name: 'coder', to: 4, attributes: node('coder', 1) }),
    span({
      id: 'm',
      parent: 'p',
      from: 1,
      attributes: {
        'openinference.span.kind': 'LLM',
        'llm.model_name': 'qwen3',
        'llm.output_messages.0.message.role': 'assistant',
        'llm.output_messages.0.message.tool_calls.0.tool_call.id': call.id,
        'llm.output_messages.0.message.tool_calls.0.tool_call.function.name': call.function.name,
        'llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments': call.function.arguments,
      },
    }),
    span({
      id: 'n',
      name: 'ask',
      from: 5,
      to: 9,
      error: asked,
      events: [{ name: 'exception', attributes: { 'exception.type': 'GraphInterrupt', 'exception.message': asked } }],
      attributes: node('ask', 2),
    }),
  ].map((each): Item => ({ span: each }));

  expect(eventsOf(spans, 'tool_call')).toMatchObject([{ tool: 'publish', status: 'waiting' }]);
  expect(eventsOf(spans, 'approval_request')).toMatchObject([
    { tool: 'publish', status: 'waiting', parentId: eventsOf(spans, 'tool_call')[0]?.id },
  ]);
});
