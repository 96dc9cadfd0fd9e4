import { derive, log, ofType, span } from '../../testing/span-builder.ts';

type Sketch = Parameters<typeof span>[0];
const op = (operation: string, sketch: Sketch) =>
  span({ ...sketch, attributes: { 'gen_ai.operation.name': operation, ...sketch.attributes } });
const agent = (more: Partial<Sketch> = {}) =>
  op('invoke_agent', { id: 'a', to: 90, ...more, attributes: { 'gen_ai.agent.name': 'coder', ...more.attributes } });
const OTHER = 'b'.repeat(32);

describe('Strands', () => {
  const cycle = (error?: string) =>
    op('execute_agent_loop_cycle', {
      id: 'c',
      parent: 'a',
      from: 1,
      to: 80,
      ...(error === undefined ? {} : { error }),
    });
  const tool = (id: string, more: Partial<Sketch> = {}) =>
    op('execute_tool', {
      id,
      parent: 'c',
      from: 10,
      to: 12,
      ...more,
      attributes: { 'gen_ai.tool.name': 'publish', 'gen_ai.tool.call.id': 'c1', ...more.attributes },
    });
  const asked = [
    agent({ attributes: { 'gen_ai.response.finish_reasons': '["interrupt"]' } }),
    cycle('Interrupt raised: approval'),
    tool('t1'),
  ];

  test('an interrupted cycle asks for the tool inside it, once', () => {
    const derivation = derive(asked);

    expect(ofType(derivation, 'approval_request')).toMatchObject([{ status: 'waiting', tool: 'publish' }]);
    expect(ofType(derivation, 'tool_call')).toMatchObject([{ status: 'waiting' }]);
    expect(ofType(derivation, 'tool_result')).toEqual([]);
    expect(ofType(derivation, 'error')).toEqual([]);
  });

  test('the second span of the call is the decision, in the same trace or another', () => {
    const again = tool('t2', { from: 30, to: 35, attributes: { 'gen_ai.tool.call.result': 'done' } });
    const resumed = [
      agent({ trace: OTHER, from: 100, to: 200 }),
      tool('t2', { trace: OTHER, parent: 'a', from: 110, to: 120, attributes: { 'gen_ai.tool.call.result': 'done' } }),
    ];
    const same = derive([
      ...asked.slice(0, 1),
      cycle('Interrupt raised: approval'),
      tool('t1'),
      { ...again, parentSpanId: 'a' },
    ]);
    const other = derive(resumed, [], derive(asked).offers);

    expect(ofType(same, 'tool_call')).toMatchObject([{ status: 'completed' }]);
    expect(ofType(same, 'approval_decision')).toHaveLength(1);
    expect(ofType(other, 'approval_decision')).toHaveLength(1);
    expect(ofType(other, 'tool_call')).toEqual([]);
    expect(ofType(derive(asked, [], derive(resumed).offers), 'approval_request')).toMatchObject([
      { status: 'completed' },
    ]);
  });

  test('a tool’s status tells its failure', () => {
    expect(
      ofType(
        derive([agent(), tool('t1', { parent: 'a', attributes: { 'gen_ai.tool.status': 'error' } })]),
        'tool_result',
      ),
    ).toMatchObject([{ status: 'error' }]);
  });

  test('a model call tried again and again fails for one cause', () => {
    const calls = [1, 2, 3].map((at) =>
      op('chat', { id: `m${at}`, parent: 'a', from: at, error: '429', attributes: { 'gen_ai.request.model': 'm' } }),
    );
    const derivation = derive([agent({ error: '429' }), ...calls]);

    expect(ofType(derivation, 'model_request')).toHaveLength(3);
    expect(ofType(derivation, 'error')).toMatchObject([{ spanId: 'm1' }]);
  });
});

describe('evaluations and created agents', () => {
  const values = { 'gen_ai.evaluation.name': 'tone', 'gen_ai.evaluation.score.value': '0.9' };

  test.each([
    ['a log record', () => derive([], [log({ eventName: 'gen_ai.evaluation.result', values })])],
    [
      'a span event',
      () => derive([span({ id: 's', events: [{ name: 'gen_ai.evaluation.result', attributes: values }] })]),
    ],
    [
      'an evaluator',
      () =>
        derive([
          span({
            id: 's',
            attributes: { 'openinference.span.kind': 'EVALUATOR', 'evaluation.name': 'tone', 'evaluation.score': 0.9 },
          }),
        ]),
    ],
  ])('%s is a test', (_, derived) => {
    expect(ofType(derived(), 'test_completed')).toMatchObject([{ summary: 'tone · 0.9' }]);
  });

  test('create_agent is a component', () => {
    const created = op('create_agent', {
      id: 's',
      attributes: { 'gen_ai.agent.name': 'coder', 'gen_ai.system': 'autogen' },
    });

    expect(derive([created]).events.map(({ type, summary }) => [type, summary])).toEqual([
      ['component_generated', 'coder'],
    ]);
  });
});

test('unknown operations give no event', () => {
  expect(derive([op('dance', { id: 's' }), op('goto', { id: 't', parent: 's' })]).events).toEqual([]);
});

test('an MCP call inside the agent’s tool under another name is the same execution', () => {
  const derivation = derive([
    agent(),
    op('execute_tool', { id: 't', parent: 'a', from: 1, to: 9, attributes: { 'gen_ai.tool.name': 'mcp__shop__look' } }),
    span({
      id: 'c',
      parent: 't',
      name: 'tools/call look',
      from: 2,
      attributes: { 'mcp.method.name': 'tools/call', 'mcp.session.id': 'x' },
    }),
  ]);

  expect(ofType(derivation, 'tool_call')).toMatchObject([
    { tool: 'mcp__shop__look', sessionId: derivation.events[0]?.traceId },
  ]);
});

describe('OpenInference', () => {
  const kind = (name: string, sketch: Sketch) =>
    span({ ...sketch, attributes: { 'openinference.span.kind': name, ...sketch.attributes } });

  test.each([
    ['CrewAI', { 'graph.node.id': 'Researcher' }, 'Researcher'],
    ['Agno', { 'graph.node.id': '0a1b', 'graph.node.name': 'Writer' }, 'Writer'],
    ['LlamaIndex', {}, 'FunctionAgent.run'],
  ])('an agent of %s with its tool and model', (_, attributes, name) => {
    const derivation = derive([
      kind('CHAIN', { id: 'c', name: 'crew', to: 90, attributes: { 'input.value': 'go' } }),
      kind('AGENT', { id: 'a', parent: 'c', name: 'FunctionAgent.run', from: 1, to: 80, attributes }),
      kind('LLM', {
        id: 'm',
        parent: 'a',
        from: 2,
        attributes: { 'llm.model_name': 'gpt', 'llm.token_count.prompt': '3' },
      }),
      kind('TOOL', { id: 't', parent: 'a', from: 4, error: 'boom', attributes: { 'tool.name': 'look' } }),
    ]);

    expect(ofType(derivation, 'agent_started')).toMatchObject([{ actor: { name } }]);
    expect(ofType(derivation, 'model_request')).toMatchObject([{ actor: { name }, model: 'gpt' }]);
    expect(ofType(derivation, 'error')).toMatchObject([{ tool: 'look' }]);
    expect(derivation.run).toMatchObject({ workflow: 'crew', usage: { input: 3 } });
  });
});

test('the better of two reports of one call keeps what only the other knows', () => {
  const outer = op('chat', {
    id: 'o',
    parent: 'a',
    from: 1,
    to: 9,
    scope: 'x',
    attributes: {
      'gen_ai.request.model': 'm',
      'gen_ai.usage.input_tokens': 4,
      'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"text","content":"go"}]}]',
    },
  });
  const inner = op('chat', {
    id: 'i',
    parent: 'a',
    from: 2,
    to: 8,
    scope: 'y',
    attributes: {
      'gen_ai.request.model': 'm',
      'gen_ai.output.messages': '[{"role":"assistant","parts":[{"type":"text","content":"hi"}]}]',
    },
  });
  const derivation = derive([agent(), outer, inner]);

  expect(ofType(derivation, 'model_request')).toMatchObject([{ spanId: 'i', summary: 'go' }]);
  expect(ofType(derivation, 'model_response')).toMatchObject([{ summary: 'hi', usage: { input: 4 } }]);
});

test('messages listed in one attribute', () => {
  const events =
    '[{"event.name":"gen_ai.user.message","content":"go"},{"event.name":"gen_ai.choice","message":{"role":"assistant","content":"hi"}}]';
  const derivation = derive([op('chat', { id: 'm', attributes: { events } })]);

  expect(ofType(derivation, 'model_request')).toMatchObject([{ summary: 'go' }]);
  expect(ofType(derivation, 'model_response')).toMatchObject([{ summary: 'hi' }]);
});

test('a child that seems to begin before its parent stays inside it', () => {
  const derivation = derive([agent({ from: 10, to: 90 }), op('chat', { id: 'm', parent: 'a', from: 5, to: 8 })]);

  expect(ofType(derivation, 'model_request')).toMatchObject([
    { actor: { name: 'coder' }, parentId: ofType(derivation, 'agent_started')[0]?.id },
  ]);
});
