import { derive, ofType, span } from '../../testing/span-builder.ts';

const graphSpan = (kind: string, node: string, extra: Record<string, unknown> = {}): Record<string, unknown> => ({
  'openinference.span.kind': kind,
  metadata: JSON.stringify({ langgraph_node: node, langgraph_step: 1, langgraph_checkpoint_ns: `${node}:1` }),
  ...extra,
});
const todos = [{ id: '1', text: 'find the prices', status: 'pending' }];
const call = 'llm.output_messages.0.message.tool_calls.0.tool_call';

describe('a plan taken from the answer of a model', () => {
  it('is a revision with its reason, though no tool ran', () => {
    const derived = derive([
      span({ id: 'root', to: 20, attributes: { 'openinference.span.kind': 'CHAIN' } }),
      span({ id: 'planner', parent: 'root', to: 9, attributes: graphSpan('CHAIN', 'planner') }),
      span({
        id: 'model',
        parent: 'planner',
        from: 1,
        to: 5,
        attributes: graphSpan('LLM', 'planner', {
          'llm.model_name': 'm1',
          'llm.output_messages.0.message.role': 'assistant',
          [`${call}.id`]: 'c1',
          [`${call}.function.name`]: 'write_todos',
          [`${call}.function.arguments`]: JSON.stringify({ todos, reason: 'these lead to the report' }),
        }),
      }),
    ]);
    const [plan, ...more] = ofType(derived, 'plan_update');
    expect(more).toEqual([]);
    expect(plan).toMatchObject({ actor: { kind: 'node', name: 'planner' } });
    expect(plan?.content()).toMatchObject({ items: todos, reason: 'these lead to the report', reasonBasis: 'given' });
  });
});
