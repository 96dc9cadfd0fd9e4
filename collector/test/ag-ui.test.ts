import type { AgentPage, Approval, ApprovalPage, Command, Problem, RunControl } from '@signalbox/event-model';
import pg from 'pg';
import { freePort } from '../src/lifecycle/free-port.ts';
import { AgUiTestAgent, SPLIT_SECRET } from '../src/testing/ag-ui-agent.ts';
import { GrafanaSigner } from '../src/testing/grafana-signer.ts';
import { eventually, Operator, runOf } from '../src/testing/operator.ts';
import { startTestCollector, type TestCollector } from '../src/testing/test-collector.ts';
import { createTestDatabase, type TestDatabase } from '../src/testing/test-database.ts';

jest.setTimeout(60_000);

const SECRET = 'the-secret-of-the-proxy';
const grafana = new GrafanaSigner();
let db: TestDatabase;
let collector: TestCollector;
let agent: AgUiTestAgent;
let operator: Operator;

beforeAll(async () => {
  await grafana.start();
  [db, agent] = await Promise.all([createTestDatabase(), AgUiTestAgent.start()]);
  collector = await startTestCollector(db.url, {
    SIGNALBOX_PROXY_SECRET: SECRET,
    SIGNALBOX_GRAFANA_ISSUER: grafana.issuer,
    SIGNALBOX_AGUI_URLS: `coder=${agent.url},absent=http://127.0.0.1:${await freePort()}/`,
    SIGNALBOX_AGUI_IDLE_SECONDS: '1',
  });
  operator = new Operator(() => collector.api, grafana, SECRET);
});
afterAll(async () => {
  await collector.stop();
  await agent.stop();
  await grafana.stop();
  await db.drop();
});

describe('agents', () => {
  test('are listed with whether they can be reached and started', async () => {
    const { agents } = await eventually(async () => {
      const page = await operator.ask<AgentPage>('/api/agents');
      return page.agents[0]?.online === true && page;
    });

    expect(agents).toEqual([
      {
        id: 'coder',
        name: 'coder',
        runtime: 'ag-ui',
        capabilities: ['approve', 'edit', 'respond', 'stop', 'add_task'],
        online: true,
        canStart: true,
      },
      expect.objectContaining({ id: 'absent', online: false, canStart: true }),
    ]);
  });

  test.each<[string, object, string, object]>([
    ['nobody', { text: 'hello' }, 'Editor', { status: 404, code: 'not_found' }],
    ['coder', { text: ' ' }, 'Editor', { status: 400, code: 'invalid_request' }],
    ['coder', { text: 'hello', sessionId: 'a b' }, 'Editor', { status: 400, code: 'invalid_request' }],
    ['coder', { text: 'hello', sessionId: 7 }, 'Editor', { status: 400, code: 'invalid_request' }],
    ['coder', { text: 'hello' }, 'Viewer', { status: 403, code: 'not_allowed' }],
  ])('are not started: %s with %j by this %s', async (id, body, role, expected) => {
    expect(await operator.ask<Problem>(`/api/agents/${id}/runs`, body, role)).toMatchObject(expected);
  });

  test('are not told more than 32000 characters', async () => {
    const answer = await operator.ask<Problem>('/api/agents/coder/runs', { text: 'x'.repeat(32_001) });

    expect(answer).toMatchObject({ status: 400, code: 'invalid_request' });
  });

  test('are started once for a key, which cannot start anything else', async () => {
    const idempotencyKey = 'the-same-key-again';
    const first = await operator.start('talk', { idempotencyKey });

    expect((await operator.start('talk', { idempotencyKey })).id).toBe(first.id);
    expect(await operator.ask<Problem>('/api/agents/coder/runs', { text: 'other', idempotencyKey })).toMatchObject({
      status: 409,
      code: 'idempotency_key_reused',
    });
    await operator.runWith(runOf(first), 'completed');
    expect(agent.of(runOf(first))).toHaveLength(1);
  });
});

describe('a run', () => {
  test('is asked for as the protocol wants it, and everything it streams is an event, once', async () => {
    const command = await operator.start('talk', { sessionId: 'a-session' });
    const run = runOf(command);
    const end = await operator.settled(command.id);
    const shown = await operator.runWith(run, 'completed');
    const events = await operator.eventsOf(run);

    expect(end.history.map(({ state }) => state)).toEqual(['queued', 'delivered', 'acked', 'effective']);
    expect(shown).toMatchObject({ workflow: 'coder', sessionId: 'a-session', status: 'completed' });
    expect(events.map(({ type, summary }) => `${type}: ${summary}`).sort()).toEqual([
      'agent_completed: coder',
      'agent_started: coder',
      'chat_message: It is 21 degrees in Riga.',
      'node_completed: look up',
      'node_started: look up',
      'plan_update: 0/1 done · look',
      'plan_update: 1/1 done · look',
      'tool_call: lookup {"city":"Riga"}',
      'tool_result: 21 degrees',
      'user_input: talk',
    ]);
    expect(agent.of('a-session')[0]).toMatchObject({
      runId: run,
      messages: [{ role: 'user', content: 'talk' }],
      protocolVersion: '1.0',
    });
    expect(agent.headers.at(-1)?.['traceparent']).toContain(run.replaceAll('-', ''));
  });

  test('of a session that went before gets its messages and its state', async () => {
    const first = await operator.start('talk', { sessionId: 'long-session' });
    await operator.runWith(runOf(first), 'completed');
    const second = await operator.start('talk', { sessionId: 'long-session' });
    await operator.runWith(runOf(second), 'completed');
    const [, input] = agent.of('long-session');

    expect(input?.state).toEqual({ visits: 1, plan: [{ id: '1', text: 'look', status: 'completed' }] });
    expect(input?.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'assistant', 'user']);
    expect(input?.messages[1]).toMatchObject({
      toolCalls: [{ function: { name: 'lookup', arguments: '{"city":"Riga"}' } }],
    });
    expect(input?.messages[3]).toMatchObject({ content: 'It is 21 degrees in Riga.' });
  });

  test('is refused while another one of its session is at work', async () => {
    const first = await operator.start('work', { sessionId: 'busy' });
    await operator.settled(first.id);
    const second = await operator.settled((await operator.start('talk', { sessionId: 'busy' })).id);
    await operator.ask(`/api/runs/${runOf(first)}/stop`, {});

    expect(second).toMatchObject({ state: 'refused', problem: expect.stringContaining('at work') as string });
  });

  test('of an agent that is not there fails and says what to do', async () => {
    const command = await operator.ask<Command>('/api/agents/absent/runs', { text: 'hello' });

    expect(await operator.settled(command.id)).toMatchObject({
      state: 'failed',
      problem: expect.stringMatching(/absent cannot be reached: .*ECONNREFUSED.* Start it, or correct/) as string,
    });
  });

  test.each([
    ['status 500', /answered with status 500: .*internal/],
    ['html', /answered with text\/html: <h1>Hello/],
    ['begin another run', /began the run another instead/],
    ['refuse at once', /The agent said: not today/],
    ['never begin', /it said nothing for 1 seconds/],
  ])('that is answered with "%s" fails with the reason', async (text, problem) => {
    const command = await operator.inState((await operator.start(text)).id, 'failed');

    expect(command.problem).toMatch(problem);
  });

  test.each([
    ['garbage', /lost: one of its events is not JSON/],
    ['an invalid event', /lost: its TEXT_MESSAGE_CONTENT is not valid: messageId/],
    ['a huge event', /lost: one of its events is larger than/],
    ['silence', /lost: it said nothing for 1 seconds/],
    ['break off', /The connection to the agent was lost/],
    ['fail politely', /the model is out/],
  ])('that breaks with "%s" ends with an error that says so', async (text, problem) => {
    const command = await operator.start(text);
    const run = await operator.runWith(runOf(command), 'failed', 'error');
    const events = await operator.eventsOf(run.id);

    expect(events.find(({ type }) => type === 'error')?.summary).toMatch(problem);
    expect(await operator.ask<RunControl>(`/api/runs/${run.id}/control`)).toMatchObject({
      runtime: 'ag-ui',
      agent: 'coder',
    });
  });

  test('leaves no secret anywhere, not one that comes in two pieces either; the agent gets its own back', async () => {
    const command = await operator.start('secret');
    const run = runOf(command);
    await operator.runWith(run, 'completed');
    const next = await operator.start('talk', { sessionId: run });
    await operator.runWith(runOf(next), 'completed');
    const texts = await operator.said(run);

    expect(texts).toEqual([expect.stringMatching(/^the key is .*REDACTED.* and works$/i)]);
    expect(await tablesWith(SPLIT_SECRET.join(''))).toEqual([]);
    expect(await tablesWith(SPLIT_SECRET[0])).toEqual([]);
    expect(agent.of(run)[1]?.state).toEqual({ api_key: SPLIT_SECRET.join('') });
  });
});

/** A value as OTLP/JSON has it. */
function otlp(value: unknown): object {
  if (Array.isArray(value)) return { arrayValue: { values: value.map(otlp) } };
  if (typeof value !== 'object' || value === null) return { stringValue: String(value) };
  const values = Object.entries(value).map(([key, member]) => ({ key, value: otlp(member) }));
  return { kvlistValue: { values } };
}

/** Tables that hold a text somewhere. */
async function tablesWith(text: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: db.url });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      "select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace",
    );
    const found: string[] = [];
    for (const { name } of rows) {
      const held = await client.query(`select 1 from "${name}" t where t::text like $1 limit 1`, [`%${text}%`]);
      if (held.rowCount !== 0) found.push(name);
    }
    return found;
  } finally {
    await client.end();
  }
}

describe('a question', () => {
  test('is an approval with the call it is about, and its answer resumes the run', async () => {
    const { run, open } = await operator.paused('ask once');
    const [approval] = open as [Approval];
    const command = await operator.decide(approval, 'approve');
    const end = await operator.settled(command.id);
    const input = await agent.asked(run);
    const next = await operator.runWith(input.runId, 'completed');

    expect(approval).toMatchObject({
      runId: run,
      sessionId: run,
      runtime: 'ag-ui',
      workflow: 'coder',
      action: 'publish',
      args: { path: 'publish.md' },
      question: 'May I publish?',
      risk: 'high',
      allowedDecisions: ['approve', 'reject', 'edit'],
    });
    expect(input).toMatchObject({
      threadId: run,
      parentRunId: run,
      resume: [
        { interruptId: 'ask-publish', status: 'resolved', payload: { approved: true }, metadata: { by: 'anna' } },
      ],
    });
    expect(input.messages.map(({ role }) => role)).toEqual(['user', 'assistant']);
    expect(end).toMatchObject({
      state: 'effective',
      history: expect.arrayContaining(
        [{ state: 'acked' }].map((each) => expect.objectContaining(each) as object),
      ) as object,
    });
    expect(next).toMatchObject({ sessionId: run, workflow: 'coder', continuesRunId: run });
    expect(await operator.said(input.runId)).toEqual(['done with publish']);
    expect((await operator.ask<ApprovalPage>('/api/approvals?status=observed')).approvals).toEqual([]);
    expect((await operator.eventsOf(input.runId)).map(({ type }) => type)).toContain('approval_decision');
  });

  test.each([
    ['reject', { reason: 'not today' }, { approved: false, reason: 'not today' }],
    ['reject', {}, { approved: false }],
    ['edit', { args: { path: 'other.md' } }, { approved: true, editedArgs: { path: 'other.md' } }],
  ])('answered with %s %j is told %j', async (decision, more, payload) => {
    const { run, open } = await operator.paused('ask once');
    await operator.settled((await operator.decide(open[0] as Approval, decision, more)).id);

    expect((await agent.asked(run)).resume).toMatchObject([{ status: 'resolved', payload }]);
  });

  test('with a form takes only what fits the form', async () => {
    const { run, open } = await operator.paused('ask form');
    const [approval] = open as [Approval];
    const wrong = await operator.decide(approval, 'respond', { answer: { city: 'R' } });
    const right = await operator.decide(approval, 'respond', { answer: { city: 'Riga' } });

    expect(approval).toMatchObject({ allowedDecisions: ['reject', 'respond'], question: 'Which city?' });
    expect(approval.args).toMatchObject({ responseSchema: { required: ['city'] } });
    expect(wrong).toMatchObject({ status: 422, detail: expect.stringMatching(/^city: /) as string });
    expect(await operator.settled(right.id)).toMatchObject({ state: 'effective' });
    expect((await agent.asked(run)).resume).toMatchObject([{ status: 'resolved', payload: { city: 'Riga' } }]);
  });

  test('with a form that knows no "no" is cancelled by a refusal', async () => {
    const { run, open } = await operator.paused('ask form');
    await operator.settled((await operator.decide(open[0] as Approval, 'reject')).id);

    expect((await agent.asked(run)).resume).toMatchObject([{ interruptId: 'form', status: 'cancelled' }]);
  });

  test('of an older adapter is answered in its way', async () => {
    const { run, open } = await operator.paused('ask the old way');
    await operator.settled((await operator.decide(open[0] as Approval, 'approve')).id);
    const input = await agent.asked(run);

    expect(open[0]).toMatchObject({ action: 'publish', args: { path: 'old.md' }, question: 'Publish it?' });
    expect(input.resume).toBeUndefined();
    expect(input.forwardedProps).toEqual({ command: { resume: { approved: true } } });
    await operator.runWith(input.runId, 'completed');
  });

  test('beside another one is decided alone, and both answers are sent together', async () => {
    const { run, open } = await operator.paused('ask twice', 2);
    const named = (action: string): Approval => open.find((each) => each.action === action) as Approval;
    const first = await operator.decide(named('publish'), 'approve');
    const task = await operator.ask<Command>(`/api/runs/${run}/tasks`, { text: 'thank the team' });
    await operator.waiting(run, 1);
    const before = agent.of(run).length;
    const second = await operator.decide(named('delete'), 'reject', { reason: 'keep it' });
    const input = await agent.asked(run);

    expect(before).toBe(1);
    expect(await operator.settled(first.id)).toMatchObject({ state: 'effective' });
    expect(await operator.settled(second.id)).toMatchObject({ state: 'effective' });
    expect(await operator.settled(task.id)).toMatchObject({ state: 'effective' });
    expect(input.resume).toMatchObject([
      { interruptId: 'ask-publish', payload: { approved: true } },
      { interruptId: 'ask-delete', payload: { approved: false, reason: 'keep it' } },
    ]);
    expect(input.messages.at(-1)).toMatchObject({ role: 'user', content: 'thank the team' });
    expect(agent.of(run)).toHaveLength(2);
  });

  test('nobody answers in its time is cancelled', async () => {
    const { run, open } = await operator.paused('ask soon');
    const input = await agent.asked(run);
    const late = await operator.decide(open[0] as Approval, 'approve');

    expect(input.resume).toMatchObject([{ interruptId: 'ask-publish', status: 'cancelled' }]);
    expect(late).toMatchObject({ status: 410, code: 'expired' });
  });

  test('that the agent tells of over OpenTelemetry as well is one approval', async () => {
    const { run } = await operator.paused('ask once');
    const interrupts = [{ id: 'ask-publish', reason: 'tool_call' }];
    await collector.send('/v1/logs', {
      resourceLogs: [
        {
          resource: { attributes: [{ key: 'service.name', value: { stringValue: 'the agent itself' } }] },
          scopeLogs: [
            {
              logRecords: [
                {
                  timeUnixNano: `${Date.now()}000000`,
                  traceId: run.replaceAll('-', ''),
                  eventName: 'ag-ui.RUN_FINISHED',
                  body: otlp({ type: 'RUN_FINISHED', runId: run, outcome: { type: 'interrupt', interrupts } }),
                },
              ],
            },
          ],
        },
      ],
    });
    await eventually(async () => {
      const asked = (await operator.eventsOf(run)).filter(({ type }) => type === 'approval_request');
      return asked.length === 2;
    });

    expect(await operator.approvalsOf(run)).toHaveLength(1);
    expect((await operator.ask<ApprovalPage>('/api/approvals?status=observed')).approvals).toEqual([]);
  });

  test('nobody asked cannot be answered', async () => {
    const unknown = await operator.ask<Problem>('/api/approvals/00000000-0000-4000-8000-000000000000/decision', {
      decision: 'approve',
      shownHash: 'a'.repeat(64),
    });

    expect(unknown).toMatchObject({ status: 404 });
  });
});

describe('a stop', () => {
  test('closes the connection of a run at work, and says what that proves', async () => {
    const command = await operator.start('work');
    const run = runOf(command);
    await operator.settled(command.id);
    const stop = await operator.ask<Command>(`/api/runs/${run}/stop`, { reason: 'enough' });
    const end = await operator.settled(stop.id);
    const events = await operator.eventsOf(run);

    await eventually(() => Promise.resolve(agent.closed.includes(run)));
    expect(end.state).toBe('effective');
    expect(end.history.map(({ state }) => state)).toEqual(['queued', 'delivered', 'effective']);
    expect(end.history.at(-1)?.evidence).toMatch(/the protocol has no answer/);
    await operator.runWith(run, 'failed', 'error', 'cancelled');
    expect(await operator.eventsOf(run)).toHaveLength((await operator.eventsOf(run)).length);
    expect(events.length).toBeGreaterThan(0);
  });

  test('of a run that waits sends nothing, and bars every later answer', async () => {
    const { run, open } = await operator.paused('ask once');
    const stop = await operator.ask<Command>(`/api/runs/${run}/stop`, {});
    const end = await operator.settled(stop.id);
    const late = await operator.decide(open[0] as Approval, 'approve');
    const [withdrawn] = await eventually(async () => {
      const found = await operator.approvalsOf(run);
      return found[0]?.command?.state === 'effective' && found;
    });

    expect(end).toMatchObject({ state: 'effective' });
    expect(end.history.at(-1)?.evidence).toMatch(/was sent nothing/);
    expect(late).toMatchObject({ status: 409, code: 'interrupt_not_pending' });
    expect(withdrawn).toMatchObject({ status: 'withdrawn' });
    await operator.runWith(run, 'error');
    expect(agent.of(run)).toHaveLength(1);
  });

  test('of a run that is over changes nothing and says so', async () => {
    const command = await operator.start('talk');
    await operator.runWith(runOf(command), 'completed');
    const stop = await operator.settled((await operator.ask<Command>(`/api/runs/${runOf(command)}/stop`, {})).id);

    expect(stop.history.at(-1)?.evidence).toMatch(/had ended already/);
  });
});

test('a task waits until the run is over, then begins the next one of its session', async () => {
  const command = await operator.start('work a bit');
  const run = runOf(command);
  await operator.settled(command.id);
  const task = await operator.ask<Command>(`/api/runs/${run}/tasks`, { text: 'talk', note: 'briefly' });
  const input = await agent.asked(run);

  expect(await operator.settled(task.id)).toMatchObject({ state: 'effective' });
  expect(input).toMatchObject({ parentRunId: run, threadId: run });
  expect(input.messages.at(-1)).toMatchObject({ role: 'user', content: 'talk\n\nbriefly' });
  await operator.runWith(input.runId, 'completed');
});
