import { resumeValue, type Answer } from './answers.ts';
import { readPause } from './questions.ts';

const answer = (decision: Answer['decision'], more: Partial<Answer> = {}): Answer => ({
  decision,
  reason: null,
  args: undefined,
  answer: undefined,
  ...more,
});

describe('the human-in-the-loop middleware', () => {
  const camel = {
    actionRequests: [
      { name: 'send_mail', args: { to: 'a' }, description: 'Send it?' },
      { name: 'delete', args: { path: '/x' } },
    ],
    reviewConfigs: [
      { actionName: 'send_mail', allowedDecisions: ['approve', 'edit', 'reject'] },
      { actionName: 'delete', allowedDecisions: ['approve', 'reject'] },
    ],
  };
  const snake = {
    action_requests: [{ name: 'send_mail', args: { to: 'a' } }],
    review_configs: [{ action_name: 'send_mail', allowed_decisions: ['approve', 'respond'] }],
  };

  test('asks about each action on its own, with the decisions it allows', () => {
    expect(readPause('i1', camel).questions).toMatchObject([
      {
        externalId: 'i1#0',
        action: 'send_mail',
        question: 'Send it?',
        allowedDecisions: ['approve', 'reject', 'edit'],
      },
      { externalId: 'i1#1', action: 'delete', args: { path: '/x' }, allowedDecisions: ['approve', 'reject'] },
    ]);
    expect(readPause('i2', [snake]).questions).toMatchObject([
      { externalId: 'i2', action: 'send_mail', allowedDecisions: ['approve', 'respond'] },
    ]);
  });

  test('is answered with one decision for each action, in their order and in its own spelling', () => {
    const edit = answer('edit', { args: { to: 'b' } });

    expect(resumeValue(readPause('i1', camel).shape, [edit, answer('reject', { reason: 'no' })])).toEqual({
      decisions: [
        { type: 'edit', editedAction: { name: 'send_mail', args: { to: 'b' } } },
        { type: 'reject', message: 'no' },
      ],
    });
    expect(resumeValue(readPause('i2', snake).shape, [edit])).toEqual({
      decisions: [{ type: 'edit', edited_action: { name: 'send_mail', args: { to: 'b' } } }],
    });
  });

  test('takes the end of its time as a rejection', () => {
    expect(resumeValue(readPause('i2', snake).shape, [answer('expired')])).toEqual({
      decisions: [{ type: 'reject', message: 'Rejected.' }],
    });
  });
});

test.each<[Answer, unknown]>([
  [answer('approve'), [{ type: 'accept', args: null }]],
  [answer('edit', { args: { a: 2 } }), [{ type: 'edit', args: { action: 'pay', args: { a: 2 } } }]],
  [answer('respond', { answer: 'later' }), [{ type: 'response', args: 'later' }]],
  [answer('reject', { reason: 'no' }), [{ type: 'ignore', args: 'no' }]],
])('an agent inbox is answered in its own words', (given, expected) => {
  const asked = [
    { action_request: { action: 'pay', args: { a: 1 } }, config: { allow_accept: true, allow_respond: true } },
  ];
  const pause = readPause('i', asked);

  expect(pause.questions).toMatchObject([{ action: 'pay', args: { a: 1 }, allowedDecisions: ['approve', 'respond'] }]);
  expect(resumeValue(pause.shape, [given])).toEqual(expected);
});

test.each<[unknown, object]>([
  ['Which town?', { action: 'input', question: 'Which town?', allowedDecisions: ['respond', 'reject'] }],
  [
    { question: 'Sure?', action: 'publish', args: { a: 1 }, risk: 'high' },
    { action: 'publish', risk: 'high' },
  ],
  [
    { message: 'Pick', responseSchema: { type: 'object' } },
    { question: 'Pick', allowedDecisions: ['respond', 'reject'] },
  ],
  [null, { action: 'input' }],
  [42, { action: 'input', args: 42 }],
])('a question in no known shape is asked as it is: %j', (value, expected) => {
  expect(readPause('i', value).questions).toMatchObject([expected]);
});

test.each<[Answer, unknown]>([
  [answer('approve', { reason: 'fine' }), { approved: true, reason: 'fine' }],
  [answer('reject'), { approved: false }],
  [answer('expired', { reason: 'late' }), { approved: false, reason: 'late' }],
  [answer('edit', { args: { a: 2 } }), { approved: true, args: { a: 2 } }],
  [answer('respond', { answer: { town: 'Riga' } }), { town: 'Riga' }],
])('and answered plainly', (given, expected) => {
  expect(resumeValue(readPause('i', { action: 'x' }).shape, [given])).toEqual(expected);
});
