import { derive, ofType, span } from '../../testing/span-builder.ts';

type Sketch = Parameters<typeof span>[0];
const adk = (name: string, sketch: Sketch) => span({ ...sketch, name, scope: 'gcp.vertex.agent' });
const json = (value: unknown): string => JSON.stringify(value);
const request = (parts: unknown[], role = 'user'): string =>
  json({ model: 'gemini', config: { system_instruction: 'You are it.' }, contents: [{ role, parts }] });
const run = [
  adk('invocation', { id: 'i', to: 90 }),
  adk('invoke_agent coder', { id: 'a', parent: 'i', from: 1, to: 80, attributes: { 'gen_ai.conversation.id': 's1' } }),
];
const call = (attributes: Record<string, unknown> = {}) =>
  adk('call_llm', {
    id: 'm',
    parent: 'a',
    from: 2,
    to: 5,
    attributes: { 'gcp.vertex.agent.llm_request': request([{ text: 'go' }]), ...attributes },
  });
const tool = (attributes: Record<string, unknown>, sketch: Partial<Sketch> = {}) =>
  adk('execute_tool look', { id: 't', parent: 'a', from: 6, to: 7, ...sketch, attributes });

test('a run with a model call and a tool, the merged span skipped', () => {
  const answer = json({
    content: { role: 'model', parts: [{ text: 'hi' }, { function_call: { id: 'c1', name: 'look', args: { q: 1 } } }] },
    usage_metadata: { prompt_token_count: '4' },
  });
  const derivation = derive([
    ...run,
    call({ 'gcp.vertex.agent.llm_response': answer }),
    tool({
      'gen_ai.tool.call.id': 'c1',
      'gcp.vertex.agent.tool_call_args': '{"q":1}',
      'gcp.vertex.agent.tool_response': '{"result":2}',
    }),
    adk('execute_tool (merged)', { id: 'x', parent: 'a', from: 6 }),
  ]);

  expect(derivation.run).toMatchObject({ workflow: 'invocation', sessionId: 's1' });
  expect(ofType(derivation, 'user_input')).toMatchObject([{ summary: 'go' }]);
  expect(ofType(derivation, 'model_request')).toMatchObject([{ model: 'gemini', actor: { name: 'coder' } }]);
  expect(ofType(derivation, 'model_response')).toMatchObject([{ summary: 'hi → look', usage: { input: 4 } }]);
  expect(ofType(derivation, 'tool_call')).toMatchObject([{ tool: 'look' }]);
  expect(ofType(derivation, 'error')).toEqual([]);
});

test('a failed tool has neither status nor attributes', () => {
  const derivation = derive([...run, tool({})]);

  expect(ofType(derivation, 'tool_result')).toMatchObject([{ status: 'error' }]);
  expect(ofType(derivation, 'error')).toHaveLength(1);
});

test('content off is said', () => {
  const derivation = derive([
    ...run,
    call({ 'gcp.vertex.agent.llm_request': '{}', 'gcp.vertex.agent.llm_response': '{}' }),
  ]);

  expect(ofType(derivation, 'model_request')[0]?.content()).toMatchObject({ notCaptured: true });
});

test('a tool that must be confirmed waits; the confirmation in the next request and the second run are one decision', () => {
  const asked = [
    ...run,
    tool({
      'gen_ai.tool.call.id': 'c1',
      'gcp.vertex.agent.tool_response': '{"error":"This tool call requires confirmation, please approve or reject."}',
    }),
  ];
  const question = {
    function_call: {
      id: 'q1',
      name: 'adk_request_confirmation',
      args: { originalFunctionCall: { id: 'c1', name: 'look' } },
    },
  };
  const answer = { function_response: { id: 'q1', name: 'adk_request_confirmation', response: { confirmed: true } } };
  const other = { trace: 'b'.repeat(32) };
  const resumed = [
    adk('invoke_agent coder', { id: 'a', from: 100, to: 190, ...other }),
    tool(
      { 'gen_ai.tool.call.id': 'c1', 'gcp.vertex.agent.tool_response': '{"result":1}' },
      { ...other, from: 110, to: 120 },
    ),
    adk('call_llm', {
      id: 'm',
      parent: 'a',
      from: 130,
      ...other,
      attributes: { 'gcp.vertex.agent.llm_request': request([question, answer]) },
    }),
  ];
  const first = derive(asked);
  const second = derive(resumed, [], first.offers);

  expect(ofType(first, 'approval_request')).toMatchObject([{ status: 'waiting', tool: 'look' }]);
  expect(ofType(first, 'error')).toEqual([]);
  expect(ofType(second, 'approval_decision')).toMatchObject([{ status: 'completed' }]);
  expect(ofType(second, 'tool_call')).toEqual([]);
  expect(ofType(derive(asked, [], derive(resumed).offers), 'approval_request')).toMatchObject([
    { status: 'completed' },
  ]);
});

test('a transfer hands over to the agent in its arguments', () => {
  const transfer = adk('execute_tool transfer_to_agent', {
    id: 't',
    parent: 'a',
    from: 6,
    attributes: {
      'gen_ai.tool.name': 'transfer_to_agent',
      'gcp.vertex.agent.tool_call_args': '{"agent_name":"writer"}',
    },
  });

  expect(ofType(derive([...run, transfer]), 'agent_message')).toMatchObject([{ target: { name: 'writer' } }]);
});
