import { Attributes } from '../../../telemetry/attributes.ts';
import { at, derive, log, ofType, span } from '../../testing/span-builder.ts';
import type { DerivedEvent } from '../../derivation.ts';

const OTHER = 'b'.repeat(32);
const record = (name: string, values: Record<string, unknown>, ms = 0, more: Parameters<typeof log>[0] = {}) =>
  log({ eventName: `signalbox.${name}`, timeNs: at(ms), values, ...more });
const items = (...list: [string, string, string][]): string =>
  JSON.stringify(list.map(([id, text, status]) => ({ id, text, status })));
const kindOf = (events: readonly DerivedEvent[]): unknown[] => events.map(({ type, status }) => [type, status]);

test('plans, changes and added tasks are revisions with the reason that was given', () => {
  const updates = ofType(
    derive(
      [],
      [
        record('plan.set', { 'signalbox.plan.items': items(['1', 'search', 'pending'], ['2', 'write', 'pending']) }, 1),
        record(
          'plan.item_changed',
          {
            'signalbox.plan.item.id': '1',
            'signalbox.plan.item.status': 'completed',
            'signalbox.plan.reason': 'found it',
          },
          2,
        ),
        record(
          'task.added',
          { 'signalbox.task.id': '3', 'signalbox.task.text': 'check', 'signalbox.task.note': 'asked by Ann' },
          3,
        ),
        record('plan.item_changed', { 'signalbox.plan.item.id': '1', 'signalbox.plan.item.status': 'completed' }, 4),
      ],
    ),
    'plan_update',
  );

  expect(updates.map((event) => event.content())).toMatchObject([
    { change: { added: ['1', '2'] }, reason: null, reasonBasis: null },
    { change: { changed: ['1'] }, reason: 'found it', reasonBasis: 'given' },
    { change: { added: ['3'] }, reason: 'asked by Ann', reasonBasis: 'given' },
  ]);
  expect(updates[2]).toMatchObject({ source: { convention: 'signalbox', basis: 'declared' } });
});

test('a record and a tool write the same plan, joined by the ids of the items', () => {
  const spans = [
    span({ id: 'a', to: 9, attributes: { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'planner' } }),
    span({
      id: 't',
      parent: 'a',
      from: 1,
      attributes: {
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': 'write_todos',
        'gen_ai.tool.call.arguments': `{"todos":${items(['1', 'search', 'pending'])}}`,
      },
    }),
  ];
  const change = record(
    'plan.item_changed',
    { 'signalbox.plan.item.id': '1', 'signalbox.plan.item.status': 'failed' },
    5,
    { spanId: 'a' },
  );

  expect(ofType(derive(spans, [change]), 'plan_update').map((event) => event.content())).toMatchObject([
    { change: { added: ['1'] } },
    { change: { changed: ['1'] }, items: [{ id: '1', text: 'search', status: 'failed' }] },
  ]);
});

describe('approvals', () => {
  const request = (more = {}) =>
    record(
      'approval.requested',
      {
        'signalbox.approval.id': 'ap-1',
        'signalbox.approval.action': 'publish',
        'signalbox.approval.arguments': '{"title":"x"}',
        'signalbox.approval.question': 'Publish?',
        'signalbox.approval.reason': 'the draft is ready',
        'signalbox.approval.risk': 'high',
        'signalbox.approval.allowed_decisions': ['approve', 'reject'],
        'signalbox.approval.expires_at': '2026-11-20T10:00:00Z',
      },
      1,
      more,
    );
  const decision = (values = {}, more = {}) =>
    record(
      'approval.decided',
      {
        'signalbox.approval.id': 'ap-1',
        'signalbox.approval.decision': 'reject',
        'signalbox.approval.by': 'ann',
        'signalbox.approval.automatic': false,
        ...values,
      },
      5,
      more,
    );

  test('wait until they are decided', () => {
    const derivation = derive([], [request()]);

    expect(ofType(derivation, 'approval_request')).toMatchObject([
      { status: 'waiting', summary: 'Publish? · publish {"title":"x"}' },
    ]);
    expect(ofType(derivation, 'approval_request')[0]?.content()).toMatchObject({
      approval: {
        action: 'publish',
        arguments: { value: { title: 'x' } },
        allowedDecisions: ['approve', 'reject'],
        reason: 'the draft is ready',
        risk: 'high',
        expiresAt: '2026-11-20T10:00:00.000Z',
      },
    });
    expect(derivation.run.status).toBe('waiting');
  });

  test('are decided once by a person who is named', () => {
    const derivation = derive([], [decision(), request()]);

    expect(ofType(derivation, 'approval_request')).toMatchObject([{ status: 'rejected' }]);
    expect(ofType(derivation, 'approval_decision')).toMatchObject([
      { status: 'rejected', actor: { kind: 'user', name: 'ann' }, summary: 'rejected publish' },
    ]);
  });

  test('tell an automatic decision from a person’s', () => {
    const derivation = derive(
      [],
      [request(), decision({ 'signalbox.approval.decision': 'approve', 'signalbox.approval.automatic': true })],
    );

    expect(ofType(derivation, 'approval_decision')).toMatchObject([
      { status: 'completed', actor: { kind: 'system', name: 'ann' } },
    ]);
  });

  test('meet across traces, either side first', () => {
    const asked = derive([], [request()]);
    const answered = derive(
      [],
      [decision({}, { traceId: OTHER })].map((each) => ({ ...each, traceId: OTHER })),
    );

    expect(asked.wants).toEqual(expect.arrayContaining(['approval:ap-1']));
    expect(ofType(derive([], [request()], answered.offers), 'approval_request')).toMatchObject([
      { status: 'rejected' },
    ]);
    const other = derive([], [{ ...decision(), traceId: OTHER }], asked.offers);
    expect(other.run.continuesTraceId).toBe(asked.offers[0]?.traceId);
    expect(ofType(other, 'approval_decision')).toMatchObject([{ summary: 'rejected publish' }]);
  });

  test('a tool that asks waits, and its result comes once it was let go on', () => {
    const tool = (to: number) =>
      span({
        id: 't',
        to,
        attributes: {
          'gen_ai.operation.name': 'execute_tool',
          'gen_ai.tool.name': 'publish',
          'gen_ai.tool.call.id': 'c1',
        },
      });
    const notice = {
      ...tool(0),
      spanId: 'n',
      parentSpanId: 't',
      attributes: new Attributes(
        [...tool(0).attributes.keys, 'logfire.span_type'],
        [...tool(0).attributes.values, 'pending_span'],
      ),
    };
    const asks = request({ spanId: 't' });
    const waiting = derive([notice], [asks]);
    const done = derive(
      [notice, tool(9)],
      [asks, decision({ 'signalbox.approval.decision': 'approve' }, { spanId: 't' })],
    );

    expect(ofType(waiting, 'tool_call')).toMatchObject([{ status: 'waiting' }]);
    expect(ofType(done, 'tool_call')).toMatchObject([{ status: 'completed' }]);
    expect(ofType(done, 'tool_result')).toMatchObject([{ status: 'completed' }]);
    expect(ofType(done, 'approval_decision')).toMatchObject([{ actor: { name: 'ann' } }]);
    expect(ofType(done, 'approval_request')).toMatchObject([
      { status: 'completed', parentId: ofType(done, 'tool_call')[0]?.id },
    ]);
  });

  test('sent as log record and as span event count once', () => {
    const values = Object.fromEntries(request().attributes.entries());
    const spans = [
      span({ id: 's', from: 1, to: 3, events: [{ name: 'signalbox.approval.requested', attributes: values }] }),
    ];

    expect(ofType(derive(spans, [request({ spanId: 's' })]), 'approval_request')).toHaveLength(1);
  });
});

test.each([
  [
    'component.version_created',
    { 'component.id': 'coder', 'component.version': '2' },
    ['component_generated', 'completed'],
  ],
  [
    'component.version_created',
    { 'component.id': 'coder', 'component.version': '2', 'component.parent_version': '1' },
    ['component_modified', 'completed'],
  ],
  [
    'component.version_promoted',
    { 'component.id': 'coder', 'component.version': '2' },
    ['version_promoted', 'completed'],
  ],
  [
    'component.version_rolled_back',
    { 'component.id': 'coder', 'component.version': '1' },
    ['version_promoted', 'completed'],
  ],
  ['test.completed', { 'test.name': 'smoke', 'test.passed': '3', 'test.failed': 1 }, ['test_completed', 'error']],
  ['experiment.started', { 'experiment.id': 'e1' }, ['experiment', 'completed']],
  ['experiment.completed', { 'experiment.id': 'e1', 'experiment.results': '{"a":1}' }, ['experiment', 'completed']],
  ['learning.iteration', { 'learning.iteration': 4 }, ['learning_iteration', 'completed']],
  ['prediction.made', { 'prediction.id': 'p', 'prediction.description': 'faster' }, ['prediction', 'completed']],
  [
    'autonomy.changed',
    { 'autonomy.level': 'full', 'autonomy.previous': 'manual' },
    ['autonomy_level_changed', 'completed'],
  ],
])('%s becomes an event, from a log record or a span event', (name, fields, expected) => {
  const values = Object.fromEntries(Object.entries(fields).map(([key, value]) => [`signalbox.${key}`, value]));
  const fromSpan = derive([span({ id: 's', events: [{ name: `signalbox.${name}`, attributes: values }] })]);

  expect(kindOf(derive([], [record(name, values)]).events)).toEqual([expected]);
  expect(kindOf(fromSpan.events)).toEqual([expected]);
});

test('a record without what it must state is no event', () => {
  expect(
    derive([], [record('test.completed', { 'signalbox.test.name': 'smoke' }), record('prediction.made', {})]).events,
  ).toEqual([]);
});

test('a declared graph is kept with the run', () => {
  const { run } = derive(
    [],
    [
      record('graph.declared', {
        'signalbox.graph.name': 'g',
        'signalbox.graph.nodes': '[{"id":"a","type":"agent"},{"id":"b"}]',
        'signalbox.graph.edges': '[{"source":"a","target":"b","conditional":true}]',
      }),
    ],
  );

  expect(run.graph).toEqual({
    name: 'g',
    nodes: [
      { id: 'a', type: 'agent', label: null },
      { id: 'b', type: null, label: null },
    ],
    edges: [{ source: 'a', target: 'b', label: null, conditional: true }],
  });
});

test('the pieces of a chat message are one event that grows', () => {
  const piece = (index: number, delta: string, more = {}) =>
    record(
      'chat.token',
      { 'signalbox.chat.message_id': 'm', 'signalbox.chat.delta': delta, 'signalbox.chat.index': index, ...more },
      index,
    );
  const open = ofType(derive([], [piece(1, 'lo'), piece(0, 'hel')]), 'chat_message');
  const done = ofType(
    derive([], [piece(1, 'lo'), piece(0, 'hel'), piece(2, '!', { 'signalbox.chat.done': true })]),
    'chat_message',
  );

  expect(open).toMatchObject([{ summary: 'hello', status: 'in_progress' }]);
  expect(done).toMatchObject([{ id: open[0]?.id, summary: 'hello!', status: 'completed' }]);
});
