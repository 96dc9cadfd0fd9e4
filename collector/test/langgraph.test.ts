import { setTimeout as wait } from 'node:timers/promises';
import type {
  Approval,
  ApprovalPage,
  Command,
  EventPage,
  Problem,
  Run,
  RunControl,
  RunPage,
} from '@signalbox/event-model';
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
  const port = await ReferenceAgent.freePort();
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

  expect(publish).toMatchObject({ runtime: 'langgraph', risk: 'high', workflow: 'price', agent: 'reference' });
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
