import { setTimeout as wait } from 'node:timers/promises';
import type { Approval, ApprovalPage, Command, EventPage, Problem, RunControl, RunPage } from '@signalbox/event-model';
import { freePort } from '../src/lifecycle/free-port.ts';
import { GrafanaSigner } from '../src/testing/grafana-signer.ts';
import { ReferenceAgent } from '../src/testing/reference-agent.ts';
import { startTestCollector, type TestCollector } from '../src/testing/test-collector.ts';
import { createTestDatabase, type TestDatabase } from '../src/testing/test-database.ts';

jest.setTimeout(60_000);

const SECRET = 'the-secret-of-the-proxy';
const grafana = new GrafanaSigner();
let db: TestDatabase;
let collector: TestCollector;
let agent: ReferenceAgent;
let keys = 0;

beforeAll(async () => {
  await grafana.start();
  db = await createTestDatabase();
  const port = await freePort();
  collector = await startTestCollector(db.url, {
    SIGNALBOX_PROXY_SECRET: SECRET,
    SIGNALBOX_GRAFANA_ISSUER: grafana.issuer,
    SIGNALBOX_LANGGRAPH_URLS: `http://127.0.0.1:${port}`,
  });
  agent = await ReferenceAgent.start(port, collector.http, 150);
});
afterAll(async () => {
  await agent.stop();
  await collector.stop();
  await grafana.stop();
  await db.drop();
});

async function ask<T>(path: string, body?: unknown): Promise<T> {
  const answer = await fetch(`${collector.api}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      'x-signalbox-proxy': SECRET,
      'x-grafana-id': await grafana.token('anna', 'Editor'),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined
      ? {}
      : { body: JSON.stringify({ ...(body as object), idempotencyKey: `key-${(keys += 1)}-of-test` }) }),
  });
  return (await answer.json()) as T;
}

/** Looks again and again until there is something. */
async function eventually<T>(look: () => Promise<T | undefined | false | null>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false && found !== null) return found;
    await wait(50);
  }
}

const approvalsOf = async (thread: string): Promise<Approval[]> =>
  (await ask<ApprovalPage>('/api/approvals?limit=1000')).approvals.filter((each) => each.sessionId === thread);

const waiting = (thread: string, count: number): Promise<Approval[]> =>
  eventually(async () => {
    const open = (await approvalsOf(thread)).filter((each) => each.status === 'pending');
    return open.length === count && open.every((each) => each.eventId !== null) && open;
  });

const decide = (approval: Approval, decision: string, more: object = {}): Promise<Command & Problem> =>
  ask(`/api/approvals/${approval.id}/decision`, { decision, shownHash: approval.shownHash, ...more });

const settled = (id: string): Promise<Command> =>
  eventually(async () => {
    const command = await ask<Command>(`/api/commands/${id}`);
    return ['effective', 'refused', 'failed', 'expired'].includes(command.state) && command;
  });

const named = (approvals: readonly Approval[], action: string): Approval =>
  approvals.find((each) => each.action === action) as Approval;

const finished = (thread: string): Promise<unknown> =>
  eventually(async () => (await agent.thread(thread)).status === 'idle');

test('two questions of one pause are approvals without a line in the agent; each answer reaches its own', async () => {
  const thread = await agent.run();
  const open = await waiting(thread, 2);
  const publish = named(open, 'publish_report');
  const task = await ask<Command>(`/api/runs/${publish.runId}/tasks`, { text: 'thank the team' });

  const first = await decide(publish, 'edit', { args: { path: 'reports/phone.md', audience: 'staff' } });
  const firstEnd = await settled(first.id);
  const left = await waiting(thread, 1);
  const second = await decide(named(left, 'delete_drafts'), 'reject', { reason: 'keep them' });
  const secondEnd = await settled(second.id);
  await finished(thread);
  const { values } = await agent.thread(thread);

  expect(publish).toMatchObject({ runtime: 'langgraph', risk: 'high', workflow: 'price_report', agent: 'reference' });
  expect(named(open, 'delete_drafts')).toMatchObject({ risk: 'critical', args: { folder: 'drafts/phone' } });
  expect(firstEnd).toMatchObject({ state: 'effective' });
  expect(secondEnd).toMatchObject({ state: 'effective' });
  expect(firstEnd.history.map((step) => step.state)).toEqual(
    expect.arrayContaining(['queued', 'delivered', 'effective']),
  );
  expect(await settled(task.id)).toMatchObject({ state: 'effective' });
  expect(values?.todo).toEqual(
    expect.arrayContaining([expect.objectContaining({ text: 'thank the team', status: 'completed' })]),
  );
});

test('telemetry and server tell of the same questions: nothing is asked twice', async () => {
  const thread = await agent.run();
  const open = await waiting(thread, 2);

  const { events } = await ask<EventPage>(`/api/events?run=${open[0]?.runId}&type=approval_request`);
  const all = await approvalsOf(thread);

  expect(all.map((each) => each.status)).toEqual(['pending', 'pending']);
  expect(new Set(all.map((each) => each.eventId))).toEqual(new Set(events.map((event) => event.id)));
});

test('what somebody answered elsewhere is withdrawn here, and a late answer is refused', async () => {
  const thread = await agent.run();
  const publish = named(await waiting(thread, 2), 'publish_report');
  const { interrupts } = await agent.thread(thread);
  const resume = Object.fromEntries(
    Object.values(interrupts ?? {})
      .flat()
      .map(({ id }) => [id, { approved: false }]),
  );
  await agent.call(`/threads/${thread}/runs`, { assistant_id: 'reference', command: { resume } });

  const gone = await eventually(async () => {
    const now = await ask<Approval>(`/api/approvals/${publish.id}`);
    return now.status === 'withdrawn' && now;
  });

  expect(gone.decisionReason).toMatch(/answered elsewhere/);
  expect(await decide(publish, 'approve')).toMatchObject({ status: 409, code: 'interrupt_not_pending' });
});

test('a run at work is stopped, and said to be stopped only when the server says so', async () => {
  const thread = await agent.run();
  const run = await eventually(async () => {
    const { runs } = await ask<RunPage>(`/api/runs?session=${thread}`);
    const control = runs[0] && (await ask<RunControl>(`/api/runs/${runs[0].id}/control`));
    return control?.runtime === 'langgraph' && runs[0];
  });

  const stop = await ask<Command>(`/api/runs/${run.id}/stop`, { reason: 'enough' });
  const end = await settled(stop.id);
  const control = await ask<RunControl>(`/api/runs/${run.id}/control`);

  expect(end).toMatchObject({ state: 'effective', kind: 'stop' });
  expect(end.history.map((step) => step.state)[0]).toBe('queued');
  expect(control.stop).toMatchObject({ by: { login: 'anna' } });
  expect((await agent.thread(thread)).status).not.toBe('busy');
});

test('a stopped run that waits stays where it is: no answer makes it go on', async () => {
  const thread = await agent.run();
  const [first] = await waiting(thread, 2);
  const before = (await agent.thread(thread)).interrupts;

  const stop = await ask<Command>(`/api/runs/${first?.runId}/stop`, {});
  const end = await settled(stop.id);
  const after = await eventually(async () => {
    const all = await approvalsOf(thread);
    return all.every((each) => each.command !== null && each.command.state === 'effective') && all;
  });

  expect(end).toMatchObject({ state: 'effective' });
  expect(after.map((each) => each.status)).toEqual(['withdrawn', 'withdrawn']);
  expect((await agent.thread(thread)).interrupts).toEqual(before);
  expect(await decide(first as Approval, 'approve')).toMatchObject({ status: 409 });
});

test('a decision on a thread the server has lost is refused with the reason', async () => {
  const thread = await agent.run();
  const publish = named(await waiting(thread, 2), 'publish_report');
  await fetch(`${agent.url}/threads/${thread}`, { method: 'DELETE' });

  const answer = await decide(publish, 'approve');

  expect(await settled(answer.id)).toMatchObject({
    state: 'refused',
    problem: 'The server does not know this thread any more.',
  });
});
