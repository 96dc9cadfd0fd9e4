import type { Approval, Command } from '@signalbox/event-model';
import pg from 'pg';
import { GrafanaSigner } from '../src/testing/grafana-signer.ts';
import { TestAgent } from '../src/testing/test-agent.ts';
import { startTestCollector, type TestCollector } from '../src/testing/test-collector.ts';
import { createTestDatabase, type TestDatabase } from '../src/testing/test-database.ts';
import { randomTraceId } from '../src/testing/trace-changes.ts';

const SECRET = 'the-secret-of-the-proxy';
/** Part of every text that agents and people send here. */
const CANARY = 'canary-bird';
const grafana = new GrafanaSigner();
let db: TestDatabase;
let collector: TestCollector;
let agent: TestAgent;
let keys = 0;

async function start(): Promise<void> {
  collector = await startTestCollector(db.url, {
    SIGNALBOX_PROXY_SECRET: SECRET,
    SIGNALBOX_GRAFANA_ISSUER: grafana.issuer,
    SIGNALBOX_CONTENT: 'metadata',
  });
}

async function connect(): Promise<void> {
  agent = new TestAgent(collector.api, 'coder');
  await agent.connect({ workflow: 'reports' });
}

beforeAll(() => grafana.start());
beforeEach(async () => {
  db = await createTestDatabase();
  await start();
  await connect();
});
afterEach(async () => {
  await collector.stop();
  await db.drop();
});
afterAll(() => grafana.stop());

async function anna<T>(path: string, body?: unknown): Promise<T> {
  const answer = await fetch(`${collector.api}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      'x-signalbox-proxy': SECRET,
      'x-grafana-id': await grafana.token('anna', 'Editor'),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(answer.status).toBeLessThan(300);
  return (await answer.json()) as T;
}

async function askPeople(more: Record<string, unknown> = {}): Promise<Approval> {
  const id = `request-${randomTraceId()}`;
  agent.send({
    type: 'approval.request',
    id,
    traceId: randomTraceId(),
    action: 'publish_report',
    args: { path: `${CANARY}.md`, copies: 2 },
    question: `Shall ${CANARY} go out?`,
    reason: `${CANARY} is ready`,
    risk: 'high',
    allowedDecisions: ['approve', 'edit', 'reject', 'respond'],
    ...more,
  });
  await agent.until(() => agent.frames.some((frame) => frame.type === 'approval.stored' && frame.id === id));
  const stored = agent.frames.find((frame) => frame.type === 'approval.stored' && frame.id === id);
  return anna<Approval>(`/api/approvals/${(stored as { approvalId: string }).approvalId}`);
}

function decide({ id, shownHash }: Approval, decision: string, more: Record<string, unknown> = {}): Promise<Command> {
  const idempotencyKey = `key-of-test-${(keys += 1)}`;
  return anna(`/api/approvals/${id}/decision`, { decision, shownHash, idempotencyKey, ...more });
}

/** Resolves when a command is in a state; the agent reports it as done where that is the end. */
async function reaches(id: string, state: string): Promise<Command> {
  for (;;) {
    const command = await anna<Command>(`/api/commands/${id}`);
    if (command.state === state) return command;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function carriedOut(command: Command): Promise<Command> {
  await agent.command(({ id }) => id === command.id);
  agent.send({ type: 'command.report', commandId: command.id, state: 'effective', evidence: `did ${CANARY}` });
  return reaches(command.id, 'effective');
}

/** Tables in which the canary can be read. */
async function tablesWithCanary(): Promise<string[]> {
  const client = new pg.Client({ connectionString: db.url });
  await client.connect();
  const { rows: tables } = await client.query<{ name: string }>(
    "select quote_ident(tablename) as name from pg_tables where schemaname = 'public' order by 1",
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const { rows } = await client.query<Record<string, unknown>>(`select * from ${name}`);
    const texts = rows.flatMap((row) =>
      Object.values(row).map((value) => (value instanceof Buffer ? value.toString('latin1') : JSON.stringify(value))),
    );
    if (texts.some((text) => text?.includes(CANARY))) found.push(name);
  }
  await client.end();
  return found;
}

const reason = `because of ${CANARY}`;

test.each([
  ['approve', { reason }],
  ['reject', { reason }],
  ['edit', { reason, args: { path: `other ${CANARY}`, copies: 1 } }],
  ['respond', { reason, answer: `say ${CANARY}` }],
])(
  'what was asked and answered is gone once the decision "%s" is carried out; the hash and who decided stay',
  async (decision, more) => {
    const approval = await askPeople();
    expect(approval.args).toEqual({ path: `${CANARY}.md`, copies: 2 });

    const command = await decide(approval, decision, more);
    expect(await tablesWithCanary()).toEqual(['commands']);
    await carriedOut(command);

    expect(await tablesWithCanary()).toEqual([]);
    const kept = await anna<Approval>(`/api/approvals/${approval.id}`);
    expect(kept).toMatchObject({ shownHash: approval.shownHash, decision, decidedBy: { login: 'anna' } });
  },
);

test('the agent gets what was decided, also from a collector that was started again', async () => {
  const approval = await askPeople();
  agent.kill();
  const args = { path: `other ${CANARY}`, copies: 1 };
  const command = await decide(approval, 'edit', { args });

  await collector.stop();
  await start();
  await connect();

  expect(await agent.command(({ id }) => id === command.id)).toMatchObject({ decision: 'edit', args });
  await carriedOut(command);
  expect(await tablesWithCanary()).toEqual([]);
});

test('an agent that asks again after its edited arguments were forgotten is told to ask anew, not to use a marker', async () => {
  const approval = await askPeople();
  await carriedOut(await decide(approval, 'edit', { args: { path: CANARY } }));
  const before = agent.frames.length;
  const { request } = { request: agent.frames.find((frame) => frame.type === 'approval.stored') as { id: string } };

  agent.send({ type: 'approval.request', id: request.id, action: 'publish_report', args: { path: CANARY } });
  await agent.until(() => agent.frames.slice(before).some((frame) => frame.type === 'command'));

  const again = agent.frames.slice(before).find((frame) => frame.type === 'command');
  expect(again).toMatchObject({ decision: 'expired' });
  expect(JSON.stringify(again)).not.toContain('not captured');
});

test('a request that lapses or is withdrawn leaves nothing to read', async () => {
  const lapsing = await askPeople({ timeoutMs: 50 });
  const withdrawn = await askPeople();
  const stored = agent.frames.findLast((frame) => frame.type === 'approval.stored') as { id: string };

  agent.send({ type: 'approval.withdraw', id: stored.id, reason: `no more ${CANARY}` });
  const refusal = await agent.command(({ decision }) => decision === 'expired');
  agent.send({ type: 'command.report', commandId: refusal.id, state: 'effective' });
  await reaches(refusal.id, 'effective');
  while ((await anna<Approval>(`/api/approvals/${withdrawn.id}`)).status !== 'withdrawn');

  expect((await anna<Approval>(`/api/approvals/${lapsing.id}`)).status).toBe('expired');
  expect(await tablesWithCanary()).toEqual([]);
});

test('stops and tasks reach the agent and are forgotten when they are done, refused or overtaken', async () => {
  const traceId = randomTraceId();
  const run = `/api/runs/${traceId.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')}`;
  agent.send({ type: 'run', traceId, state: 'started' });
  const waiting = await askPeople({ traceId });

  const task = { text: `look at ${CANARY}`, note: `for ${CANARY}`, idempotencyKey: 'key-of-task' };
  const added = await anna<Command>(`${run}/tasks`, task);
  expect(await agent.command(({ id }) => id === added.id)).toMatchObject({ task: { text: task.text } });
  agent.send({ type: 'command.report', commandId: added.id, state: 'refused', evidence: `no ${CANARY} here` });
  await reaches(added.id, 'refused');
  const stopped = await carriedOut(await anna<Command>(`${run}/stop`, { reason, idempotencyKey: 'key-of-stop' }));
  const overtaken = await anna<Approval>(`/api/approvals/${waiting.id}`);
  await carriedOut(overtaken.command as Command);

  expect(stopped.state).toBe('effective');
  expect(overtaken.status).toBe('withdrawn');
  expect(await tablesWithCanary()).toEqual([]);
});
