import { setTimeout as pause } from 'node:timers/promises';
import type { AgentCommand, AgentDownFrame, Approval, ApprovalPage, Command } from '@signalbox/event-model';
import type { Redis } from 'ioredis';
import { GrafanaSigner } from '../src/testing/grafana-signer.ts';
import { hasRedisServer, TestRedis } from '../src/testing/redis-server.ts';
import { startTestCollector, type TestCollector } from '../src/testing/test-collector.ts';
import { createTestDatabase, type TestDatabase } from '../src/testing/test-database.ts';
import { randomTraceId } from '../src/testing/trace-changes.ts';

// Nothing here can be shown without a Redis to kill.
const withRedis = hasRedisServer ? describe : describe.skip;
const SECRET = 'the-secret-of-the-proxy';

withRedis('an agent on the bus', () => {
  const grafana = new GrafanaSigner();
  let redis: TestRedis;
  let client: Redis;
  let db: TestDatabase;
  let collectors: TestCollector[];
  let keys = 0;

  beforeAll(() => grafana.start());
  afterAll(() => grafana.stop());
  beforeEach(async () => {
    [redis, db] = await Promise.all([TestRedis.start(), createTestDatabase()]);
    client = redis.connect();
    collectors = [];
  });
  afterEach(async () => {
    for (const collector of collectors) await collector.stop();
    client.disconnect();
    await redis.remove();
    await db.drop();
  });

  const collect = async (): Promise<TestCollector> => {
    const collector = await startTestCollector(db.url, {
      REDIS_URL: redis.url,
      SIGNALBOX_BUS_CLAIM_SECONDS: '1',
      SIGNALBOX_PROXY_SECRET: SECRET,
      SIGNALBOX_GRAFANA_ISSUER: grafana.issuer,
    });
    collectors.push(collector);
    return collector;
  };

  const say = (agentId: string, frame: unknown): Promise<unknown> =>
    client.xadd('signalbox:agents', '*', 'data', JSON.stringify({ v: 1, agentId, frame }));

  const hello = (agentId: string): Promise<unknown> =>
    say(agentId, { type: 'hello', protocol: 1, agentId, name: agentId, capabilities: ['approve', 'stop', 'add_task'] });

  const heard = async (agentId: string): Promise<AgentDownFrame[]> => {
    const entries = await client.xrange(`signalbox:cmd:${agentId}`, '-', '+');
    return entries.map(([, fields]) => JSON.parse(fields[1] ?? '') as AgentDownFrame);
  };

  const until = async <T>(look: () => Promise<T | undefined | false>): Promise<T> => {
    for (;;) {
      const found = await look().catch(() => undefined);
      if (found !== undefined && found !== false) return found;
      await pause(25);
    }
  };

  const command = (agentId: string, fits: (command: AgentCommand) => boolean): Promise<AgentCommand> =>
    until(async () =>
      (await heard(agentId)).find((frame): frame is AgentCommand => frame.type === 'command' && fits(frame)),
    );

  async function ask<T>(path: string, body: object): Promise<T> {
    const answer = await fetch(`${collectors[0]?.api}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-signalbox-proxy': SECRET,
        'x-grafana-id': await grafana.token('anna', 'Editor'),
      },
      body: JSON.stringify({ ...body, idempotencyKey: `bus-key-${(keys += 1)}` }),
    });
    return (await answer.json()) as T;
  }

  const pending = (collector: TestCollector): Promise<Approval> =>
    until(async () => (await collector.get<ApprovalPage>('/api/approvals?status=pending')).approvals[0]);

  const approve = (approval: Approval): Promise<Command> =>
    ask(`/api/approvals/${approval.id}/decision`, { decision: 'approve', shownHash: approval.shownHash });

  test('asks, is answered and reports, over two streams', async () => {
    const collector = await collect();
    await hello('coder');
    await say('coder', {
      type: 'approval.request',
      id: 'q1',
      traceId: randomTraceId(),
      action: 'pay',
      args: { eur: 5 },
    });
    const approval = await pending(collector);

    const made = await approve(approval);
    const order = await command('coder', ({ decision }) => decision === 'approve');
    await say('coder', { type: 'command.report', commandId: order.id, state: 'effective', evidence: 'paid' });
    const end = await until(async () => {
      const now = await collector.get<Command>(`/api/commands/${made.id}`);
      return now.state === 'effective' && now;
    });

    expect(approval).toMatchObject({ runtime: 'bus', action: 'pay', agent: 'coder' });
    expect(order).toMatchObject({ approval: 'q1', by: 'anna' });
    expect(end.history.map((step) => step.state)).toEqual(['queued', 'delivered', 'effective']);
  });

  test('may ask while no collector runs, and is answered by whichever comes', async () => {
    await hello('early');
    await say('early', { type: 'approval.request', id: 'q2', action: 'pay', args: {} });
    const collector = await collect();
    await collect();

    await approve(await pending(collector));

    expect(await command('early', ({ decision }) => decision === 'approve')).toMatchObject({ approval: 'q2' });
  });

  test('gets its order once Redis is back', async () => {
    const collector = await collect();
    await hello('patient');
    await say('patient', { type: 'approval.request', id: 'q3', action: 'pay', args: {} });
    const approval = await pending(collector);
    await redis.kill();

    const made = await approve(approval);
    const waiting = await collector.get<Command>(`/api/commands/${made.id}`);
    await redis.startAgain();
    client.disconnect();
    client = redis.connect();

    expect(waiting.state).toBe('queued');
    expect(await command('patient', ({ decision }) => decision === 'approve')).toMatchObject({ id: made.id });
  });

  test('is told of frames nobody can read, and its neighbours go on', async () => {
    const collector = await collect();
    await hello('odd');
    await client.xadd('signalbox:agents', '*', 'data', '{not json');
    await say('odd', { type: 'approval.request', id: '' });
    await say('stranger', { type: 'heartbeat' });
    await say('odd', { type: 'approval.request', id: 'q4', action: 'pay', args: {} });
    await pending(collector);

    expect((await heard('odd')).filter((frame) => frame.type === 'problem')).toMatchObject([{ code: 'bad_frame' }]);
    expect(await heard('stranger')).toMatchObject([{ type: 'problem', code: 'no_hello' }]);
  });
});
