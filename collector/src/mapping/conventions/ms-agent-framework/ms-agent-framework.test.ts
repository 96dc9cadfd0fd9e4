import { derive, ofType, span } from '../../testing/span-builder.ts';

describe('Microsoft Agent Framework', () => {
  test('executors are nodes, messages and definitions the graph', () => {
    const definition =
      '{"start_executor_id":"a","executors":{"a":{},"b":{}},"edge_groups":[{"edges":[{"source_id":"a","target_id":"b"}]}]}';
    const run = span({
      id: 'w',
      name: 'workflow.run',
      to: 9,
      attributes: { 'workflow.name': 'prices', 'workflow.definition': definition },
    });
    const node = span({
      id: 'n',
      parent: 'w',
      name: 'executor.process a',
      from: 1,
      attributes: { 'executor.id': 'a' },
    });
    const sent = span({
      id: 'm',
      parent: 'n',
      name: 'message.send',
      from: 2,
      attributes: { 'message.source_id': 'a', 'message.target_id': 'b' },
    });

    expect(derive([run, node, sent]).run).toMatchObject({
      workflow: 'prices',
      graph: { nodes: [{ id: 'a' }, { id: 'b' }], edges: [{ source: 'a', target: 'b' }] },
    });
    expect(derive([node, sent]).run.graph).toMatchObject({ edges: [{ source: 'a', target: 'b' }] });
    expect(ofType(derive([run, node]), 'node_completed')).toMatchObject([{ actor: { name: 'a' } }]);
  });
});
