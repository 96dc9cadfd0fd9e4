import type { GraphView } from '@signalbox/event-model';
import fc from 'fast-check';
import type { Item } from '../testing/mapping-driver.ts';
import { at, log, span } from '../testing/span-builder.ts';
import { graphSpan, nodeSpan, recordedItems, taskOf } from '../testing/view-parts.ts';
import { toGraphView } from './graph.ts';

const RESUMED = 'b'.repeat(32);

const taken = (view: GraphView): string[] =>
  view.edges
    .filter((edge) => edge.taken > 0)
    .map((edge) => `${edge.source}>${edge.target} ${edge.taken}`)
    .sort();
const nodeOf = (view: GraphView, id: string) => view.nodes.find((node) => node.id === id);
const agent = (id: string, name: string, more: Partial<Parameters<typeof span>[0]> = {}): Item => ({
  span: span({ id, ...more, attributes: { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': name } }),
});
const tool = (id: string, name: string, more: Partial<Parameters<typeof span>[0]> = {}): Item => ({
  span: span({ id, ...more, attributes: { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': name } }),
});
const declared = (nodes: unknown[], edges: unknown[]): Item => ({
  log: log({
    eventName: 'signalbox.graph.declared',
    timeNs: at(0),
    values: {
      'signalbox.graph.name': 'prices',
      'signalbox.graph.nodes': JSON.stringify(nodes),
      'signalbox.graph.edges': JSON.stringify(edges),
    },
  }),
});
const viewOf = (items: readonly Item[], trace = 'a'): GraphView => toGraphView(taskOf(items, trace));

describe('the graph of recorded runs', () => {
  test('LangGraph: an interrupted run and the one that resumes it are one way through the graph', () => {
    const view = viewOf(recordedItems('langgraph-openinference'), '7414d3');

    expect(view).toMatchObject({ name: 'price_workflow', basis: 'inferred', active: [] });
    expect(taken(view)).toEqual([
      '__start__>planner 1',
      'approval>publish 1',
      'coder>approval 1',
      'planner>coder 1',
      'publish>__end__ 1',
    ]);
    expect(nodeOf(view, 'approval')).toMatchObject({ visits: 1, errors: 0, status: 'completed' });
  });

  test('LangGraph: what stopped to ask has not led to the end', () => {
    const view = viewOf(recordedItems('langgraph-openinference'), '67bcbf');

    expect(taken(view)).toEqual(['__start__>planner 1', 'coder>approval 1', 'planner>coder 1']);
  });

  test('AI SDK: agents call tools, a tool runs another agent', () => {
    const view = viewOf(recordedItems('ai-sdk-6'), '5857b6');

    expect(taken(view)).toEqual([
      '__start__>planner 1',
      'coder>tool:fetch_page 1',
      'coder>tool:publish_report 1',
      'coder>tool:search_prices 1',
      'planner>__end__ 1',
      'planner>tool:ask_coder 1',
      'planner>tool:write_todos 1',
      'tool:ask_coder>coder 2',
    ]);
    expect(nodeOf(view, 'tool:fetch_page')).toMatchObject({ type: 'tool', status: 'error', errors: 1 });
  });

  test('OpenAI Agents: a handoff leads from agent to agent, and a resumed agent is not visited again', () => {
    const view = viewOf(recordedItems('openai-agents-openinference'), 'e5df66');

    expect(taken(view)).toEqual([
      'Coder>__end__ 1',
      'Coder>tool:fetch_page 1',
      'Coder>tool:publish_report 1',
      'Coder>tool:search_prices 1',
      'Planner>Coder 1',
      'Planner>tool:write_todos 1',
      '__start__>Planner 1',
    ]);
    expect(nodeOf(view, 'Coder')).toMatchObject({ type: 'agent', visits: 1 });
  });

  test('Mastra: an agent suspended for a decision goes on in the same visit', () => {
    const view = viewOf(recordedItems('mastra-agent-approval'), '04a8f2');

    expect(nodeOf(view, 'coder')).toMatchObject({ visits: 1, status: 'completed' });
    expect(taken(view)).toContain('coder>tool:publish_report 1');
    expect(taken(view)).not.toContain('coder>coder 1');
  });

  test('Claude Code: a sub-agent hangs on the tool that launched it', () => {
    const view = viewOf(recordedItems('claude-code'), '6b1418');

    expect(taken(view)).toEqual(
      expect.arrayContaining(['main>tool:Agent 1', 'tool:Agent>sub-agent a6cabca84cd2cc26b (general-purpose) 1']),
    );
    expect(nodeOf(view, 'tool:Bash')).toMatchObject({ visits: 2, errors: 0 });
  });
});

describe('a graph that runs', () => {
  const root = graphSpan({ id: 'g', from: 0, to: 100 });

  test('nodes of one step ran side by side: each follows the step before and leads to the one after', () => {
    const view = viewOf([
      root,
      nodeSpan({ id: 'n1', parent: 'g', ns: 'split:1', step: 1, from: 1, to: 10 }),
      nodeSpan({ id: 'n2', parent: 'g', ns: 'left:2', step: 2, from: 11, to: 20 }),
      nodeSpan({ id: 'n3', parent: 'g', ns: 'right:3', step: 2, from: 11, to: 30 }),
      nodeSpan({ id: 'n4', parent: 'g', ns: 'join:4', step: 3, from: 31, to: 40 }),
    ]);

    expect(taken(view)).toEqual([
      '__start__>split 1',
      'join>__end__ 1',
      'left>join 1',
      'right>join 1',
      'split>left 1',
      'split>right 1',
    ]);
  });

  test('a loop counts visits and the ways back', () => {
    const rounds = [1, 2, 3].flatMap((round) => [
      nodeSpan({
        id: `w${round}`,
        parent: 'g',
        ns: `write:${round}`,
        step: round * 2 - 1,
        from: round * 20,
        to: round * 20 + 5,
      }),
      nodeSpan({
        id: `r${round}`,
        parent: 'g',
        ns: `review:${round}`,
        step: round * 2,
        from: round * 20 + 6,
        to: round * 20 + 9,
        ...(round === 2 ? { error: 'no good' } : {}),
      }),
    ]);
    const view = viewOf([root, ...rounds]);

    expect(taken(view)).toEqual(['__start__>write 1', 'review>__end__ 1', 'review>write 2', 'write>review 3']);
    expect(nodeOf(view, 'write')).toMatchObject({ visits: 3, errors: 0, totalNs: '15000000' });
    expect(nodeOf(view, 'review')).toMatchObject({ visits: 3, errors: 1, status: 'completed' });
  });

  test('a node is active from the first thing that ran inside until its own span tells its end', () => {
    const first = nodeSpan({ id: 'n1', parent: 'g', ns: 'plan:1', step: 1, from: 1, to: 10 });
    const inside = nodeSpan({ id: 'x', parent: 'n2', ns: 'code:2', step: 2, name: 'RunnableLambda', from: 12, to: 13 });
    const running = viewOf([first, inside]);
    const ended = viewOf([first, inside, nodeSpan({ id: 'n2', parent: 'g', ns: 'code:2', step: 2, from: 11, to: 20 })]);

    expect(running.active).toEqual(['code']);
    expect(taken(running)).toEqual(['__start__>plan 1', 'plan>code 1']);
    expect(ended.active).toEqual([]);
    expect(nodeOf(ended, 'code')).toMatchObject({ visits: 1, status: 'completed' });
  });

  test('a node that asks a person waits, and goes on where the resumed run comes back to it', () => {
    const asked = [
      graphSpan({ id: 'g', from: 0, to: 30 }),
      nodeSpan({ id: 'n1', parent: 'g', ns: 'draft:1', step: 1, from: 1, to: 10 }),
      nodeSpan({
        id: 'n2',
        parent: 'g',
        ns: 'ask:2',
        step: 2,
        from: 11,
        to: 20,
        error: 'GraphInterrupt: [{"id":"i","value":{"action":"publish"}}]',
      }),
    ];
    const answered = [
      graphSpan({ id: 'g2', trace: RESUMED, from: 100, to: 130, input: { lg_name: 'Command', resume: true } }),
      nodeSpan({ id: 'm1', trace: RESUMED, parent: 'g2', ns: 'ask:2', step: 2, from: 101, to: 110 }),
      nodeSpan({ id: 'm2', trace: RESUMED, parent: 'g2', ns: 'send:3', step: 3, from: 111, to: 120 }),
    ];
    const waiting = viewOf(asked);
    const whole = viewOf([...asked, ...answered], RESUMED);

    expect(nodeOf(waiting, 'ask')).toMatchObject({ status: 'waiting', visits: 1 });
    expect(taken(waiting)).toEqual(['__start__>draft 1', 'draft>ask 1']);
    expect(taken(whole)).toEqual(['__start__>draft 1', 'ask>send 1', 'draft>ask 1', 'send>__end__ 1']);
    expect(nodeOf(whole, 'ask')).toMatchObject({ status: 'completed', visits: 1, totalNs: '18000000' });
  });

  test('the inside of a sub-graph is named after it and lies in it', () => {
    const view = viewOf([
      root,
      nodeSpan({ id: 's', parent: 'g', ns: 'sub:1', step: 1, from: 1, to: 40 }),
      graphSpan({ id: 'sg', parent: 's', from: 2, to: 39 }),
      nodeSpan({ id: 'i1', parent: 'sg', ns: 'sub:1|inner1:2', step: 1, from: 3, to: 10 }),
      nodeSpan({ id: 'i2', parent: 'sg', ns: 'sub:1|inner2:3', step: 2, from: 11, to: 30 }),
      nodeSpan({ id: 'l', parent: 'g', ns: 'last:4', step: 2, from: 41, to: 50 }),
    ]);

    expect(nodeOf(view, 'sub:inner1')).toMatchObject({ label: 'inner1', parentId: 'sub' });
    expect(taken(view)).toEqual(['__start__>sub 1', 'last>__end__ 1', 'sub:inner1>sub:inner2 1', 'sub>last 1']);
  });
});

describe('a declared graph', () => {
  const GRAPH = declared(
    [{ id: '__start__' }, { id: 'plan' }, { id: 'code', label: 'Coder' }, { id: 'ask' }, { id: '__end__' }],
    [
      { source: '__start__', target: 'plan' },
      { source: 'plan', target: 'code', conditional: true, label: 'easy' },
      { source: 'plan', target: 'ask', conditional: true, label: 'hard' },
      { source: 'code', target: '__end__' },
    ],
  );

  test('shows the ways not taken beside the one that was', () => {
    const view = viewOf([
      GRAPH,
      graphSpan({ id: 'g', from: 0, to: 30 }),
      nodeSpan({ id: 'n1', parent: 'g', ns: 'plan:1', step: 1, from: 1, to: 10 }),
      nodeSpan({ id: 'n2', parent: 'g', ns: 'code:2', step: 2, from: 11, to: 20 }),
    ]);

    expect(view).toMatchObject({ name: 'prices', basis: 'declared' });
    expect(view.nodes.map(({ id }) => id)).toEqual(['__start__', 'plan', 'code', 'ask', '__end__']);
    expect(view.edges.find(({ target }) => target === 'ask')).toEqual({
      source: 'plan',
      target: 'ask',
      label: 'hard',
      conditional: true,
      taken: 0,
      declared: true,
    });
    expect(taken(view)).toEqual(['__start__>plan 1', 'code>__end__ 1', 'plan>code 1']);
    expect(nodeOf(view, 'ask')).toMatchObject({ observed: false, visits: 0, status: 'idle' });
    expect(nodeOf(view, 'code')).toMatchObject({ label: 'Coder', observed: true });
  });

  test('tells which of the nodes of a step led on', () => {
    const view = viewOf([
      declared(
        ['a', 'b', 'c', 'd'],
        [
          { source: 'a', target: 'c' },
          { source: 'b', target: 'd' },
        ],
      ),
      graphSpan({ id: 'g', from: 0, to: 30 }),
      ...['a', 'b'].map((id) => nodeSpan({ id, parent: 'g', ns: `${id}:1`, step: 1, from: 1, to: 10 })),
      ...['c', 'd'].map((id) => nodeSpan({ id, parent: 'g', ns: `${id}:1`, step: 2, from: 11, to: 20 })),
    ]);

    expect(taken(view)).toEqual(expect.arrayContaining(['a>c 1', 'b>d 1']));
    expect(taken(view)).not.toEqual(expect.arrayContaining(['a>d 1']));
  });

  test('that shows the inside of a sub-graph is entered and left through it', () => {
    const view = viewOf([
      declared(
        ['__start__', 'sub:one', 'sub:two', 'end'],
        [
          { source: '__start__', target: 'sub:one' },
          { source: 'sub:one', target: 'sub:two' },
          { source: 'sub:two', target: 'end' },
        ],
      ),
      graphSpan({ id: 'g', from: 0, to: 60 }),
      nodeSpan({ id: 's', parent: 'g', ns: 'sub:1', step: 1, from: 1, to: 40 }),
      graphSpan({ id: 'sg', parent: 's', from: 2, to: 39 }),
      nodeSpan({ id: 'i1', parent: 'sg', ns: 'sub:1|one:2', step: 1, from: 3, to: 10 }),
      nodeSpan({ id: 'i2', parent: 'sg', ns: 'sub:1|two:3', step: 2, from: 11, to: 30 }),
    ]);

    expect(taken(view)).toEqual(['__start__>sub:one 1', 'sub:one>sub:two 1', 'sub:two>end 1']);
    expect(nodeOf(view, 'sub:one')?.parentId).toBe('sub');
    expect(view.edges.every((edge) => edge.declared)).toBe(true);
  });

  test('is no declaration where it is only the messages that were sent', () => {
    const view = viewOf([
      { span: span({ id: 'w', name: 'workflow.run', to: 90, attributes: { 'workflow.name': 'flow' } }) },
      { span: span({ id: 'e1', name: 'executor.process write', parent: 'w', from: 1, to: 20 }) },
      {
        span: span({
          id: 'm',
          name: 'message.send',
          parent: 'e1',
          from: 15,
          attributes: { 'message.source_id': 'write', 'message.target_id': 'review' },
        }),
      },
      { span: span({ id: 'e2', name: 'executor.process review', parent: 'w', from: 30, to: 40 }) },
    ]);

    expect(view.basis).toBe('inferred');
    expect(taken(view)).toEqual(['__start__>write 1', 'review>__end__ 1', 'write>review 1']);
  });
});

test('agents one after the other follow in order of time; what they call hangs on them', () => {
  const view = viewOf([
    { span: span({ id: 'w', name: 'crew', to: 90, attributes: { 'gen_ai.operation.name': 'invoke_workflow' } }) },
    agent('a1', 'researcher', { parent: 'w', from: 1, to: 20 }),
    tool('t1', 'search', { parent: 'a1', from: 2, to: 5 }),
    tool('t2', 'search', { parent: 'a1', from: 6, to: 9, error: 'down' }),
    agent('a2', 'writer', { parent: 'w', from: 30, to: 50 }),
  ]);

  expect(taken(view)).toEqual([
    '__start__>researcher 1',
    'researcher>tool:search 2',
    'researcher>writer 1',
    'writer>__end__ 1',
  ]);
  expect(nodeOf(view, 'tool:search')).toMatchObject({ visits: 2, errors: 1, status: 'error' });
});

test('an agent that says where it was reached from follows that agent, not the one before it in time', () => {
  const crewAgent = (id: string, role: string, from: number, parent?: string): Item => ({
    span: span({
      id,
      parent: 'w',
      from,
      to: from + 5,
      attributes: { 'openinference.span.kind': 'AGENT', 'graph.node.id': role, 'graph.node.parent_id': parent },
    }),
  });
  const view = viewOf([
    { span: span({ id: 'w', name: 'crew', to: 90, attributes: { 'openinference.span.kind': 'CHAIN' } }) },
    crewAgent('a1', 'lead', 1),
    crewAgent('a2', 'researcher', 10, 'lead'),
    crewAgent('a3', 'writer', 20, 'lead'),
  ]);

  expect(taken(view)).toEqual(expect.arrayContaining(['__start__>lead 1', 'lead>researcher 1', 'lead>writer 1']));
  expect(taken(view)).not.toContain('researcher>writer 1');
});

test.each([
  'langgraph-openinference',
  'ai-sdk-6',
  'openai-agents-openinference',
  'claude-code',
  'mastra-agent-approval',
])('the graph of %s does not depend on the order its telemetry came in', (name) => {
  const items = recordedItems(name);
  const traces = [...new Set(items.flatMap((item) => ('span' in item ? [item.span.traceId] : [])))];
  const expected = traces.map((trace) => viewOf(items, trace));

  fc.assert(
    fc.property(fc.shuffledSubarray(items, { minLength: items.length, maxLength: items.length }), (order) => {
      expect(traces.map((trace) => viewOf(order, trace))).toEqual(expected);
    }),
    { numRuns: 15 },
  );
});
