import { ofType } from '../../testing/span-builder.ts';
import { agentStream, deriveStream } from '../../testing/stream-builder.ts';

const started = { type: 'RUN_STARTED', runId: 'r1', threadId: 't1' };
const finished = { type: 'RUN_FINISHED', runId: 'r1', threadId: 't1' };

test('a run shows its agent from the first event on and completes with the last', () => {
  const going = deriveStream(agentStream([started, { type: 'STEP_STARTED', stepName: 'plan' }]));
  const done = deriveStream(
    agentStream([
      started,
      { type: 'STEP_STARTED', stepName: 'plan' },
      { type: 'STEP_FINISHED', stepName: 'plan' },
      finished,
    ]),
  );

  expect(going.run).toMatchObject({ workflow: 'wf', sessionId: 't1', status: 'in_progress' });
  expect(going.events.map(({ type, status }) => `${type} ${status}`)).toEqual([
    'agent_started in_progress',
    'node_started in_progress',
  ]);
  expect(done.run).toMatchObject({ workflow: 'wf', sessionId: 't1', status: 'completed' });
  expect(done.events.map(({ type }) => type).sort()).toEqual([
    'agent_completed',
    'agent_started',
    'node_completed',
    'node_started',
  ]);
  expect(ofType(done, 'agent_started')[0]).toMatchObject({
    actor: { kind: 'agent', name: 'coder' },
    source: { basis: 'declared' },
  });
});

test('what the user asked comes from the input of the run, and the answer ends it', () => {
  const input = { threadId: 't1', runId: 'r1', messages: [{ id: 'u', role: 'user', content: 'hello?' }] };
  const derived = deriveStream(
    agentStream([
      { ...started, input },
      { type: 'TEXT_MESSAGE_START', messageId: 'm', role: 'assistant' },
      { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm', delta: 'hel' },
      { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm', delta: 'lo' },
      { type: 'TEXT_MESSAGE_END', messageId: 'm' },
      finished,
    ]),
  );

  expect(ofType(derived, 'user_input').map(({ summary }) => summary)).toEqual(['hello?']);
  const [message, ...more] = ofType(derived, 'chat_message');
  expect(more).toEqual([]);
  expect(message).toMatchObject({ summary: 'hello', status: 'completed' });
  expect(message?.spanId).toBe(ofType(derived, 'agent_started')[0]?.spanId);
  expect(ofType(derived, 'agent_completed')[0]?.content()).toMatchObject({ output: { kind: 'text', text: 'hello' } });
});

test('a message grows while it is spoken, and thoughts before it stay with it', () => {
  const events = [
    started,
    { type: 'REASONING_MESSAGE_CONTENT', messageId: 'x', delta: 'hmm' },
    { type: 'TEXT_MESSAGE_CHUNK', messageId: 'm', role: 'assistant', delta: 'one ' },
    { type: 'TEXT_MESSAGE_CHUNK', delta: 'two' },
  ];

  const going = ofType(deriveStream(agentStream(events)), 'chat_message');
  const done = ofType(deriveStream(agentStream([...events, finished])), 'chat_message');

  expect(going).toMatchObject([{ summary: 'one two', status: 'in_progress' }]);
  expect(done).toMatchObject([{ id: going[0]?.id, status: 'completed' }]);
  expect(done[0]?.content()).toMatchObject({ fields: { text: 'one two', reasoning: 'hmm' } });
});

test('pieces of one call become one call with whole arguments, and its result', () => {
  const events = [
    started,
    { type: 'TOOL_CALL_START', toolCallId: 'c', toolCallName: 'search' },
    { type: 'TOOL_CALL_ARGS', toolCallId: 'c', delta: '{"q":' },
    { type: 'TOOL_CALL_ARGS', toolCallId: 'c', delta: '"cats"}' },
    { type: 'TOOL_CALL_END', toolCallId: 'c' },
  ];
  const result = { type: 'TOOL_CALL_RESULT', toolCallId: 'c', messageId: 'x', content: '{"found":2}' };

  const going = deriveStream(agentStream(events));
  const done = deriveStream(agentStream([...events, result, finished]));

  expect(ofType(going, 'tool_call')).toMatchObject([{ tool: 'search', status: 'in_progress' }]);
  expect(ofType(going, 'tool_result')).toEqual([]);
  expect(ofType(done, 'tool_call')[0]?.content()).toMatchObject({
    callId: 'c',
    arguments: { kind: 'json', value: { q: 'cats' } },
  });
  expect(ofType(done, 'tool_result')[0]?.content()).toMatchObject({ result: { kind: 'json', value: { found: 2 } } });
});

test('a call nobody answered is lost with its run, not finished', () => {
  const derived = deriveStream(
    agentStream([started, { type: 'TOOL_CALL_START', toolCallId: 'c', toolCallName: 'show' }, finished]),
  );

  expect(ofType(derived, 'tool_call')).toMatchObject([{ status: 'lost' }]);
  expect(ofType(derived, 'tool_result')).toEqual([]);
  expect(derived.run.status).toBe('completed');
});

test('a failed run fails its agent and the steps it was in, and is one error', () => {
  const derived = deriveStream(
    agentStream([
      started,
      { type: 'STEP_STARTED', stepName: 'plan' },
      { type: 'RUN_ERROR', message: 'boom', code: 'E1' },
    ]),
  );

  expect(derived.run.status).toBe('error');
  expect(ofType(derived, 'error')).toMatchObject([{ summary: 'boom' }]);
  expect(ofType(derived, 'agent_failed')).toHaveLength(1);
  expect(ofType(derived, 'node_failed')).toHaveLength(1);
});

test('the plan in the shared state is a plan, changed by snapshots and patches', () => {
  const plan = [{ id: '1', text: 'search', status: 'pending' }];
  const derived = deriveStream(
    agentStream([
      started,
      { type: 'STATE_SNAPSHOT', snapshot: { plan, other: 1 } },
      { type: 'STATE_DELTA', delta: [{ op: 'replace', path: '/other', value: 2 }] },
      { type: 'STATE_DELTA', delta: [{ op: 'replace', path: '/plan/0/status', value: 'completed' }] },
      {
        type: 'STATE_DELTA',
        delta: [{ op: 'add', path: '/plan/-', value: { id: '2', text: 'write', status: 'pending' } }],
      },
    ]),
  );

  const contents = ofType(derived, 'plan_update').map((event) => event.content());
  expect(contents).toMatchObject([
    { items: [{ id: '1', status: 'pending' }] },
    { items: [{ id: '1', status: 'completed' }], change: { changed: ['1'] } },
    { items: [{ id: '1' }, { id: '2' }], change: { added: ['2'] } },
  ]);
});

test('an interrupt waits for a person, about the call it names, and the next run answers it by its id', () => {
  const asked = agentStream([
    started,
    { type: 'TOOL_CALL_START', toolCallId: 'c', toolCallName: 'publish' },
    { type: 'TOOL_CALL_ARGS', toolCallId: 'c', delta: '{"to":"all"}' },
    {
      ...finished,
      outcome: {
        type: 'interrupt',
        interrupts: [
          { id: 'i', reason: 'tool_call', message: 'Publish?', toolCallId: 'c', expiresAt: '2030-01-01T00:00:00Z' },
        ],
      },
    },
  ]);
  const answered = agentStream(
    [
      {
        type: 'RUN_STARTED',
        runId: 'r2',
        threadId: 't1',
        input: { messages: [], resume: [{ interruptId: 'i', status: 'resolved', payload: { approved: false } }] },
      },
      { type: 'RUN_FINISHED', runId: 'r2', threadId: 't1' },
    ],
    { run: 'r2', from: 50 },
  );

  const first = deriveStream(asked);
  const second = deriveStream(answered, first.offers);
  const informed = deriveStream(asked, second.offers);

  expect(first.run.status).toBe('waiting');
  expect(ofType(first, 'approval_request')).toMatchObject([{ status: 'waiting', tool: 'publish' }]);
  expect(ofType(first, 'approval_request')[0]?.content()).toMatchObject({
    approval: {
      action: 'publish',
      question: 'Publish?',
      arguments: { value: { to: 'all' } },
      expiresAt: '2030-01-01T00:00:00.000Z',
    },
  });
  expect(ofType(first, 'tool_call')).toMatchObject([{ status: 'waiting' }]);
  expect(ofType(first, 'agent_completed')).toEqual([]);
  expect(ofType(second, 'approval_decision')).toMatchObject([{ status: 'rejected', summary: 'rejected publish' }]);
  expect(ofType(second, 'user_input')).toEqual([]);
  expect(second.run.continuesTraceId).toBe(asked[0]?.traceId);
  expect(ofType(informed, 'approval_request')).toMatchObject([{ status: 'rejected' }]);
  expect(ofType(informed, 'tool_call')).toMatchObject([{ status: 'rejected' }]);
});

test('one interrupt beside the outcome is read as well', () => {
  const outcome = {
    ...finished,
    outcome: 'interrupt',
    interrupt: { id: 'i', reason: 'confirmation', message: 'Sure?' },
  };

  expect(ofType(deriveStream(agentStream([started, outcome])), 'approval_request')).toMatchObject([
    { status: 'waiting', summary: expect.stringContaining('Sure?') as string },
  ]);
});

test('older adapters ask by a custom event and are answered by the next run of the thread', () => {
  const asked = agentStream([
    started,
    { type: 'CUSTOM', name: 'on_interrupt', value: '{"question":"Go on?"}' },
    finished,
  ]);
  const answered = agentStream(
    [{ type: 'RUN_STARTED', runId: 'r2', threadId: 't1', input: { forwardedProps: { command: { resume: 'yes' } } } }],
    { run: 'r2', from: 50 },
  );

  const first = deriveStream(asked);
  const second = deriveStream(answered, first.offers);

  expect(ofType(first, 'approval_request')).toMatchObject([
    { status: 'waiting', summary: expect.stringContaining('Go on?') as string },
  ]);
  expect(ofType(second, 'approval_decision')).toMatchObject([{ status: 'completed', summary: 'approved input' }]);
});

test('events of the own vocabulary on the bus are read as such', () => {
  const derived = deriveStream(
    agentStream([
      {
        type: 'CUSTOM',
        name: 'signalbox.plan.set',
        value: { items: [{ id: '1', text: 'a', status: 'pending' }], reason: 'because' },
      },
      {
        type: 'CUSTOM',
        name: 'signalbox.component.version_created',
        value: { id: 'p', version: '2', 'component.parent_version': '1' },
      },
    ]),
  );

  expect(derived.run).toMatchObject({ workflow: 'wf', status: 'completed' });
  expect(ofType(derived, 'plan_update')[0]?.content()).toMatchObject({ reason: 'because', items: [{ id: '1' }] });
  expect(ofType(derived, 'component_modified')[0]?.content()).toEqual({
    kind: 'generic',
    fields: { 'component.id': 'p', 'component.version': '2', 'component.parent_version': '1' },
  });
});

test('what is not known makes no event', () => {
  const derived = deriveStream(
    agentStream([
      { type: 'SOMETHING_NEW', a: 1 },
      { type: 'RAW', event: {} },
      { type: 'CUSTOM', name: 'mine', value: 1 },
    ]),
  );

  expect(derived.events).toEqual([]);
});

test('a sub-agent is an agent inside the one that started it', () => {
  const derived = deriveStream(
    agentStream([
      started,
      { type: 'SUBAGENT_STARTED', subagentId: 's', name: 'tester' },
      { type: 'SUBAGENT_FINISHED', subagentId: 's', name: 'tester' },
      finished,
    ]),
  );

  const [outer, inner] = ofType(derived, 'agent_started');
  expect([outer?.actor.name, inner?.actor.name]).toEqual(['coder', 'tester']);
  expect(inner?.parentId).toBe(outer?.id);
  expect(ofType(derived, 'agent_completed')).toHaveLength(2);
});

test('a numbered event that was sent again, and pieces that came in any order, change nothing', () => {
  const events = [
    started,
    { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm', delta: 'a' },
    { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm', delta: 'b' },
    { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm', delta: 'b' },
  ];
  const numbered = agentStream(events);
  const again = agentStream(events, { from: 3 });

  const derived = deriveStream([...again.slice(1), ...numbered].reverse());

  expect(ofType(derived, 'chat_message')).toMatchObject([{ summary: 'abb' }]);
});

test('an agent that is traced as well keeps its spans; the stream adds what they lack', () => {
  const trace = 'a'.repeat(32);
  const derived = deriveStream(
    agentStream([started, { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm', delta: 'hi' }, finished], { trace }),
    [],
    [{ id: 'aaaaaaaaaaaaaaa1', attributes: { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'coder' } }],
  );

  expect(ofType(derived, 'agent_started')).toMatchObject([{ spanId: 'aaaaaaaaaaaaaaa1' }]);
  expect(ofType(derived, 'chat_message')).toMatchObject([{ spanId: 'aaaaaaaaaaaaaaa1' }]);
});

test('a run that is ended after it had asked waits for nobody any more', () => {
  const derived = deriveStream(
    agentStream([
      started,
      { ...finished, outcome: { type: 'interrupt', interrupts: [{ id: 'i', reason: 'confirmation' }] } },
      { type: 'RUN_ERROR', message: 'stopped' },
    ]),
  );

  expect(ofType(derived, 'approval_request')).toMatchObject([{ status: 'rejected' }]);
  expect(derived.run.status).toBe('error');
});
