import type { Answer } from '../langgraph/answers.ts';
import { faultIn, resumeEntry } from './answers.ts';
import { readPauses, type Pause } from './questions.ts';

const CALLS = [{ id: 'c1', name: 'publish', args: '{"path":"a.md"}' }];
const APPROVAL = {
  type: 'object',
  properties: { approved: { type: 'boolean' }, reason: { type: 'string' }, editedArgs: { type: 'object' } },
  required: ['approved'],
};

const pauseOf = (interrupt: object): Pause =>
  readPauses(
    { type: 'RUN_FINISHED', outcome: { type: 'interrupt', interrupts: [{ id: 'i', reason: 'x', ...interrupt }] } },
    [],
    CALLS,
  )[0] as Pause;
const decisionsOf = (interrupt: object) => pauseOf(interrupt).questions[0]?.allowedDecisions;
const answer = (decision: Answer['decision'], more: Partial<Answer> = {}): Answer => ({
  decision,
  reason: null,
  args: undefined,
  answer: undefined,
  ...more,
});

test.each<[object, string[]]>([
  [{ reason: 'tool_call', toolCallId: 'c1' }, ['approve', 'reject']],
  [{ reason: 'confirmation' }, ['approve', 'reject']],
  [{ reason: 'input_required' }, ['reject', 'respond']],
  [{ reason: 'acme:review' }, ['approve', 'reject', 'respond']],
  [{ toolCallId: 'c1', responseSchema: APPROVAL }, ['approve', 'reject', 'edit']],
  [{ responseSchema: APPROVAL }, ['approve', 'reject']],
  [{ reason: 'tool_call', toolCallId: 'c1', metadata: { approveWithEdits: true } }, ['approve', 'reject', 'edit']],
  [{ reason: 'tool_call', toolCallId: 'c1', metadata: { allowedDecisions: ['approve'] } }, ['approve']],
  [{ responseSchema: { type: 'object', properties: { city: { type: 'string' } } } }, ['reject', 'respond']],
  [
    { responseSchema: { properties: { approved: { type: 'boolean' }, note: { type: 'string' } }, required: ['note'] } },
    ['reject', 'respond'],
  ],
])('%j is answered with %j', (interrupt, expected) => {
  expect(decisionsOf(interrupt)).toEqual(expected);
});

test('the question is about the tool call it names, else about what it says itself', () => {
  expect(pauseOf({ toolCallId: 'c1', message: 'Sure?' }).questions).toMatchObject([
    { action: 'publish', args: { path: 'a.md' }, question: 'Sure?' },
  ]);
  expect(
    pauseOf({ toolCallId: 'nobody knows', metadata: { action: 'pay', args: { sum: 3 } } }).questions,
  ).toMatchObject([{ action: 'pay', args: { sum: 3 } }]);
  expect(pauseOf({ reason: 'acme:review' }).questions).toMatchObject([{ action: 'acme:review', args: {} }]);
});

test.each<[object, Answer, object]>([
  [{}, answer('approve', { reason: 'fine' }), { status: 'resolved', payload: { approved: true } }],
  [{}, answer('reject', { reason: 'no' }), { status: 'resolved', payload: { approved: false, reason: 'no' } }],
  [
    { responseSchema: { properties: { approved: { type: 'boolean' } }, additionalProperties: false } },
    answer('reject', { reason: 'no' }),
    { status: 'resolved', payload: { approved: false } },
  ],
  [{ responseSchema: { type: 'string' } }, answer('reject'), { status: 'cancelled' }],
  [{}, answer('expired', { reason: 'late' }), { status: 'cancelled' }],
  [{ responseSchema: { type: 'string' } }, answer('respond', { answer: 'Riga' }), { payload: 'Riga' }],
  [
    { toolCallId: 'c1', responseSchema: { properties: { approved: { type: 'boolean' }, args: { type: 'object' } } } },
    answer('edit', { args: { a: 2 } }),
    { payload: { approved: true, args: { a: 2 } } },
  ],
])('%j is told of %j in its own form', (interrupt, given, expected) => {
  expect(resumeEntry(pauseOf(interrupt), [given])).toMatchObject({ interruptId: 'i', ...expected });
});

test('the middleware of a graph keeps its form, and is asked about each action on its own', () => {
  const raw = {
    action_requests: [
      { name: 'send', args: { to: 'a' } },
      { name: 'delete', args: {} },
    ],
  };
  const pause = pauseOf({ metadata: { langgraph: { raw } } });

  expect(pause.questions.map(({ externalId, action }) => [externalId, action])).toEqual([
    ['i#0', 'send'],
    ['i#1', 'delete'],
  ]);
  expect(resumeEntry(pause, [answer('approve'), answer('reject', { reason: 'no' })])).toMatchObject({
    status: 'resolved',
    payload: { decisions: [{ type: 'approve' }, { type: 'reject', message: 'no' }] },
  });
});

test.each<[object, unknown, RegExp | null]>([
  [{ type: 'string', minLength: 3 }, 'ab', /^the answer: /],
  [{ type: 'string', minLength: 3 }, 'abc', null],
  [{ properties: { n: { type: 'integer' } }, required: ['n'] }, { n: 1.5 }, /^n: /],
  [{ type: 'string', pattern: '^(a+)+$' }, 'b', null],
  [{ $ref: 'https://elsewhere.example/schema' }, 'anything', null],
  [{ type: 'no such type' }, 'anything', null],
])('by the schema %j the answer %j is judged before it is sent', (responseSchema, given, fault) => {
  const found = faultIn(pauseOf({ responseSchema }), { decision: 'respond', args: undefined, answer: given });

  if (fault === null) expect(found).toBeNull();
  else expect(found).toMatch(fault);
});

test.each([
  [[{ id: 'same' }, { id: 'same' }], /same id/],
  [[{ id: 'a\u0000b' }], /control characters/],
  [[{ id: 'x'.repeat(300) }], /too long/],
])('interrupts that could not be told apart or kept end the run: %#', (interrupts, fault) => {
  const finish = { type: 'RUN_FINISHED', outcome: { type: 'interrupt', interrupts } };

  expect(() => readPauses(finish, [], [])).toThrow(fault);
});

test('an older adapter is asked by its ids, or all at once where it gives none', () => {
  const custom = (value: unknown) => ({ type: 'CUSTOM', name: 'on_interrupt', value });
  const finish = { type: 'RUN_FINISHED' };
  const named = readPauses(finish, [custom('[{"id":"g1","value":{"question":"Sure?"}}]')], []);
  const unnamed = readPauses(finish, [custom('"Which town?"'), custom('{"action":"pay"}')], []);

  expect(named).toMatchObject([{ interruptId: 'g1', hasId: true, questions: [{ question: 'Sure?' }] }]);
  expect(unnamed).toMatchObject([{ hasId: false, questions: [{ args: ['Which town?', { action: 'pay' }] }] }]);
  expect(readPauses(finish, [], [])).toEqual([]);
});
