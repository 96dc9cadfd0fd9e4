import type { Approval, Command, Problem, RunControl, StopPreview } from '@signalbox/event-model';
import { ControlRoom, runIdOf } from '../src/testing/control-room.ts';
import { TestAgent } from '../src/testing/test-agent.ts';
import { randomTraceId } from '../src/testing/trace-changes.ts';

let room: ControlRoom;
beforeAll(async () => {
  room = await ControlRoom.open();
});
afterAll(() => room.close());

const order = (more: Record<string, unknown> = {}) => ({ idempotencyKey: room.newKey(), ...more });
const controlOf = async (run: string): Promise<RunControl> =>
  (await room.anna<RunControl>(`/api/runs/${run}/control`)).body;

async function agentWithRun(name: string, options: Parameters<TestAgent['connect']>[0] = {}) {
  const agent = new TestAgent(room.collector.api, name);
  await agent.connect(options);
  const traceId = randomTraceId();
  const approval = await room.openRequest(agent, { traceId });
  return { agent, traceId, run: runIdOf(traceId), approval };
}

describe('a run whose agent cannot stop', () => {
  const DEAF = { capabilities: ['approve' as const], workflow: 'deaf-flow' };

  test('is barred: its requests are taken back, later ones refused, and nothing says stopped', async () => {
    const { agent, traceId, run, approval } = await agentWithRun('deaf', DEAF);

    const stop = await room.anna<Problem>(`/api/runs/${run}/stop`, order());
    const bar = await room.anna<Command>(`/api/runs/${run}/bar`, order({ reason: 'it will not listen' }));
    await agent.command(({ decision }) => decision === 'expired');
    const later = await room.openRequest(agent, { traceId });
    const control = await controlOf(run);

    expect(stop).toMatchObject({ status: 409, body: { code: 'capability_missing' } });
    expect(bar).toMatchObject({ status: 202, body: { kind: 'bar', state: 'effective' } });
    expect(bar.body.history.at(-1)?.evidence).toBe('open requests taken back: 1; later ones are refused');
    expect((await room.anna<Approval>(`/api/approvals/${approval.id}`)).body.status).toBe('withdrawn');
    expect(later).toMatchObject({
      status: 'withdrawn',
      decisionReason: 'Further actions of the run are refused by anna of the tests.',
    });
    expect(control.stop?.command.kind).toBe('bar');
    expect(agent.frames.filter((frame) => frame.type === 'command' && frame.kind === 'stop')).toEqual([]);
  });

  test('that learns to stop is stopped after all', async () => {
    const { run } = await agentWithRun('slow-learner', DEAF);
    await room.anna(`/api/runs/${run}/bar`, order());
    const again = new TestAgent(room.collector.api, 'slow-learner');
    await again.connect({ workflow: 'deaf-flow' });

    const stop = await room.anna<Command>(`/api/runs/${run}/stop`, order());
    await again.command(({ kind }) => kind === 'stop');

    expect((await controlOf(run)).stop?.command.id).toBe(stop.body.id);
  });

  test('is not barred by somebody who may not steer', async () => {
    const { run } = await agentWithRun('safe', DEAF);

    const answer = await room.ask<Problem>('vera', 'Viewer', `/api/runs/${run}/bar`, order());

    expect(answer.status).toBe(403);
    expect((await controlOf(run)).stop).toBeNull();
  });
});

test('a bar of a run nobody knows is not found', async () => {
  expect((await room.anna<Problem>(`/api/runs/${runIdOf(randomTraceId())}/bar`, order())).status).toBe(404);
});

test('what a stop of a workflow would reach is told before it is ordered, and the rest is barred', async () => {
  const able = await agentWithRun('able', { workflow: 'mixed' });
  const deaf = await agentWithRun('deaf-in-mixed', { capabilities: ['approve'], workflow: 'mixed' });
  await agentWithRun('elsewhere', { workflow: 'other' });

  const { body: preview } = await room.anna<StopPreview>('/api/stop?workflow=mixed');
  const { body: everything } = await room.anna<StopPreview>('/api/stop');
  const { body: done } = await room.anna<{ results: { runId: string; command: Command }[] }>(
    '/api/stop',
    order({ workflow: 'mixed' }),
  );

  const byRun = (one: { runId: string }, other: { runId: string }) => (one.runId < other.runId ? -1 : 1);
  expect([...preview.runs].sort(byRun)).toEqual(
    [
      { runId: able.run, workflow: 'mixed', agent: 'able', canStop: true },
      { runId: deaf.run, workflow: 'mixed', agent: 'deaf-in-mixed', canStop: false },
    ].sort(byRun),
  );
  expect(everything.runs.length).toBeGreaterThanOrEqual(3);
  expect(new Map(done.results.map(({ runId, command }) => [runId, command.kind]))).toEqual(
    new Map([
      [able.run, 'stop'],
      [deaf.run, 'bar'],
    ]),
  );
});

test('a run that its agent says is over has nothing left to stop', async () => {
  const { agent, traceId, run } = await agentWithRun('finisher');
  const before = (await controlOf(run)).ended;
  agent.send({ type: 'run', traceId, state: 'ended' });
  while (!(await controlOf(run)).ended) await new Promise((resolve) => setTimeout(resolve, 20));

  expect(before).toBe(false);
  expect((await room.anna<StopPreview>('/api/stop')).body.runs.map(({ runId }) => runId)).not.toContain(run);
});

test('a stop goes before everything that waits for the same agent', async () => {
  const { agent, run } = await agentWithRun('busy');
  agent.kill();
  const tasks = Array.from({ length: 150 }, (_, at) => order({ text: `task ${at}` }));
  for (const task of tasks) await room.anna(`/api/runs/${run}/tasks`, task);
  const { body: stop } = await room.anna<Command>(`/api/runs/${run}/stop`, order());

  const again = new TestAgent(room.collector.api, 'busy');
  await again.connect();
  await again.command(({ kind }) => kind === 'task.add');

  const first = again.frames.find((frame) => frame.type === 'command');
  expect(first).toMatchObject({ kind: 'stop', id: stop.id });
});

test('a stop overtakes hundreds of orders that people give at the same moment', async () => {
  const busy = await agentWithRun('crowded');
  const { agent, run } = await agentWithRun('to-be-stopped');
  let answered = 0;
  const crowd = Array.from({ length: 400 }, async (_, at) => {
    await room.anna(`/api/runs/${busy.run}/tasks`, order({ text: `task ${at}` }));
    answered += 1;
  });

  await room.anna(`/api/runs/${run}/stop`, order());
  await agent.command(({ kind }) => kind === 'stop');
  const before = answered;
  await Promise.all(crowd);

  expect(before).toBeLessThan(300);
});
