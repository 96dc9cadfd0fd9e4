import { derive, ofType, span } from '../../testing/span-builder.ts';

type Sketch = Parameters<typeof span>[0];
const op = (operation: string, sketch: Sketch) =>
  span({ ...sketch, attributes: { 'gen_ai.operation.name': operation, ...sketch.attributes } });

describe('Pydantic AI', () => {
  const scope = 'pydantic-ai';

  test('the old names: agent run and running tool', () => {
    const derivation = derive([
      span({
        id: 'a',
        scope,
        name: 'agent run',
        to: 9,
        attributes: {
          agent_name: 'coder',
          'pydantic_ai.all_messages': '[{"role":"user","parts":[{"type":"text","content":"go"}]}]',
          'gen_ai.aggregated_usage.input_tokens': 99,
        },
      }),
      span({ id: 'x', scope, parent: 'a', name: 'running 1 tool', from: 1, to: 5 }),
      span({
        id: 't',
        scope,
        parent: 'x',
        name: 'running tool',
        from: 2,
        attributes: {
          'gen_ai.tool.name': 'look',
          tool_arguments: '{"q":1}',
          tool_response: 'found',
          'gen_ai.tool.call.id': 'c1',
        },
      }),
    ]);

    expect(ofType(derivation, 'agent_started')).toMatchObject([{ actor: { name: 'coder' } }]);
    expect(ofType(derivation, 'user_input')).toMatchObject([{ summary: 'go' }]);
    expect(ofType(derivation, 'tool_call')).toMatchObject([{ summary: 'look {"q":1}' }]);
    expect(ofType(derivation, 'tool_result')).toMatchObject([{ summary: 'found' }]);
    expect(derivation.run.usage).toEqual({});
  });

  test('a deferred tool waits', () => {
    const derivation = derive([
      span({
        id: 'a',
        scope,
        name: 'invoke_agent coder',
        to: 9,
        attributes: { 'gen_ai.operation.name': 'invoke_agent' },
      }),
      op('execute_tool', {
        id: 't',
        scope,
        parent: 'a',
        from: 1,
        name: 'execute_tool look',
        error: 'ApprovalRequired',
        attributes: {
          'gen_ai.tool.name': 'look',
          'gen_ai.tool.call.id': 'c1',
          'pydantic_ai.tool.deferral.name': 'ApprovalRequired',
        },
      }),
    ]);

    expect(ofType(derivation, 'approval_request')).toMatchObject([{ status: 'waiting', tool: 'look' }]);
    expect(ofType(derivation, 'error')).toEqual([]);
  });
});
