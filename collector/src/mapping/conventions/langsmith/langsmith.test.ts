import { derive, ofType, span } from '../../testing/span-builder.ts';

type Sketch = Parameters<typeof span>[0];
const run = (kind: string, sketch: Sketch) =>
  span({ ...sketch, attributes: { 'langsmith.span.kind': kind, ...sketch.attributes } });
const exception = (message: string) => [
  { name: 'exception', attributes: { 'exception.type': 'Error', 'exception.message': message } },
];
const root = run('chain', {
  id: 'r',
  name: 'pipeline',
  to: 90,
  attributes: {
    'gen_ai.prompt': '{"messages":[{"role":"user","content":"go"}]}',
    'langsmith.metadata.thread_id': 't1',
    'langsmith.trace.session_name': 'project',
  },
});

test('a run with a model call and a tool', () => {
  const derivation = derive([
    root,
    run('llm', {
      id: 'm',
      parent: 'r',
      from: 1,
      attributes: {
        'gen_ai.request.model': 'gpt',
        'gen_ai.prompt': '{"messages":[{"role":"user","content":"go"}]}',
        'gen_ai.completion':
          '{"choices":[{"message":{"role":"assistant","content":"hi","tool_calls":[{"id":"c1","function":{"name":"look","arguments":"{}"}}]}}]}',
        'gen_ai.usage.input_tokens': '3',
      },
    }),
    run('tool', {
      id: 't',
      parent: 'r',
      from: 5,
      name: 'look',
      attributes: { 'gen_ai.prompt': '{"input":"{\\"q\\":1}"}', 'gen_ai.completion': '{"output":"found"}' },
    }),
  ]);

  expect(derivation.run).toMatchObject({ workflow: 'pipeline', sessionId: 't1' });
  expect(ofType(derivation, 'user_input')).toMatchObject([{ summary: 'go' }]);
  expect(ofType(derivation, 'model_response')).toMatchObject([{ summary: 'hi → look', usage: { input: 3 } }]);
  expect(ofType(derivation, 'tool_call')).toMatchObject([{ tool: 'look' }]);
  expect(ofType(derivation, 'tool_result')).toMatchObject([{ summary: 'found' }]);
});

test.each(['llm', 'tool'])('a failed %s ends OK with an exception event and is one error', (kind) => {
  const failed = { ...run(kind, { id: 'x', parent: 'r', from: 1, events: exception('boom') }), statusCode: 1 };
  const around = { ...run('chain', { id: 'r', to: 90, events: exception('boom') }), statusCode: 1 };

  expect(ofType(derive([around, failed]), 'error')).toMatchObject([{ spanId: 'x', summary: 'boom' }]);
});

test('an interrupt asks, the resumed run decides', () => {
  const thread = { 'langsmith.metadata.thread_id': 't1' };
  const asked = derive([
    run('chain', {
      id: 'r',
      to: 9,
      attributes: { ...thread, 'gen_ai.completion': '{"__interrupt__":[{"id":"i","value":{"action":"publish"}}]}' },
    }),
  ]);
  const resumed = derive([
    run('chain', {
      id: 'r',
      trace: 'b'.repeat(32),
      from: 20,
      attributes: { ...thread, 'gen_ai.prompt': '{"lg_name":"Command","resume":{"approved":false}}' },
    }),
  ]);

  expect(ofType(asked, 'approval_request')).toMatchObject([{ status: 'waiting' }]);
  expect(ofType(resumed, 'approval_decision')).toMatchObject([{ status: 'rejected' }]);
});
