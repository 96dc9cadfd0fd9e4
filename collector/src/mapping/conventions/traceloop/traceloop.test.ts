import { derive, ofType, span } from '../../testing/span-builder.ts';

type Sketch = Parameters<typeof span>[0];
const entity = (kind: string, name: string, sketch: Sketch) =>
  span({
    ...sketch,
    name: `${name}.${kind}`,
    attributes: { 'traceloop.span.kind': kind, 'traceloop.entity.name': name, ...sketch.attributes },
  });

test('a decorated run is a workflow with its agent, step and tool', () => {
  const derivation = derive([
    entity('workflow', 'prices', {
      id: 'w',
      to: 90,
      attributes: { 'traceloop.entity.input': '{"args":["find prices"],"kwargs":{}}' },
    }),
    entity('agent', 'coder', { id: 'a', parent: 'w', from: 1, to: 80 }),
    entity('task', 'collect', { id: 'n', parent: 'a', from: 2, to: 70 }),
    entity('tool', 'look', {
      id: 't',
      parent: 'n',
      from: 3,
      attributes: { 'traceloop.entity.input': '{"args":[{"q":1}]}', 'traceloop.entity.output': '"found"' },
    }),
  ]);

  expect(derivation.run.workflow).toBe('prices');
  expect(ofType(derivation, 'user_input')).toMatchObject([{ summary: 'find prices' }]);
  expect(ofType(derivation, 'agent_completed')).toMatchObject([{ actor: { name: 'coder' } }]);
  expect(ofType(derivation, 'node_completed')).toMatchObject([{ actor: { name: 'collect' } }]);
  expect(ofType(derivation, 'tool_call')).toMatchObject([{ summary: 'look {"q":1}', actor: { name: 'coder' } }]);
  expect(ofType(derivation, 'tool_result')).toMatchObject([{ summary: 'found' }]);
});

describe('old indexed form', () => {
  const old = (sketch: Partial<Sketch> = {}) =>
    span({
      id: 'm',
      scope: 'opentelemetry.instrumentation.openai.v1',
      ...sketch,
      attributes: {
        'llm.request.type': 'chat',
        'gen_ai.system': 'OpenAI',
        'gen_ai.request.model': 'gpt',
        'gen_ai.prompt.0.role': 'user',
        'gen_ai.prompt.0.content': 'hi',
        'gen_ai.completion.0.content': 'hello',
        'gen_ai.usage.prompt_tokens': '5',
        ...sketch.attributes,
      },
    });

  test('is a model call with prompt, answer and tokens as text', () => {
    const derivation = derive([old()]);

    expect(ofType(derivation, 'model_request')).toMatchObject([{ summary: 'hi', model: 'gpt' }]);
    expect(ofType(derivation, 'model_response')).toMatchObject([{ summary: 'hello', usage: { input: 5 } }]);
  });

  test('a failed call is one error', () => {
    expect(
      ofType(
        derive([entity('workflow', 'w', { id: 'w', to: 9, error: '429' }), old({ parent: 'w', error: '429' })]),
        'error',
      ),
    ).toHaveLength(1);
  });
});

test('a lost tool name is found in the output, else by the arguments of the model’s call', () => {
  const tool = (id: string, attributes: Record<string, unknown>) =>
    span({
      id,
      parent: 'w',
      from: 20,
      name: 'execute_tool DynamicStructuredTool',
      attributes: {
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': 'DynamicStructuredTool',
        ...attributes,
      },
    });
  const model = span({
    id: 'm',
    parent: 'w',
    from: 1,
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.output.messages':
        '[{"role":"assistant","parts":[{"type":"tool_call","id":"c1","name":"look","arguments":{"q":1}}]}]',
    },
  });
  const root = entity('workflow', 'w', { id: 'w', to: 90 });
  const named = tool('t', {
    'traceloop.entity.output':
      '{"lc":1,"id":["ToolMessage"],"kwargs":{"name":"fetch","content":"x","tool_call_id":"c9"}}',
  });

  expect(ofType(derive([root, named]), 'tool_call')).toMatchObject([{ tool: 'fetch' }]);
  expect(
    ofType(derive([root, model, tool('t', { 'gen_ai.tool.call.arguments': '{"q":1}' })]), 'tool_call'),
  ).toMatchObject([{ tool: 'look' }]);
});

test('an interrupted node asks and does not fail; the resumed run answers by thread', () => {
  const thread = { 'traceloop.association.properties.thread_id': 't1' };
  const asked = derive([
    entity('workflow', 'graph', { id: 'w', to: 90, attributes: thread }),
    entity('task', 'ask', {
      id: 'n',
      parent: 'w',
      from: 1,
      error: 'GraphInterrupt: x',
      scope: 'langchain',
      attributes: thread,
      events: [
        {
          name: 'exception',
          attributes: {
            'exception.type': 'GraphInterrupt',
            'exception.message': '[{"id":"i1","value":{"action":"publish"}}]',
          },
        },
      ],
    }),
  ]);
  const resumed = derive([
    entity('workflow', 'graph', {
      id: 'w',
      trace: 'b'.repeat(32),
      from: 100,
      attributes: {
        ...thread,
        'traceloop.entity.input': '{"inputs":{"lg_name":"Command","resume":{"approved":true}}}',
      },
    }),
  ]);

  expect(ofType(asked, 'error')).toEqual([]);
  expect(ofType(asked, 'approval_request')).toMatchObject([{ summary: expect.stringContaining('publish') }]);
  expect(ofType(resumed, 'approval_decision')).toMatchObject([{ status: 'completed' }]);
  expect(resumed.offers.map(({ key }) => key)).toEqual(expect.arrayContaining(['langgraph-thread:t1']));
  expect(asked.wants).toContain('langgraph-thread:t1');
});

test('the graph that OpenLLMetry for Python ships is kept', () => {
  const graph = span({
    id: 'g',
    attributes: {
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.agent.name': 'g',
      'gen_ai.workflow.nodes': ['a', 'b'],
      'gen_ai.workflow.edges': ['a -> b'],
    },
  });

  expect(derive([graph]).run.graph).toMatchObject({
    nodes: [{ id: 'a' }, { id: 'b' }],
    edges: [{ source: 'a', target: 'b' }],
  });
});

test('LangChain’s own workflow spans tell question and resume by the input kept beside', () => {
  const flow = (input: string) =>
    span({
      id: 'w',
      name: 'workflow LangGraph',
      attributes: {
        'gen_ai.operation.name': 'workflow',
        'traceloop.span.kind': 'workflow',
        'traceloop.entity.name': 'LangGraph',
        'traceloop.entity.input': input,
      },
    });

  expect(
    ofType(derive([flow('{"inputs":{"messages":[{"role":"user","content":"go"}]}}')]), 'user_input'),
  ).toMatchObject([{ summary: 'go' }]);
  expect(
    ofType(derive([flow('{"inputs":{"lg_name":"Command","resume":{"approved":true}}}')]), 'approval_decision'),
  ).toHaveLength(1);
  expect(derive([flow('{}')]).run.workflow).toBe('LangGraph');
});
