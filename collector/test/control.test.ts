import type { Approval, ApprovalPage, AuditPage, Command, Problem, RunControl } from '@signalbox/event-model';
import { ControlRoom, runIdOf, type Answered } from '../src/testing/control-room.ts';
import { TestAgent } from '../src/testing/test-agent.ts';
import type { TestCollector } from '../src/testing/test-collector.ts';
import { randomTraceId } from '../src/testing/trace-changes.ts';

let room: ControlRoom;
let collector: TestCollector;

beforeAll(async () => {
  room = await ControlRoom.open();
  collector = room.collector;
});
afterAll(() => room.close());

type Ask = <T>(path: string, body?: unknown) => Promise<Answered<T>>;
const anna: Ask = (path, body) => room.ask('anna', 'Editor', path, body);
const boris: Ask = (path, body) => room.ask('boris', 'Editor', path, body);
const viewer: Ask = (path, body) => room.ask('vera', 'Viewer', path, body);
const openRequest = (agent: TestAgent, more?: Record<string, unknown>) => room.openRequest(agent, more);
const decision = (approval: Approval, what: string, more?: Record<string, unknown>) =>
  room.decision(approval, what, more);
const newKey = () => room.newKey();
const settledCommand = (id: string, state: string) => room.settledCommand(id, state);

describe('a decision', () => {
  test('goes to the agent that asked, and says how far it came', async () => {
    const agent = new TestAgent(collector.api, 'coder');
    await agent.connect({ workflow: 'reports' });
    const approval = await openRequest(agent);

    const answer = await anna<Command>(`/api/approvals/${approval.id}/decision`, decision(approval, 'approve'));
    const order = await agent.command((command) => command.decision === 'approve');
    await settledCommand(answer.body.id, 'delivered');
    agent.send({ type: 'command.report', commandId: order.id, state: 'acked' });
    agent.send({ type: 'command.report', commandId: order.id, state: 'effective', evidence: 'the tool ran' });
    const command = await settledCommand(answer.body.id, 'effective');

    expect(answer.status).toBe(202);
    expect(approval).toMatchObject({
      status: 'pending',
      workflow: 'reports',
      risk: 'high',
      mayDecide: { allowed: true, who: ['Editor', 'Admin'] },
      allowedDecisions: ['approve', 'reject'],
    });
    expect(order).toMatchObject({ kind: 'decision', by: 'anna' });
    expect(command.history.map((step) => step.state)).toEqual(['queued', 'delivered', 'acked', 'effective']);
    expect((await anna<Approval>(`/api/approvals/${approval.id}`)).body).toMatchObject({
      status: 'approved',
      decidedBy: { login: 'anna', via: 'grafana' },
    });
  });

  test('is made once: the second person is told who won, and when', async () => {
    const agent = new TestAgent(collector.api, 'racer');
    await agent.connect();
    const approval = await openRequest(agent);

    await anna(`/api/approvals/${approval.id}/decision`, decision(approval, 'approve'));
    const late = await boris<Problem>(`/api/approvals/${approval.id}/decision`, decision(approval, 'reject'));

    expect(late).toMatchObject({ status: 409, body: { code: 'interrupt_not_pending' } });
    expect(late.body.detail).toMatch(/Already approved by anna of the tests \(anna\) at 20/);
  });

  test('repeated with its key is answered alike, and the key cannot say anything else', async () => {
    const agent = new TestAgent(collector.api, 'repeater');
    await agent.connect();
    const approval = await openRequest(agent);
    const body = decision(approval, 'approve');

    const first = await anna<Command>(`/api/approvals/${approval.id}/decision`, body);
    const second = await anna<Command>(`/api/approvals/${approval.id}/decision`, body);
    const other = await anna<Problem>(`/api/approvals/${approval.id}/decision`, { ...body, decision: 'reject' });

    expect(second.body.id).toBe(first.body.id);
    expect(other).toMatchObject({ status: 409, body: { code: 'idempotency_key_reused' } });
  });

  test('on arguments that are not those shown is refused', async () => {
    const agent = new TestAgent(collector.api, 'changer');
    await agent.connect();
    const approval = await openRequest(agent);

    const answer = await anna<Problem>(`/api/approvals/${approval.id}/decision`, {
      ...decision(approval, 'approve'),
      shownHash: 'f'.repeat(64),
    });

    expect(answer).toMatchObject({ status: 409, body: { code: 'changed_since_shown' } });
  });

  test('of a Viewer is refused, with who can', async () => {
    const agent = new TestAgent(collector.api, 'watched');
    await agent.connect();
    const approval = await openRequest(agent);

    const seen = await viewer<Approval>(`/api/approvals/${approval.id}`);
    const answer = await viewer<Problem>(`/api/approvals/${approval.id}/decision`, decision(approval, 'approve'));

    expect(seen.body.mayDecide).toMatchObject({ allowed: false, who: ['Editor', 'Admin'] });
    expect(answer).toMatchObject({ status: 403, body: { hint: 'These can: Editor, Admin.' } });
  });

  test('that nobody makes in time counts as rejected, and the agent is told', async () => {
    const agent = new TestAgent(collector.api, 'patient');
    await agent.connect();
    const approval = await openRequest(agent, { timeoutMs: 300 });

    const order = await agent.command((command) => command.decision === 'expired');
    const late = await anna<Problem>(`/api/approvals/${approval.id}/decision`, decision(approval, 'approve'));

    expect(order.reason).toMatch(/Nobody decided until/);
    expect(late).toMatchObject({ status: 410, body: { code: 'expired' } });
  });

  test('waits for an agent that died, and reaches it when it is back', async () => {
    const agent = new TestAgent(collector.api, 'mortal');
    await agent.connect();
    const approval = await openRequest(agent, { allowedDecisions: ['approve', 'edit'] });
    agent.kill();

    const edit = decision(approval, 'edit', { args: { path: 'reports/b.md', copies: 1 } });
    const answer = await anna<Command>(`/api/approvals/${approval.id}/decision`, edit);
    const again = new TestAgent(collector.api, 'mortal');
    await again.connect();
    const order = await again.command((command) => command.id === answer.body.id);

    expect(order).toMatchObject({ decision: 'edit', args: { path: 'reports/b.md', copies: 1 } });
  });

  test('that the request does not offer is refused', async () => {
    const agent = new TestAgent(collector.api, 'narrow');
    await agent.connect();
    const approval = await openRequest(agent, { allowedDecisions: ['approve', 'reject'] });

    const edit = await anna<Problem>(
      `/api/approvals/${approval.id}/decision`,
      decision(approval, 'edit', { args: {} }),
    );

    expect(edit).toMatchObject({ status: 422, body: { code: 'decision_not_offered' } });
  });
});

describe('a stop', () => {
  test('reaches the agent of the run, ends what it asks and bars what it asks later', async () => {
    const agent = new TestAgent(collector.api, 'stoppable');
    await agent.connect();
    const traceId = randomTraceId();
    const approval = await openRequest(agent, { traceId });
    const run = runIdOf(traceId);

    const answer = await anna<Command>(`/api/runs/${run}/stop`, { reason: 'wrong folder', idempotencyKey: newKey() });
    const order = await agent.command((command) => command.kind === 'stop');
    await agent.command((command) => command.decision === 'expired');
    const later = await openRequest(agent, { traceId });
    const task = await anna<Problem>(`/api/runs/${run}/tasks`, { text: 'go on', idempotencyKey: newKey() });
    const control = await anna<RunControl>(`/api/runs/${run}/control`);

    expect(answer.body).toMatchObject({ kind: 'stop', requestedBy: { login: 'anna' } });
    expect(order).toMatchObject({ traceId, by: 'anna', reason: 'wrong folder' });
    expect((await anna<Approval>(`/api/approvals/${approval.id}`)).body.status).toBe('withdrawn');
    expect(later).toMatchObject({ status: 'withdrawn', decisionReason: 'The run was stopped by anna of the tests.' });
    expect(task).toMatchObject({ status: 409, body: { code: 'run_stopped' } });
    expect(control.body).toMatchObject({ runtime: 'agent-link', online: true, stop: { by: { login: 'anna' } } });
  });

  test('of a workflow tells of each run', async () => {
    const agent = new TestAgent(collector.api, 'two-runs');
    await agent.connect({ workflow: 'nightly' });
    const traces = [randomTraceId(), randomTraceId()];
    for (const traceId of traces) agent.send({ type: 'run', traceId, state: 'started' });
    await openRequest(agent);

    const { body } = await anna<{ results: { runId: string; command: Command | null }[] }>('/api/stop', {
      workflow: 'nightly',
      idempotencyKey: newKey(),
    });

    expect(body.results.map((result) => result.runId)).toEqual(expect.arrayContaining(traces.map(runIdOf)));
    expect(body.results.every((result) => result.command?.kind === 'stop')).toBe(true);
  });

  test('of a run that only telemetry knows is refused with the reason', async () => {
    const traceId = randomTraceId();
    await collector.send('/v1/traces', {
      resourceSpans: [
        {
          scopeSpans: [
            {
              spans: [
                {
                  traceId,
                  spanId: '00000000000000aa',
                  name: 'invoke_agent',
                  startTimeUnixNano: '1790000000000000000',
                  endTimeUnixNano: '1790000001000000000',
                  attributes: [{ key: 'gen_ai.operation.name', value: { stringValue: 'invoke_agent' } }],
                },
              ],
            },
          ],
        },
      ],
    });

    const answer = await anna<Problem>(`/api/runs/${runIdOf(traceId)}/stop`, { idempotencyKey: newKey() });

    expect(answer).toMatchObject({ status: 409, body: { code: 'capability_missing' } });
    expect(answer.body.detail).toMatch(/Only telemetry is known/);
  });
});

test('a request that only telemetry shows is listed and has a page, and says why it cannot be answered', async () => {
  const traceId = randomTraceId();
  const attributes = Object.entries({
    'signalbox.approval.id': `seen-${traceId}`,
    'signalbox.approval.action': 'publish',
    'gen_ai.agent.name': 'stranger',
  }).map(([key, stringValue]) => ({ key, value: { stringValue } }));
  const record = { timeUnixNano: String(Date.now() * 1_000_000), traceId, eventName: 'signalbox.approval.requested' };
  await collector.send('/v1/logs', { resourceLogs: [{ scopeLogs: [{ logRecords: [{ ...record, attributes }] }] }] });

  const { body } = await anna<ApprovalPage>(`/api/approvals?status=observed&run=${runIdOf(traceId)}`);
  const page = await anna<Approval>(`/api/approvals/${body.approvals[0]?.id}`);
  const answer = await anna<Problem>(`/api/approvals/${body.approvals[0]?.id}/decision`, {
    decision: 'approve',
    shownHash: 'a'.repeat(64),
    idempotencyKey: newKey(),
  });

  expect(body.approvals).toMatchObject([{ status: 'observed', agent: 'stranger', mayDecide: { allowed: false } }]);
  expect(page.body).toEqual(body.approvals[0]);
  expect(page.body.mayDecide.reason).toMatch(/^Observed, cannot be answered here/);
  expect(answer).toMatchObject({ status: 409, body: { code: 'capability_missing' } });
});

test('a task travels to the agent and back', async () => {
  const agent = new TestAgent(collector.api, 'tasked');
  await agent.connect();
  const traceId = randomTraceId();
  agent.send({ type: 'run', traceId, state: 'started' });
  await openRequest(agent);

  const { body } = await anna<Command>(`/api/runs/${runIdOf(traceId)}/tasks`, {
    text: 'check the prices',
    note: 'twice',
    idempotencyKey: newKey(),
  });
  const order = await agent.command((command) => command.kind === 'task.add');
  agent.send({ type: 'command.report', commandId: order.id, state: 'refused', evidence: 'I am done' });
  const command = await settledCommand(body.id, 'refused');

  expect(order.task).toEqual({ id: order.id, text: 'check the prices', note: 'twice' });
  expect(command.problem).toBe('I am done');
});

test('the audit tells everything in a chain, and nobody can change it', async () => {
  const { body } = await room.ask<AuditPage>('root', 'Admin', '/api/audit?limit=1000');
  const actions = new Set(body.entries.map((entry) => entry.action));

  expect([...actions]).toEqual(
    expect.arrayContaining(['approval.requested', 'approval.decided', 'approval.expired', 'run.stop', 'command.state']),
  );
  expect(body.entries.map((entry) => entry.previousHash).slice(1)).toEqual(
    body.entries.map((entry) => entry.hash).slice(0, -1),
  );
  expect((await anna<Problem>('/api/audit')).status).toBe(403);
  for (const change of ['update audit set reason = null', 'delete from audit', 'truncate audit', 'drop table audit']) {
    const client = await room.db.database.control.connect();
    await client.query('begin; set local role signalbox_control');
    await expect(client.query(change)).rejects.toMatchObject({ code: '42501' });
    await client.query('rollback');
    client.release();
  }
});

test('the list shows what waits, newest first, page by page', async () => {
  const agent = new TestAgent(collector.api, 'lister');
  await agent.connect({ workflow: 'listed' });
  const made = [await openRequest(agent), await openRequest(agent), await openRequest(agent)];

  const first = await anna<ApprovalPage>('/api/approvals?status=pending&workflow=listed&limit=2');
  const rest = await anna<ApprovalPage>(
    `/api/approvals?status=pending&workflow=listed&limit=2&cursor=${first.body.nextCursor}`,
  );

  expect([...first.body.approvals, ...rest.body.approvals].map((approval) => approval.id)).toEqual(
    made.map((approval) => approval.id).reverse(),
  );
});
