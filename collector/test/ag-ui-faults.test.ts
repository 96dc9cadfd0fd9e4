import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Approval, Command } from '@signalbox/event-model';
import { AgUiTestAgent } from '../src/testing/ag-ui-agent.ts';
import { startCollectorProcess, type CollectorProcess } from '../src/testing/collector-process.ts';
import { GrafanaSigner } from '../src/testing/grafana-signer.ts';
import { eventually, Operator, runOf } from '../src/testing/operator.ts';
import { createTestDatabase, type TestDatabase } from '../src/testing/test-database.ts';

jest.setTimeout(60_000);

const SECRET = 'the-secret-of-the-proxy';
const grafana = new GrafanaSigner();
let db: TestDatabase;
let agent: AgUiTestAgent;
let folder: string;
let started: CollectorProcess[];

beforeAll(() => grafana.start());
afterAll(() => grafana.stop());
beforeEach(async () => {
  started = [];
  folder = await mkdtemp(path.join(tmpdir(), 'ag-ui-'));
  [db, agent] = await Promise.all([createTestDatabase(), AgUiTestAgent.start()]);
});
afterEach(async () => {
  for (const each of started) await kill(each);
  await agent.stop();
  await db.drop();
  await rm(folder, { recursive: true });
});

async function collect(): Promise<{ operator: Operator; collector: CollectorProcess }> {
  const collector = startCollectorProcess({
    DATABASE_URL: db.url,
    SIGNALBOX_DATA_DIR: path.join(folder, String(started.length)),
    SIGNALBOX_PROXY_SECRET: SECRET,
    SIGNALBOX_GRAFANA_ISSUER: grafana.issuer,
    SIGNALBOX_AGUI_URLS: `coder=${agent.url}`,
  });
  started.push(collector);
  const { api } = await collector.up;
  return { operator: new Operator(() => api, grafana, SECRET), collector };
}

async function kill({ child, ended }: CollectorProcess): Promise<void> {
  child.kill('SIGKILL');
  await ended;
}

test('a collector killed in the middle of a stream leaves a run with an honest end, once', async () => {
  const before = await collect();
  const command = await before.operator.start('work');
  const run = runOf(command);
  await before.operator.settled(command.id);
  await eventually(async () => (await before.operator.said(run)).length > 0);
  await kill(before.collector);

  const { operator } = await collect();
  const shown = await operator.runWith(run, 'error', 'lost');
  const errors = (await operator.eventsOf(run)).filter(({ type }) => type === 'error');
  const stop = await operator.settled((await operator.ask<Command>(`/api/runs/${run}/stop`, {})).id);
  const next = await operator.start('talk', { sessionId: run });

  expect(shown).toMatchObject({ workflow: 'coder', sessionId: run });
  expect(errors.map(({ summary }) => summary)).toEqual([expect.stringMatching(/connection to the agent was lost/)]);
  expect(stop.history.at(-1)?.evidence).toMatch(/had ended already: lost/);
  await operator.runWith(runOf(next), 'completed');
  expect(agent.of(run)).toHaveLength(2);
});

test('a collector killed while a run waits loses no question: its answer takes the run up again', async () => {
  const before = await collect();
  const { run, open } = await before.operator.paused('ask twice', 2);
  await before.operator.decide(open[0] as Approval, 'approve');
  await kill(before.collector);

  const { operator } = await collect();
  const [left] = await operator.waiting(run, 1);
  const end = await operator.settled((await operator.decide(left as Approval, 'reject', { reason: 'no' })).id);
  const input = await agent.asked(run);

  expect(end).toMatchObject({ state: 'effective' });
  expect(input.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'assistant']);
  expect(input.resume).toHaveLength(2);
  expect(new Set(input.resume?.map(({ payload }) => (payload as { approved: boolean }).approved))).toEqual(
    new Set([true, false]),
  );
  await operator.runWith(input.runId, 'completed');
});

test('an answer that was sent and not confirmed when the collector died is not sent again', async () => {
  const before = await collect();
  const { run, open } = await before.operator.paused('ask, then never begin');
  const answer = { answer: { city: 'Riga' } };
  const command = await before.operator.decide(open[0] as Approval, 'respond', answer);
  await agent.asked(run);
  await kill(before.collector);

  const { operator } = await collect();
  const end = await operator.settled(command.id);

  expect(end).toMatchObject({ state: 'failed', problem: expect.stringMatching(/not known.*not sent again/) as string });
  expect(agent.of(run)).toHaveLength(2);
});

test('two collectors send an answer once, and each of them can stop what the other drives', async () => {
  const [one, other] = await Promise.all([collect(), collect()]);
  const { run, open } = await one.operator.paused('ask twice', 2);
  const commands = await Promise.all(
    open.map((approval, at) => (at === 0 ? one : other).operator.decide(approval, 'approve')),
  );
  for (const { id } of commands) await one.operator.settled(id);
  const work = await one.operator.start('work');
  await one.operator.settled(work.id);
  const stop = await other.operator.ask<Command>(`/api/runs/${runOf(work)}/stop`, {});

  expect(await other.operator.settled(stop.id)).toMatchObject({ state: 'effective' });
  expect(agent.closed).toContain(runOf(work));
  expect(agent.of(run)).toHaveLength(2);
  expect(agent.of(runOf(work))).toHaveLength(1);
});

test('an agent that is away when it is answered gets the answer when it is back', async () => {
  const { operator } = await collect();
  const { run, open } = await operator.paused('ask form');
  const { port } = agent;
  await agent.stop();
  const command = await operator.decide(open[0] as Approval, 'respond', { answer: { city: 'Riga' } });
  await eventually(
    async () => (await db.database.read.query('select 1 from agui_runs where id <> $1', [run])).rowCount,
  );
  agent = await AgUiTestAgent.start(port);

  expect(await operator.settled(command.id)).toMatchObject({ state: 'effective' });
  expect(agent.of(run)).toHaveLength(1);
  expect(agent.of(run)[0]?.resume).toMatchObject([{ interruptId: 'form', payload: { city: 'Riga' } }]);
});

test('a collector that is stopped ends its runs at once', async () => {
  const before = await collect();
  const command = await before.operator.start('work');
  await before.operator.settled(command.id);
  before.collector.child.kill('SIGTERM');
  await before.collector.ended;

  const { operator } = await collect();
  const [error] = (await operator.eventsOf(runOf(command))).filter(({ type }) => type === 'error');

  expect(error?.summary).toMatch(/the collector was stopped/);
});
