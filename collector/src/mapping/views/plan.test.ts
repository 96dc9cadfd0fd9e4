import type { PlanView } from '@signalbox/event-model';
import fc from 'fast-check';
import type { Item } from '../testing/mapping-driver.ts';
import { at, span } from '../testing/span-builder.ts';
import { recordedItems, taskOf } from '../testing/view-parts.ts';
import { timeFromNs } from '../../telemetry/time.ts';
import { momentOf, toPlanView } from './plan.ts';

const RESUMED = 'b'.repeat(32);
type Sketch = Parameters<typeof span>[0];

const operation = (name: string, sketch: Sketch): Item => ({
  span: span({
    ...sketch,
    attributes: { 'gen_ai.operation.name': name, 'gen_ai.agent.name': 'coder', ...sketch.attributes },
  }),
});
const todos = (id: string, from: number, items: Record<string, string>, more: Partial<Sketch> = {}): Item =>
  operation('execute_tool', {
    id,
    parent: 'a',
    from,
    ...more,
    attributes: {
      'gen_ai.tool.name': 'write_todos',
      'gen_ai.tool.call.arguments': JSON.stringify({
        todos: Object.entries(items).map(([content, status]) => ({ content, status })),
      }),
    },
  });
const answer = (id: string, from: number, to: number, text: string): Item =>
  operation('chat', {
    id,
    parent: 'a',
    from,
    to,
    attributes: {
      'gen_ai.output.messages': JSON.stringify([{ role: 'assistant', parts: [{ type: 'text', content: text }] }]),
    },
  });

const RUN: Item[] = [
  operation('invoke_agent', { id: 'a', to: 90 }),
  answer('m1', 1, 5, 'First I look.'),
  todos('t1', 6, { look: 'in_progress', write: 'pending' }),
  operation('execute_tool', {
    id: 't2',
    parent: 'a',
    from: 10,
    error: 'no network',
    attributes: { 'gen_ai.tool.name': 'search' },
  }),
  todos('t3', 20, { look: 'failed', ask: 'in_progress', write: 'pending' }),
  answer('m2', 30, 35, 'They answered, so I can write.'),
  todos('t4', 40, { ask: 'completed', write: 'in_progress' }),
];

const viewOf = (items: readonly Item[], trace = 'a'): PlanView => toPlanView(taskOf(items, trace));

test('a plan is its revisions, each with what changed, why and what caused it', () => {
  const parts = taskOf(RUN, 'a');
  const view = toPlanView(parts);
  const byId = new Map(parts.flatMap(({ derivation }) => derivation.events).map((event) => [event.id, event]));

  expect(view.items).toMatchObject([
    { owner: 'coder', text: 'ask', status: 'completed' },
    { owner: 'coder', text: 'write', status: 'in_progress' },
  ]);
  expect(
    view.revisions.map(({ number, change, reason, reasonBasis }) => ({
      number,
      changed: [change.added.length, change.removed.length, change.changed.length],
      reason,
      reasonBasis,
    })),
  ).toEqual([
    { number: 1, changed: [2, 0, 0], reason: 'First I look.', reasonBasis: 'inferred' },
    { number: 2, changed: [1, 0, 1], reason: 'no network', reasonBasis: 'inferred' },
    { number: 3, changed: [0, 1, 2], reason: 'They answered, so I can write.', reasonBasis: 'inferred' },
  ]);
  expect(view.revisions.map(({ causeEventId }) => byId.get(causeEventId ?? '')?.type)).toEqual([
    'model_response',
    'error',
    'model_response',
  ]);
});

test('as of an event or a time, the plan is what it was then', () => {
  const parts = taskOf(RUN, 'a');
  const second = toPlanView(parts).revisions[1];

  const asOfEvent = toPlanView(parts, momentOf(parts, second?.eventId ?? ''));
  const asOfTime = toPlanView(parts, { startedAt: timeFromNs(at(15)), id: null });

  expect(asOfEvent.revisions).toHaveLength(2);
  expect(asOfEvent.items.map(({ text }) => text)).toEqual(['look', 'ask', 'write']);
  expect(asOfTime.items.map(({ text, status }) => [text, status])).toEqual([
    ['look', 'in_progress'],
    ['write', 'pending'],
  ]);
  expect(momentOf(parts, 'no such event')).toBeNull();
});

test('a resumed run goes on with the plan of the run before; an equal list there is no revision', () => {
  const trace = { trace: RESUMED };
  const resumed: Item[] = [
    operation('invoke_agent', { id: 'a', ...trace, from: 200, to: 290 }),
    todos('t5', 210, { ask: 'completed', write: 'in_progress' }, trace),
    todos('t6', 220, { ask: 'completed', write: 'completed' }, trace),
  ];
  const first = taskOf(RUN, 'a');
  const second = taskOf(resumed, RESUMED);
  const view = toPlanView([...first, ...second]);

  expect(view.runId.replaceAll('-', '')).toBe(RESUMED);
  expect(view.revisions.map(({ number, runId }) => [number, runId.slice(0, 1)])).toEqual([
    [1, 'a'],
    [2, 'a'],
    [3, 'a'],
    [4, 'b'],
  ]);
  expect(view.revisions[3]?.change).toMatchObject({ added: [], removed: [] });
  expect(view.revisions[3]?.change.changed).toHaveLength(1);
});

test.each([
  ['ai-sdk-6', '5857b6', 'planner'],
  ['openai-agents-openinference', 'e5df66', 'Planner'],
  ['langgraph-openinference', '7414d3', 'planner_agent'],
])('the plan recorded from %s belongs to its planner', (name, trace, owner) => {
  const view = viewOf(recordedItems(name), trace);

  expect(view.items).toMatchObject([
    { owner, text: 'Find prices for iPhone 13, 14 and 15', status: 'in_progress' },
    { owner, text: 'Compare the prices', status: 'pending' },
  ]);
  expect(view.revisions).toMatchObject([
    { number: 1, actor: { kind: 'agent', name: owner }, reason: null, causeEventId: null },
  ]);
});

test('a plan does not depend on the order its telemetry came in', () => {
  const expected = viewOf(RUN);

  fc.assert(
    fc.property(fc.shuffledSubarray(RUN, { minLength: RUN.length, maxLength: RUN.length }), (order) => {
      expect(viewOf(order)).toEqual(expected);
    }),
  );
});
