import { derive, ofType, span } from '../../testing/span-builder.ts';

const OTHER = 'b'.repeat(32);
type Sketch = Parameters<typeof span>[0];

const typed = (type: string, sketch: Sketch): ReturnType<typeof span> =>
  span({ ...sketch, attributes: { 'mastra.span.type': type, 'mastra.metadata.runId': 'run-1', ...sketch.attributes } });
const run = (sketch: Partial<Sketch> = {}) =>
  typed('agent_run', {
    id: 'run',
    to: 100,
    ...sketch,
    attributes: { 'gen_ai.agent.name': 'coder', 'mastra.agent_run.input': 'go', ...sketch.attributes },
  });
const call = (from: number, more: Sketch['attributes'] = {}) => [
  typed('model_step', {
    id: 'step',
    parent: 'run',
    from,
    to: from + 10,
    attributes: { 'mastra.model_step.input': '[{"role":"user","content":"go"}]', ...more },
  }),
  typed('model_inference', {
    id: 'model',
    parent: 'step',
    from,
    to: from + 10,
    attributes: { 'gen_ai.request.model': 'm1', 'gen_ai.usage.input_tokens': '7' },
  }),
];

test('a call has the prompt and the tool calls of the step around it, its tokens also as text', () => {
  const output = '{"text":"hi","toolCalls":[{"toolCallId":"c1","toolName":"look","args":{"q":1}}]}';
  const derivation = derive([run(), ...call(1, { 'mastra.model_step.output': output })]);

  expect(ofType(derivation, 'model_request')).toMatchObject([{ summary: 'go', actor: { name: 'coder' } }]);
  expect(ofType(derivation, 'model_response')).toMatchObject([{ summary: 'hi → look', usage: { input: 7 } }]);
  expect(ofType(derivation, 'tool_call')).toMatchObject([{ tool: 'look' }]);
});

test('chunks are no events and tell the call a suspended answer lacks', () => {
  const chunk = typed('model_chunk', {
    id: 'chunk',
    parent: 'model',
    from: 2,
    attributes: { 'mastra.model_chunk.output': '{"toolName":"publish","toolCallId":"c9","toolInput":{"t":1}}' },
  });
  const suspended = run({
    attributes: {
      'mastra.agent_run.output':
        '{"status":"suspended","reason":"tool-call-approval","toolName":"publish","toolCallId":"c9"}',
    },
  });
  const derivation = derive([suspended, ...call(1), chunk]);

  expect(ofType(derivation, 'tool_call')).toMatchObject([{ tool: 'publish', status: 'waiting' }]);
  expect(ofType(derivation, 'approval_request')).toMatchObject([{ tool: 'publish', status: 'waiting' }]);
  expect(ofType(derivation, 'error')).toEqual([]);
  expect(derivation.run.status).toBe('waiting');
});

describe.each([
  [true, 'completed'],
  [false, 'rejected'],
])('an answer approved=%s in another trace', (approved, status) => {
  const suspended = [
    run({ attributes: { 'mastra.agent_run.output': '{"status":"suspended","toolName":"publish","toolCallId":"c9"}' } }),
  ];
  const resumed = [
    run({
      trace: OTHER,
      from: 200,
      to: 300,
      attributes: {
        'mastra.metadata.resumed': 'true',
        'mastra.agent_run.input': `{"approved":${approved},"toolCallId":"c9","toolName":"publish"}`,
      },
    }),
  ];

  test(`leaves the request ${status}`, () => {
    const answer = derive(resumed);
    const asked = derive(suspended, [], answer.offers);

    expect(ofType(answer, 'approval_decision')).toMatchObject([{ status, actor: { kind: 'user' } }]);
    expect(ofType(answer, 'user_input')).toEqual([]);
    expect(ofType(asked, 'approval_request')).toMatchObject([{ status }]);
    expect(derive(resumed, [], derive(suspended).offers).run.continuesTraceId).toBe(suspended[0]?.traceId);
  });
});

test('a call repeated on resume asks nothing, costs nothing and proposes nothing again', () => {
  const repeated = call(200, {
    'mastra.model_step.input': undefined,
    'mastra.model_step.step_index': 0,
    'mastra.metadata.resumed': true,
    'mastra.model_step.output': '{"toolCalls":[{"toolCallId":"c9","toolName":"publish","args":{}}]}',
  });
  const derivation = derive([
    run({
      attributes: { 'mastra.metadata.resumed': true, 'mastra.agent_run.input': '{"approved":true,"toolCallId":"c9"}' },
    }),
    ...repeated,
  ]);

  expect(derivation.run.usage).toEqual({});
  expect(ofType(derivation, 'tool_call')).toEqual([]);
});

test('a failure told by the finish reason alone has the words of the agent around it, once', () => {
  const spans = [
    run({ error: 'rate limited' }),
    typed('model_inference', {
      id: 'model',
      parent: 'run',
      from: 1,
      attributes: { 'gen_ai.request.model': 'm1', 'gen_ai.response.finish_reasons': '["error"]' },
    }),
  ];

  expect(ofType(derive(spans), 'error')).toMatchObject([{ spanId: 'model', summary: 'rate limited' }]);
  expect(ofType(derive(spans), 'model_response')).toEqual([]);
});

test('a failed tool is one error', () => {
  const tool = typed('tool_call', {
    id: 't',
    parent: 'run',
    name: 'execute_tool look',
    error: 'HTTP 403',
    attributes: { 'gen_ai.tool.name': 'look', 'gen_ai.tool.call.id': 'c1' },
  });
  const derivation = derive([run(), tool]);

  expect(ofType(derivation, 'error')).toMatchObject([{ tool: 'look', summary: 'HTTP 403' }]);
  expect(ofType(derivation, 'tool_result')).toMatchObject([{ status: 'error' }]);
});

describe('workflows', () => {
  const flow = (more: Partial<Sketch> = {}) =>
    typed('workflow_run', { id: 'flow', name: 'invoke_workflow prices', to: 50, ...more });
  const step = (more: Sketch['attributes'] = {}) =>
    typed('workflow_step', { id: 'ask', parent: 'flow', name: 'workflow_step ask', from: 1, attributes: more });

  test('steps are nodes of the workflow', () => {
    const derivation = derive([flow(), step()]);

    expect(derivation.run.workflow).toBe('prices');
    expect(ofType(derivation, 'node_completed')).toMatchObject([{ actor: { name: 'ask' } }]);
  });

  test('a suspended step waits for the run that resumes it', () => {
    const asked = [
      flow({ attributes: { 'mastra.workflow_run.output': '{"status":"suspended"}' } }),
      step({ 'mastra.workflow_step.status': 'suspended' }),
    ];
    const resumed = [
      flow({
        trace: OTHER,
        from: 100,
        to: 120,
        attributes: { 'mastra.metadata.resumed': true, 'mastra.workflow_run.input': '{"approved":true}' },
      }),
    ];

    expect(ofType(derive(asked), 'approval_request')).toMatchObject([{ status: 'waiting' }]);
    expect(ofType(derive(asked), 'node_started')).toMatchObject([{ status: 'waiting' }]);
    expect(ofType(derive(asked, [], derive(resumed).offers), 'approval_request')).toMatchObject([
      { status: 'completed' },
    ]);
    expect(ofType(derive(resumed), 'approval_decision')).toHaveLength(1);
  });
});
