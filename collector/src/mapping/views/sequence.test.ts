import type { SequenceView } from '@signalbox/event-model';
import fc from 'fast-check';
import type { Item } from '../testing/mapping-driver.ts';
import { span } from '../testing/span-builder.ts';
import { recordedItems, taskOf } from '../testing/view-parts.ts';
import { findLoops } from './loops.ts';
import type { RunPart } from './run-part.ts';
import { toSequenceView } from './sequence.ts';

const RECORDINGS = [
  'langgraph-openinference',
  'ai-sdk-6',
  'openai-agents-openinference',
  'proto-gzip-raw',
  'logfire-pending',
  'mastra-agent-approval',
  'claude-code',
];

const partOf = (items: readonly Item[], trace: string): RunPart => {
  const part = taskOf(items, trace).at(-1);
  if (part === undefined) throw new Error(`no trace ${trace}`);
  return part;
};
const tracesOf = (items: readonly Item[]): string[] => [
  ...new Set(items.flatMap((item) => ('span' in item ? [item.span.traceId] : []))),
];
const lines = (view: SequenceView): string[] =>
  view.messages.map(
    ({ kind, from, to, depth, replyTo }) =>
      `${'  '.repeat(depth)}${kind} ${from} > ${to}${replyTo === null ? '' : ` (${replyTo})`}`,
  );

test('a recorded run reads as calls and returns between its participants', () => {
  const view = toSequenceView(partOf(recordedItems('logfire-pending'), 'd24f71'));

  expect(view.participants.map(({ id }) => id)).toEqual([
    'user:user',
    'agent:coder',
    'model:qwen3-coder:30b-a3b-q4_K_M',
    'tool:search_prices',
  ]);
  expect(lines(view)).toEqual([
    'message user:user > agent:coder',
    'call agent:coder > model:qwen3-coder:30b-a3b-q4_K_M',
    'return model:qwen3-coder:30b-a3b-q4_K_M > agent:coder (1)',
    'call agent:coder > tool:search_prices',
    'return tool:search_prices > agent:coder (3)',
    'call agent:coder > model:qwen3-coder:30b-a3b-q4_K_M',
    'return model:qwen3-coder:30b-a3b-q4_K_M > agent:coder (5)',
  ]);
  expect(view).toMatchObject({ truncated: false, loops: [] });
});

test('a sub-agent is called with its prompt, inside the tool that runs it, and answers its caller', () => {
  const view = toSequenceView(partOf(recordedItems('ai-sdk-6'), '5857b6'));
  const call = view.messages.find(({ kind, to }) => kind === 'call' && to === 'agent:coder');
  const answers = view.messages.filter(({ kind, from }) => kind === 'return' && from === 'agent:coder');

  expect(call).toMatchObject({ from: 'agent:planner', label: 'Find prices for iPhone 13, 14 and 15', depth: 1 });
  expect(answers[0]).toMatchObject({ to: 'agent:planner', replyTo: call?.index, depth: 1 });
  expect(view.messages.find(({ kind }) => kind === 'note')).toMatchObject({
    from: 'agent:planner',
    to: 'agent:planner',
  });
});

test('a question to a person and its answer belong together', () => {
  const view = toSequenceView(partOf(recordedItems('ai-sdk-6'), '5857b6'));
  const question = view.messages.find(({ kind }) => kind === 'approval');
  const answer = view.messages.find(({ kind }) => kind === 'decision');

  expect(question).toMatchObject({ from: 'agent:coder', to: 'user:user-7' });
  expect(answer).toMatchObject({ from: 'user:user-7', to: 'agent:coder', replyTo: question?.index });
});

test('a failed tool returns its error, a failed model call ends with it, and each is told once', () => {
  const whole = toSequenceView(partOf(recordedItems('ai-sdk-6'), '5857b6'));
  const failed = toSequenceView(partOf(recordedItems('ai-sdk-6'), 'ba64e9'));

  expect(whole.messages.filter(({ status }) => status === 'error').map(({ kind, from }) => `${kind} ${from}`)).toEqual([
    'call agent:coder',
    'return tool:fetch_page',
  ]);
  expect(lines(failed)).toEqual([
    'message user:user > agent:planner',
    'call agent:planner > model:qwen3-coder:30b-a3b-q4_K_M',
    'error model:qwen3-coder:30b-a3b-q4_K_M > agent:planner (1)',
  ]);
});

test('nodes of a graph are called by their workflow; a handoff is a message from agent to agent', () => {
  const graph = toSequenceView(partOf(recordedItems('langgraph-openinference'), '67bcbf'));
  const handoff = toSequenceView(partOf(recordedItems('openai-agents-openinference'), '2999fd'));

  expect(lines(graph)).toEqual(expect.arrayContaining(['call workflow:price_workflow > node:planner']));
  expect(lines(handoff)).toEqual(
    expect.arrayContaining(
      ['    message agent:Planner > agent:Coder'].map((line) => expect.stringContaining(line.trim()) as string),
    ),
  );
});

describe.each(RECORDINGS)('the sequence of %s', (name) => {
  const items = recordedItems(name);

  test('answers only what was asked before, between known participants, in order of time', () => {
    for (const trace of tracesOf(items)) {
      const view = toSequenceView(partOf(items, trace));
      const known = new Set(view.participants.map(({ id }) => id));
      for (const message of view.messages) {
        expect(known).toContain(message.from);
        expect(known).toContain(message.to);
        if (message.replyTo !== null) expect(message.replyTo).toBeLessThan(message.index);
      }
      const times = view.messages.map(({ at }) => at);
      expect(times).toEqual([...times].sort());
      expect(new Set(view.messages.map(({ eventId }) => eventId)).size).toBe(view.messages.length);
    }
  });

  test('does not depend on the order its telemetry came in', () => {
    const expected = tracesOf(items).map((trace) => toSequenceView(partOf(items, trace)));

    fc.assert(
      fc.property(fc.shuffledSubarray(items, { minLength: items.length, maxLength: items.length }), (order) => {
        expect(tracesOf(items).map((trace) => toSequenceView(partOf(order, trace)))).toEqual(expected);
      }),
      { numRuns: 10 },
    );
  });
});

describe('repetition', () => {
  test('of a whole round is folded, once, at its shortest', () => {
    expect(findLoops([...'abcbcbcd'])).toEqual([{ from: 1, length: 2, times: 3 }]);
    expect(findLoops([...'ababababab'])).toEqual([{ from: 0, length: 2, times: 5 }]);
    expect(findLoops([...'aab'])).toEqual([]);
    expect(findLoops([...'aaab'])).toEqual([{ from: 0, length: 1, times: 3 }]);
  });

  test('is found up to sixteen messages a round', () => {
    const round = [...'abcdefghijklmnop'];

    expect(findLoops([...round, ...round])).toEqual([{ from: 0, length: 16, times: 2 }]);
    expect(findLoops([...round, 'q', ...round, 'q'])).toEqual([]);
  });

  test('of tool calls in a run shows as a loop', () => {
    const call = (round: number): Item => ({
      span: span({
        id: `t${round}`,
        parent: 'a',
        from: round * 10,
        to: round * 10 + 5,
        attributes: {
          'gen_ai.operation.name': 'execute_tool',
          'gen_ai.tool.name': 'poll',
          'gen_ai.tool.call.arguments': `{"round":${round}}`,
        },
      }),
    });
    const agent = {
      span: span({
        id: 'a',
        to: 900,
        attributes: { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'coder' },
      }),
    };
    const view = toSequenceView(partOf([agent, ...[1, 2, 3, 4].map(call)], 'a'));

    expect(view.loops).toEqual([{ from: 0, length: 2, times: 4 }]);
  });
});

test('a run with more messages than one answer holds gives the oldest and says so', () => {
  const part = partOf(recordedItems('ai-sdk-6'), '5857b6');
  const whole = toSequenceView(part);
  const cut = toSequenceView(part, 5);

  expect(cut.truncated).toBe(true);
  expect(cut.messages.map(({ eventId }) => eventId)).toEqual(whole.messages.slice(0, 5).map(({ eventId }) => eventId));
});
