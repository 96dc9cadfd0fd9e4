import { derive, ofType, span } from '../../testing/span-builder.ts';

const autogen = (operation: string, more: Parameters<typeof span>[0]) =>
  span({
    ...more,
    name: `${operation} ${more.id}`,
    scope: 'autogen-core',
    attributes: { 'gen_ai.operation.name': operation, 'gen_ai.system': 'autogen', ...more.attributes },
  });

const agent = { 'gen_ai.agent.name': 'researcher', 'gen_ai.agent.id': 'researcher_1' };
const RUN = [
  autogen('create_agent', { id: 'c', to: 1, attributes: { ...agent, 'gen_ai.agent.description': 'finds things' } }),
  autogen('invoke_agent', { id: 'a', from: 2, to: 90, attributes: agent }),
  autogen('execute_tool', {
    id: 't',
    parent: 'a',
    from: 10,
    to: 20,
    attributes: { 'gen_ai.tool.name': 'search', 'gen_ai.tool.call.id': 'call_1' },
  }),
  autogen('execute_tool', {
    id: 'u',
    parent: 'a',
    from: 30,
    to: 40,
    error: 'host not found',
    attributes: { 'gen_ai.tool.name': 'fetch', 'gen_ai.tool.call.id': 'call_2', 'error.type': 'ConnectError' },
  }),
];

test('an AutoGen agent is made, runs, calls its tools and fails in one of them', () => {
  const derivation = derive(RUN);

  expect(derivation.events.map(({ type, status, actor }) => `${type} ${status} ${actor.name}`)).toEqual([
    'component_generated completed researcher',
    'agent_started completed researcher',
    'tool_call completed researcher',
    'tool_result completed search',
    'tool_call error researcher',
    'error error fetch',
    'tool_result error fetch',
    'agent_completed completed researcher',
  ]);
  expect(ofType(derivation, 'error')).toMatchObject([{ summary: expect.stringContaining('host not found') as string }]);
});

test('content an AutoGen tool did not send is said to be missing', () => {
  expect(ofType(derive(RUN), 'tool_call')[0]?.content()).toMatchObject({ arguments: { kind: 'not_captured' } });
});
