import { setTimeout as pause } from 'node:timers/promises';
import type { Approval, ApprovalPage, Command, RunControl, RunPage } from '@signalbox/event-model';
import type { Redis } from 'ioredis';
import { ControlRoom } from '../src/testing/control-room.ts';
import { hasRedisServer, TestRedis } from '../src/testing/redis-server.ts';

// Nothing here can be shown without a Redis.
const withRedis = hasRedisServer ? describe : describe.skip;

interface Told {
  id: string;
  type: string;
  workflowId: string;
  threadId?: string;
  interruptId?: string;
  status?: string;
  payload: Record<string, unknown>;
  by: string;
}

withRedis('an agent that tells of itself in events and keeps a presence key', () => {
  let redis: TestRedis;
  let client: Redis;
  let room: ControlRoom;
  let agents = 0;
  let agentId = '';
  let seq = 0;

  beforeAll(async () => {
    redis = await TestRedis.start();
    client = redis.connect();
    room = await ControlRoom.open({ REDIS_URL: redis.url });
  });
  afterAll(async () => {
    await room.close();
    client.disconnect();
    await redis.remove();
  });
  beforeEach(() => {
    agentId = `coder-${(agents += 1)}`;
  });

  const appear = async (capabilities = '["approve","edit","respond","stop","add_task"]'): Promise<void> => {
    await client.hset(`signalbox:agent:${agentId}`, { name: 'Coder', workflowId: 'reports', capabilities });
    await client.expire(`signalbox:agent:${agentId}`, 15);
  };
  /** Agents meet in a run by its name: each test has runs of its own. */
  const tell = (run: string, { ...event }: Record<string, unknown>): Promise<unknown> => {
    const runId = `${agentId}-${run}`;
    if (event['runId'] !== undefined) event['runId'] = runId;
    const message = {
      v: 1,
      workflowId: 'reports',
      agentId,
      seq: (seq += 1),
      runId,
      threadId: `thread-${agentId}`,
      event,
    };
    return client.xadd('signalbox:events', '*', 'data', JSON.stringify(message));
  };
  const ask = async (runId: string, interrupt: Record<string, unknown> = {}): Promise<void> => {
    await tell(runId, { type: 'RUN_STARTED', runId, threadId: `thread-${agentId}` });
    await tell(runId, { type: 'TOOL_CALL_START', toolCallId: `${runId}-call`, toolCallName: 'publish_report' });
    await tell(runId, { type: 'TOOL_CALL_ARGS', toolCallId: `${runId}-call`, delta: '{"path":"a.md",' });
    await tell(runId, { type: 'TOOL_CALL_ARGS', toolCallId: `${runId}-call`, delta: '"copies":2}' });
    await tell(runId, { type: 'TOOL_CALL_END', toolCallId: `${runId}-call` });
    const asked = { id: 'i1', reason: 'tool_call', message: 'Publish it?', toolCallId: `${runId}-call`, ...interrupt };
    const outcome = { type: 'interrupt', interrupts: [asked] };
    await tell(runId, { type: 'RUN_FINISHED', runId, threadId: `thread-${agentId}`, outcome });
  };
  const until = async <T>(look: () => Promise<T | undefined | false>): Promise<T> => {
    for (;;) {
      const found = await look();
      if (found !== undefined && found !== false) return found;
      await pause(25);
    }
  };
  const approvals = async (status = 'pending'): Promise<Approval[]> => {
    const { body } = await room.anna<ApprovalPage>(`/api/approvals?status=${status}&limit=100`);
    return body.approvals.filter((each) => each.sessionId === `thread-${agentId}`);
  };
  const waiting = (count = 1): Promise<Approval[]> =>
    until(async () => {
      const open = await approvals();
      return open.length === count && open.every(({ eventId }) => eventId !== null) && open;
    });
  const decide = async (approval: Approval, what: string, more: Record<string, unknown> = {}): Promise<Command> =>
    (await room.anna<Command>(`/api/approvals/${approval.id}/decision`, room.decision(approval, what, more))).body;
  const told = (fits: (order: Told) => boolean): Promise<Told> =>
    until(async () => {
      const entries = await client.xrange(`signalbox:cmd:${agentId}`, '-', '+');
      return entries.map(([, fields]) => JSON.parse(fields[1] ?? '') as Told).find(fits);
    });

  test('is asked for by its interrupt, answered on its stream, and believed when its next run shows the answer', async () => {
    await appear();
    await ask('run-1');
    const [approval] = (await waiting()) as [Approval];

    const command = await decide(approval, 'approve');
    const order = await told(({ id }) => id === command.id);
    await client.set(`signalbox:ack:${command.id}`, 'accepted', 'EX', 60);
    await room.settledCommand(command.id, 'acked');
    const resume = [{ interruptId: 'i1', status: 'resolved', payload: { approved: true } }];
    await tell('run-2', { type: 'RUN_STARTED', runId: 'run-2', threadId: `thread-${agentId}`, resume });
    const done = await room.settledCommand(command.id, 'effective');

    expect(approval).toMatchObject({
      runtime: 'bus-events',
      agent: 'Coder',
      workflow: 'reports',
      action: 'publish_report',
      args: { path: 'a.md', copies: 2 },
      question: 'Publish it?',
    });
    expect(order).toMatchObject({
      type: 'resume',
      workflowId: 'reports',
      threadId: `thread-${agentId}`,
      interruptId: 'i1',
      status: 'resolved',
      payload: { approved: true },
      by: 'anna',
    });
    expect(done.history.map(({ state }) => state)).toEqual(['queued', 'delivered', 'acked', 'effective']);
    expect(await approvals('observed')).toEqual([]);
  });

  test.each([
    ['reject', { reason: 'not today' }, { payload: { approved: false, reason: 'not today' } }],
    ['respond', { answer: { hint: 'ask Boris' } }, { payload: { hint: 'ask Boris' } }],
    ['edit', { args: { path: 'b.md' } }, { payload: { approved: true, editedArgs: { path: 'b.md' } } }],
  ])('is told a %s in the form it takes', async (what, more, expected) => {
    await appear();
    const metadata = { allowedDecisions: ['approve', 'reject', 'edit', 'respond'], approveWithEdits: true };
    await ask('run-1', { metadata, reason: 'input' });
    const [approval] = (await waiting()) as [Approval];

    const command = await decide(approval, what, more);

    expect(await told(({ id }) => id === command.id)).toMatchObject(expected);
  });

  test.each([
    ['a key', (id: string) => client.set(`signalbox:ack:${id}`, '{"state":"refused","reason":"too late"}')],
    [
      'an event',
      (commandId: string) =>
        tell('run-1', {
          type: 'CUSTOM',
          name: 'command.ack',
          value: { commandId, state: 'refused', reason: 'too late' },
        }),
    ],
  ])('refuses by %s, and its reason is shown', async (_, refuse) => {
    await appear();
    await ask('run-1');
    const [approval] = (await waiting()) as [Approval];
    const command = await decide(approval, 'approve');
    await told(({ id }) => id === command.id);

    await refuse(command.id);

    expect((await room.settledCommand(command.id, 'refused')).problem).toBe('too late');
  });

  test('asks under the same id in another run: that is another request', async () => {
    await appear();
    await ask('run-1');
    const [first] = (await waiting()) as [Approval];
    await decide(first, 'reject');
    await ask('run-2');
    const [second] = (await waiting()) as [Approval];

    expect(second.id).not.toBe(first.id);
  });

  test('is stopped and given tasks over its stream', async () => {
    await appear();
    await tell('run-1', { type: 'RUN_STARTED', runId: 'run-1', threadId: `thread-${agentId}` });
    const { runs } = await until(async () => {
      const { body } = await room.anna<RunPage>('/api/runs?limit=100');
      return body.runs.some(({ sessionId }) => sessionId === `thread-${agentId}`) && body;
    });
    const run = runs.find(({ sessionId }) => sessionId === `thread-${agentId}`)?.id ?? '';
    await until(async () => (await room.anna<RunControl>(`/api/runs/${run}/control`)).body.runtime === 'bus-events');

    const task = await room.anna<Command>(`/api/runs/${run}/tasks`, {
      text: 'check twice',
      idempotencyKey: room.newKey(),
    });
    const stop = await room.anna<Command>(`/api/runs/${run}/stop`, { reason: 'wrong', idempotencyKey: room.newKey() });
    await client.set(`signalbox:ack:${task.body.id}`, 'done');
    await client.set(`signalbox:ack:${stop.body.id}`, 'done');

    expect(await told(({ id }) => id === task.body.id)).toMatchObject({
      type: 'task.add',
      payload: { text: 'check twice' },
    });
    expect(await told(({ id }) => id === stop.body.id)).toMatchObject({
      type: 'stop',
      workflowId: 'reports',
      threadId: `thread-${agentId}`,
      payload: { reason: 'wrong' },
    });
    await room.settledCommand(stop.body.id, 'effective');
    await room.settledCommand(task.body.id, 'effective');
  });

  test('without its key is only observed, and can be answered from the moment the key is there', async () => {
    await ask('run-1');
    const [observed] = await until(async () => {
      const found = await approvals('observed');
      return found.length > 0 && found;
    });
    await appear();
    const [approval] = (await waiting()) as [Approval];

    expect(observed?.mayDecide.allowed).toBe(false);
    expect(approval.mayDecide.allowed).toBe(true);
  });

  test('that lets its key lapse is shown as away, and gets its order when it is back', async () => {
    await appear();
    await ask('run-1');
    const [approval] = (await waiting()) as [Approval];
    const isOnline = async (): Promise<boolean> =>
      (await room.anna<RunControl>(`/api/runs/${approval.runId ?? ''}/control`)).body.online;
    await until(isOnline);
    await client.del(`signalbox:agent:${agentId}`);
    await room.db.database.control.query("update agents set seen_at = now() - interval '1 minute' where target = $1", [
      agentId,
    ]);
    await until(async () => !(await isOnline()));

    const command = await decide(approval, 'approve');
    const before = (await room.anna<Command>(`/api/commands/${command.id}`)).body.state;
    await appear();

    expect(before).toBe('queued');
    expect(await told(({ id }) => id === command.id)).toMatchObject({ type: 'resume' });
  });
});
