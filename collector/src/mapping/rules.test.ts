import { derive, log, ofType, span, TRACE, at } from './testing/span-builder.ts';
import { createTraceReducer } from './trace-reducer.ts';
import { traceKeyOf } from './trace-key.ts';

const chat = (extra: Record<string, unknown> = {}): Record<string, unknown> => ({
  'gen_ai.operation.name': 'chat',
  'gen_ai.request.model': 'm1',
  ...extra,
});
const agent = (name: string, extra: Record<string, unknown> = {}): Record<string, unknown> => ({
  'gen_ai.operation.name': 'invoke_agent',
  'gen_ai.agent.name': name,
  ...extra,
});
const messages = (role: string, text: string): string =>
  JSON.stringify([{ role, parts: [{ type: 'text', content: text }] }]);
const proposes = (id: string, name: string, args: unknown): string =>
  JSON.stringify([{ role: 'assistant', parts: [{ type: 'tool_call', id, name, arguments: args }] }]);
const graph = (node: string, namespace: string, extra: Record<string, unknown> = {}): string =>
  JSON.stringify({
    thread_id: 't1',
    langgraph_node: node,
    langgraph_step: 1,
    langgraph_checkpoint_ns: namespace,
    ...extra,
  });

describe('where content sits', () => {
  const shapes: [string, Parameters<typeof span>[0]][] = [
    [
      'attributes',
      {
        id: 's',
        attributes: chat({
          'gen_ai.input.messages': messages('user', 'hello'),
          'gen_ai.output.messages': messages('assistant', 'world'),
        }),
      },
    ],
    [
      'one span event a message',
      {
        id: 's',
        attributes: chat(),
        events: [
          { name: 'gen_ai.user.message', attributes: { content: '[{"text":"hello"}]' } },
          { name: 'gen_ai.choice', attributes: { message: '[{"text":"world"}]', finish_reason: 'end_turn' } },
        ],
      },
    ],
    [
      'details events in pieces',
      {
        id: 's',
        attributes: chat(),
        events: [
          {
            name: 'gen_ai.client.inference.operation.details',
            attributes: { 'gen_ai.input.messages': messages('user', 'hello') },
          },
          {
            name: 'gen_ai.client.inference.operation.details',
            attributes: { 'gen_ai.output.messages': messages('assistant', 'world') },
          },
        ],
      },
    ],
    [
      'raw prompt and completion',
      {
        id: 's',
        attributes: chat({
          'gen_ai.prompt': '{"messages":[{"role":"user","content":"hello"}]}',
          'gen_ai.completion': '{"role":"assistant","content":"world"}',
        }),
      },
    ],
    [
      'indexed prompt',
      {
        id: 's',
        attributes: {
          'gen_ai.system': 'openai',
          'llm.request.type': 'chat',
          'gen_ai.prompt.0.role': 'user',
          'gen_ai.prompt.0.content': 'hello',
          'gen_ai.completion.0.role': 'assistant',
          'gen_ai.completion.0.content': 'world',
        },
      },
    ],
  ];

  test.each(shapes)('%s', (_, sketch) => {
    const derivation = derive([span(sketch)]);

    expect(ofType(derivation, 'user_input')[0]?.summary).toBe('hello');
    expect(ofType(derivation, 'model_response')[0]?.summary).toBe('world');
    expect(JSON.stringify(ofType(derivation, 'model_request')[0]?.content())).toContain('hello');
  });

  test('log records joined by span id, whichever comes first', () => {
    const logs = [
      log({
        spanId: 's',
        timeNs: at(0),
        values: { 'event.name': 'gen_ai.user.message' },
        content: { content: 'hello' },
      }),
      log({
        spanId: 's',
        timeNs: at(0),
        values: { 'event.name': 'gen_ai.system.message' },
        content: { content: 'be kind' },
      }),
      log({
        spanId: 's',
        timeNs: at(9),
        eventName: 'gen_ai.choice',
        content: { index: 0, message: { content: 'world' } },
      }),
    ];
    const derivation = derive([span({ id: 's', attributes: chat() })], logs);
    const request = ofType(derivation, 'model_request')[0]?.content();

    expect(request).toMatchObject({
      kind: 'model_request',
      notCaptured: false,
      messages: [{ role: 'system' }, { role: 'user' }],
    });
    expect(ofType(derivation, 'model_response')[0]?.summary).toBe('world');
  });

  test('absent content is said, not shown as empty', () => {
    const derivation = derive([span({ id: 's', attributes: chat() })]);

    expect(ofType(derivation, 'model_request')[0]?.content()).toMatchObject({ notCaptured: true });
    expect(ofType(derivation, 'model_response')[0]?.content()).toMatchObject({ notCaptured: true });
    expect(ofType(derivation, 'user_input')).toEqual([]);
  });

  test('a long text stays whole in the content and short in the row', () => {
    const derivation = derive([
      span({ id: 's', attributes: chat({ 'gen_ai.input.messages': messages('user', 'x'.repeat(1_100_000)) }) }),
    ]);

    expect(ofType(derivation, 'user_input')[0]?.content()).toMatchObject({
      text: { kind: 'text', text: expect.stringMatching(/^x{1100000}$/) },
    });
    expect(ofType(derivation, 'user_input')[0]?.summary).toHaveLength(300);
  });
});

describe('sessions, users and actors', () => {
  test('session.id wins over a conversation id that is the agent’s own id', () => {
    const derivation = derive([
      span({ id: 'root', attributes: agent('a', { 'session.id': 'S' }) }),
      span({ id: 'sub', parent: 'root', attributes: agent('b', { agent_id: 'x', 'gen_ai.conversation.id': 'x' }) }),
    ]);

    expect(new Set(derivation.events.map((event) => event.sessionId))).toEqual(new Set(['S']));
  });

  test('never takes a thread or a transport for a session', () => {
    expect(derive([span({ id: 's', attributes: chat({ 'thread.id': 7, 'mcp.session.id': 'm' }) })]).run.sessionId).toBe(
      TRACE,
    );
  });

  test('a late ancestor corrects the actor of earlier events under the same ids', () => {
    const reducer = createTraceReducer(TRACE);
    reducer.addSpan(span({ id: 'm', parent: 'a', attributes: chat() }));
    const before = reducer.derive([]);
    reducer.addSpan(span({ id: 'a', attributes: agent('coder') }));
    const after = reducer.derive([]);

    expect(ofType(before, 'model_request')[0]?.actor).toEqual({ kind: 'service', name: 'svc' });
    expect(ofType(after, 'model_request')[0]).toMatchObject({
      id: ofType(before, 'model_request')[0]?.id,
      actor: { kind: 'agent', name: 'coder' },
    });
  });

  test('a log without trace context belongs to a trace made from its session', () => {
    const one = log({ traceId: null, values: { 'session.id': 'S' } });
    const two = log({ traceId: null, values: { 'conversation.id': 'S' } });

    expect(traceKeyOf(one)).toMatch(/^[0-9a-f]{32}$/);
    expect(traceKeyOf(two)).toBe(traceKeyOf(one));
    expect(traceKeyOf(log({ traceId: null }))).not.toBe(traceKeyOf(one));
    expect(traceKeyOf(log({ traceId: TRACE }))).toBe(TRACE);
  });
});

describe('in progress by inference', () => {
  test('a proposed call runs until its span comes', () => {
    const reducer = createTraceReducer(TRACE);
    reducer.addSpan(
      span({
        id: 'm',
        parent: 'a',
        attributes: chat({ 'gen_ai.output.messages': proposes('c1', 'search', { q: 1 }) }),
      }),
    );
    const before = reducer.derive([]);
    reducer.addSpan(
      span({
        id: 't',
        parent: 'a',
        from: 2,
        attributes: {
          'gen_ai.operation.name': 'execute_tool',
          'gen_ai.tool.name': 'search',
          'gen_ai.tool.call.id': 'c1',
        },
      }),
    );
    const after = reducer.derive([]);

    expect(before.run.status).toBe('in_progress');
    expect(ofType(before, 'tool_call')).toMatchObject([
      { status: 'in_progress', source: { basis: 'inferred' }, summary: 'search {"q":1}' },
    ]);
    expect(ofType(after, 'tool_call')).toMatchObject([{ id: ofType(before, 'tool_call')[0]?.id, status: 'completed' }]);
  });

  test('the answer of a bare client is no tool call', () => {
    const call = span({
      id: 'm',
      parent: 'x',
      scope: '@opentelemetry/instrumentation-openai',
      attributes: chat({ 'gen_ai.output.messages': proposes('c1', 'search', {}) }),
    });

    expect(ofType(derive([call]), 'tool_call')).toEqual([]);
  });

  test('a child proves its graph node to be running, and the node’s own span is the same event', () => {
    const child = span({
      id: 'c',
      parent: 'n',
      name: 'work',
      attributes: { 'openinference.span.kind': 'CHAIN', metadata: graph('writer', 'writer:u1') },
    });
    const node = span({
      id: 'n',
      parent: 'r',
      name: 'writer',
      to: 5,
      attributes: { 'openinference.span.kind': 'CHAIN', metadata: graph('writer', 'writer:u1') },
    });
    const before = ofType(derive([child]), 'node_started');
    const after = ofType(derive([child, node]), 'node_started');

    expect(before).toMatchObject([{ actor: { name: 'writer' }, status: 'in_progress', source: { basis: 'inferred' } }]);
    expect(after).toMatchObject([{ id: before[0]?.id, status: 'completed', source: { basis: 'declared' } }]);
  });

  test('a model call proves its AI SDK agent to be running', () => {
    const call = span({
      id: 'm',
      parent: 'a',
      attributes: { 'ai.operationId': 'ai.generateText.doGenerate', 'ai.telemetry.functionId': 'coder' },
    });
    const run = span({
      id: 'a',
      to: 9,
      attributes: { 'ai.operationId': 'ai.generateText', 'ai.telemetry.functionId': 'coder' },
    });
    const before = ofType(derive([call]), 'agent_started');

    expect(before).toMatchObject([{ status: 'in_progress', actor: { name: 'coder' } }]);
    expect(ofType(derive([call, run]), 'agent_started')).toMatchObject([{ id: before[0]?.id, status: 'completed' }]);
  });
});

describe('failures and interrupts', () => {
  test('one failure repeated by ancestors is one error', () => {
    const derivation = derive([
      span({ id: 'a', attributes: agent('a'), error: 'Run failed: boom' }),
      span({ id: 'm', parent: 'a', attributes: chat(), error: 'boom' }),
    ]);

    expect(ofType(derivation, 'error').map((event) => event.summary)).toEqual(['boom']);
    expect(ofType(derivation, 'agent_failed')).toHaveLength(1);
  });

  test('a failure of its own beside a failed child counts too', () => {
    const derivation = derive([
      span({ id: 'a', attributes: agent('a'), error: 'turn limit reached' }),
      span({ id: 'm', parent: 'a', attributes: chat(), error: 'boom' }),
    ]);

    expect(ofType(derivation, 'error')).toHaveLength(2);
  });

  test.each([
    [
      'an exception event under status OK',
      { events: [{ name: 'exception', attributes: { 'exception.message': 'boom' } }] },
    ],
    ['error.type alone', { attributes: chat({ 'error.type': 'RateLimit' }) }],
    ['finish reason error', { attributes: chat({ 'gen_ai.response.finish_reasons': '["error"]' }) }],
  ])('%s is a failure', (_, extra) => {
    const derivation = derive([span({ id: 'm', attributes: chat(), ...extra })]);

    expect(ofType(derivation, 'error')).toHaveLength(1);
    expect(ofType(derivation, 'model_response')).toEqual([]);
  });

  test('a Strands interrupt asks and does not fail', () => {
    const derivation = derive([span({ id: 'a', attributes: agent('a'), error: 'Interrupt raised: confirm' })]);

    expect(ofType(derivation, 'error')).toEqual([]);
    expect(ofType(derivation, 'approval_request')).toMatchObject([{ status: 'waiting' }]);
    expect(derivation.run.status).toBe('waiting');
  });

  test('an error logged without a span is an error', () => {
    const derivation = derive([], [log({ severityNumber: 17, content: 'disk full' })]);

    expect(ofType(derivation, 'error')).toMatchObject([{ summary: 'disk full', spanId: null }]);
  });
});

describe('LangGraph approvals', () => {
  const kind = { 'openinference.span.kind': 'CHAIN' };
  const hitl = JSON.stringify([
    {
      id: 'i1',
      value: {
        actionRequests: [{ name: 'publish', args: { title: 'x' }, description: 'Publish?' }],
        reviewConfigs: [{ actionName: 'publish', allowedDecisions: ['approve', 'reject'] }],
      },
    },
  ]);

  test('the review middleware asks for the tool call the model proposed', () => {
    const answer = JSON.stringify({
      generations: [
        [
          {
            message: {
              lc: 1,
              id: ['m', 'AIMessage'],
              kwargs: { content: '', tool_calls: [{ id: 'c1', name: 'publish', args: { title: 'x' } }] },
            },
          },
        ],
      ],
    });
    const derivation = derive([
      span({ id: 'r', name: 'flow', to: 9, attributes: { ...kind } }),
      span({ id: 'm', parent: 'r', from: 1, attributes: { 'openinference.span.kind': 'LLM', 'output.value': answer } }),
      span({
        id: 'n',
        parent: 'r',
        from: 3,
        name: 'HumanInTheLoopMiddleware.after_model',
        error: hitl,
        attributes: {
          ...kind,
          metadata: graph('HumanInTheLoopMiddleware.after_model', 'HumanInTheLoopMiddleware.after_model:u'),
        },
        events: [{ name: 'exception', attributes: { 'exception.type': 'GraphInterrupt', 'exception.message': hitl } }],
      }),
    ]);

    expect(ofType(derivation, 'approval_request')).toMatchObject([
      { status: 'waiting', tool: 'publish', parentId: ofType(derivation, 'tool_call')[0]?.id },
    ]);
    expect(ofType(derivation, 'approval_request')[0]?.content()).toMatchObject({
      approval: { question: 'Publish?', allowedDecisions: ['approve', 'reject'] },
    });
    expect(ofType(derivation, 'tool_call')).toMatchObject([{ status: 'waiting' }]);
    expect(ofType(derivation, 'error')).toEqual([]);
  });

  test('Python ends the span OK and leaves the interrupt in the root’s state; the answer meets it by thread', () => {
    const metadata = JSON.stringify({ thread_id: 't1', session_id: 't1' });
    const asked = derive([
      span({
        id: 'r',
        name: 'flow',
        attributes: { ...kind, metadata, 'output.value': '{"__interrupt__":[{"value":"Go on?","id":"i9"}]}' },
      }),
    ]);
    const other = 'b'.repeat(32);
    const resumed = derive([
      span({
        id: 'r2',
        trace: other,
        from: 50,
        name: 'flow',
        attributes: { ...kind, metadata, 'input.value': '{"resume":{"decisions":[{"type":"reject","message":"no"}]}}' },
      }),
    ]);
    const settled = createTraceReducer(TRACE);
    settled.addSpan(
      span({
        id: 'r',
        name: 'flow',
        attributes: { ...kind, metadata, 'output.value': '{"__interrupt__":[{"value":"Go on?","id":"i9"}]}' },
      }),
    );

    expect(ofType(asked, 'approval_request')).toMatchObject([
      { status: 'waiting', summary: expect.stringContaining('Go on?') as string },
    ]);
    expect(ofType(resumed, 'approval_decision')).toMatchObject([{ status: 'rejected' }]);
    expect(ofType(resumed, 'user_input')).toEqual([]);
    expect(ofType(settled.derive(resumed.offers), 'approval_request')).toMatchObject([{ status: 'rejected' }]);
  });

  test.each([
    ['{"approved":true}', 'approve'],
    ['{"approved":false}', 'reject'],
    ['"yes"', 'approve'],
    ['true', 'approve'],
    ['{"type":"edit","args":{}}', 'edit'],
    ['"make it shorter"', 'respond'],
  ])('resume %s reads as %s', (resume, decision) => {
    const derivation = derive([
      span({
        id: 'r',
        name: 'flow',
        attributes: { ...kind, 'input.value': `{"lg_name":"Command","resume":${resume},"goto":[]}` },
      }),
    ]);

    expect(ofType(derivation, 'approval_decision')[0]?.content()).toMatchObject({ decision, by: 'human' });
  });
});

describe('approvals by an agent that ended on a proposal', () => {
  const answer = JSON.stringify([{ toolCallId: 'c1', toolName: 'publish', input: { title: 'x' } }]);
  const model = span({
    id: 'm',
    parent: 'a',
    attributes: {
      'ai.operationId': 'ai.generateText.doGenerate',
      'ai.telemetry.functionId': 'coder',
      'ai.response.toolCalls': answer,
    },
  });
  const run = span({
    id: 'a',
    to: 5,
    attributes: { 'ai.operationId': 'ai.generateText', 'ai.telemetry.functionId': 'coder' },
  });

  test('nothing is asked before the agent has ended', () => {
    expect(ofType(derive([model]), 'approval_request')).toEqual([]);
    expect(ofType(derive([model]), 'tool_call')).toMatchObject([{ status: 'in_progress' }]);
  });

  test('the call waits once the agent has ended', () => {
    const derivation = derive([model, run]);

    expect(ofType(derivation, 'approval_request')).toMatchObject([{ status: 'waiting', tool: 'publish' }]);
    expect(ofType(derivation, 'tool_call')).toMatchObject([{ status: 'waiting' }]);
    expect(derivation.run.status).toBe('waiting');
  });

  test('a refusal in another trace rejects the call', () => {
    const prompt = JSON.stringify({
      messages: [
        { role: 'user', content: 'go' },
        {
          role: 'assistant',
          content: [
            { type: 'tool-call', toolCallId: 'c1', toolName: 'publish', input: {} },
            { type: 'tool-approval-request', approvalId: 'p', toolCallId: 'c1' },
          ],
        },
        {
          role: 'tool',
          content: [{ type: 'tool-approval-response', approvalId: 'p', approved: false, reason: 'too early' }],
        },
      ],
    });
    const second = derive([
      span({
        id: 'z',
        trace: 'c'.repeat(32),
        from: 60,
        attributes: { 'ai.operationId': 'ai.generateText', 'ai.telemetry.functionId': 'coder', 'ai.prompt': prompt },
      }),
    ]);
    const first = derive([model, run], [], second.offers);

    expect(ofType(second, 'approval_decision')).toMatchObject([{ status: 'rejected' }]);
    expect(ofType(first, 'approval_request')).toMatchObject([{ status: 'rejected' }]);
    expect(ofType(first, 'tool_call')).toMatchObject([{ status: 'rejected' }]);
    expect(first.run.status).toBe('completed');
  });
});

describe('plans', () => {
  const todo = (id: string, from: number, items: [string, string][]): Parameters<typeof span>[0] => ({
    id,
    parent: 'a',
    from,
    attributes: {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'TodoWrite',
      'gen_ai.tool.call.arguments': JSON.stringify({ todos: items.map(([content, status]) => ({ content, status })) }),
    },
  });

  test('each list is told as what it changed; the same list again is no update', () => {
    const derivation = derive([
      span({ id: 'a', to: 20, attributes: agent('p') }),
      span(
        todo('1', 1, [
          ['find', 'pending'],
          ['compare', 'pending'],
        ]),
      ),
      span(
        todo('2', 3, [
          ['find', 'pending'],
          ['compare', 'pending'],
        ]),
      ),
      span(
        todo('3', 5, [
          ['find', 'done'],
          ['report', 'pending'],
        ]),
      ),
    ]);
    const [first, second, ...rest] = ofType(derivation, 'plan_update').map((event) => event.content());

    expect(rest).toEqual([]);
    expect(first).toMatchObject({
      kind: 'plan_update',
      change: { added: [expect.any(String), expect.any(String)], removed: [], changed: [] },
    });
    expect(second).toMatchObject({
      change: { added: [], removed: [], changed: [expect.any(String), expect.any(String)] },
    });
  });

  test('a plan in the state a node returned counts when no tool wrote it', () => {
    const node = span({
      id: 'n',
      name: 'planner',
      attributes: {
        'openinference.span.kind': 'CHAIN',
        metadata: graph('planner', 'planner:u'),
        'output.value': '{"plan":[{"step":"look","status":"pending"}]}',
      },
    });

    expect(ofType(derive([node]), 'plan_update')).toMatchObject([{ summary: '0/1 done · look' }]);
  });
});

describe('several reports of one thing', () => {
  test('two instrumentations of one model call are one call', () => {
    const derivation = derive([
      span({ id: 'o', scope: 'lc', to: 9, attributes: { 'openinference.span.kind': 'LLM', 'llm.model_name': 'm1' } }),
      span({
        id: 'i',
        parent: 'o',
        scope: 'openai',
        from: 1,
        attributes: chat({ 'gen_ai.output.messages': messages('assistant', 'hi') }),
      }),
    ]);

    expect(ofType(derivation, 'model_request')).toHaveLength(1);
    expect(ofType(derivation, 'model_response')[0]?.summary).toBe('hi');
  });

  test('an MCP client span inside the tool’s own span is the same execution', () => {
    const derivation = derive([
      span({ id: 'a', to: 9, attributes: agent('p') }),
      span({
        id: 't',
        parent: 'a',
        to: 5,
        attributes: { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'read' },
      }),
      span({
        id: 'x',
        parent: 't',
        name: 'tools/call read',
        attributes: { 'mcp.method.name': 'tools/call', 'gen_ai.tool.name': 'read' },
      }),
    ]);

    expect(ofType(derivation, 'tool_call')).toHaveLength(1);
  });

  test('of two versions of one span the later end wins in either order', () => {
    const short = span({ id: 's', to: 1, attributes: chat() });
    const long = span({ id: 's', to: 9, attributes: chat({ 'gen_ai.response.model': 'm2' }) });

    expect(derive([short, long]).events.map(({ id, model }) => [id, model])).toEqual(
      derive([long, short]).events.map(({ id, model }) => [id, model]),
    );
    expect(ofType(derive([short, long]), 'model_request')[0]?.model).toBe('m2');
  });

  test('spans nobody knows give structure, not events', () => {
    const derivation = derive([
      span({ id: 'h', name: 'GET /', attributes: { 'http.request.method': 'GET' }, error: 'HTTP 500' }),
    ]);

    expect(derivation.events).toEqual([]);
  });
});

test('times that cannot be are replaced by the nearest that can', () => {
  const reducer = createTraceReducer(TRACE);
  reducer.addSpan({ ...span({ id: 's', attributes: chat() }), startNs: 0n, endNs: at(5) });
  reducer.addSpan({ ...span({ id: 't', attributes: chat() }), startNs: 2n ** 64n - 1n, endNs: 2n ** 64n - 1n });
  const started = ofType(reducer.derive([]), 'model_request').map((event) => event.startedAt);

  expect(started).toContain('1970-01-01T00:00:00.000000000Z');
  expect(started.every((time) => time < '2100')).toBe(true);
});
