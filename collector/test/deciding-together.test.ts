import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type {
  Approval,
  ApprovalPage,
  BatchDecisionAnswer,
  Command,
  PolicyState,
  Problem,
} from '@signalbox/event-model';
import { ControlRoom } from '../src/testing/control-room.ts';
import { TestAgent } from '../src/testing/test-agent.ts';
import { randomTraceId } from '../src/testing/trace-changes.ts';

const POLICY = {
  approvers: [{ roles: ['Editor'] }],
  extendMinutes: 30,
  timeLimitMinutes: { low: 60, medium: 60, high: 60, critical: 1440 },
  twoPerson: ['critical'],
  risks: [{ tool: 'rm*', risk: 'high' }],
};
const folder = mkdtempSync(path.join(tmpdir(), 'signalbox-policy-'));
const file = path.join(folder, 'policy.json');
let room: ControlRoom;
let agent: TestAgent;

beforeAll(async () => {
  chmodSync(folder, 0o755);
  writeFileSync(file, JSON.stringify(POLICY));
  room = await ControlRoom.open({ SIGNALBOX_POLICY_FILE: file });
  agent = new TestAgent(room.collector.api, 'asker');
  await agent.connect({ workflow: 'reports' });
});
afterAll(async () => {
  await room.close();
  rmSync(folder, { recursive: true, force: true });
});

async function requests(count: number, more: Record<string, unknown> = {}): Promise<Approval[]> {
  const traceId = randomTraceId();
  const made: Approval[] = [];
  for (let at = 0; at < count; at++)
    made.push(await room.openRequest(agent, { traceId, action: 'write_file', risk: 'low', args: { at }, ...more }));
  return made;
}

const batch = (approvals: readonly Approval[], decision: string, more: Record<string, unknown> = {}) => ({
  decision,
  items: approvals.map(({ id, shownHash }) => ({ id, shownHash })),
  idempotencyKey: room.newKey(),
  ...more,
});
const statusesOf = async (approvals: readonly Approval[]): Promise<string[]> => {
  const now = await Promise.all(approvals.map(({ id }) => room.anna<Approval>(`/api/approvals/${id}`)));
  return now.map(({ body }) => body.status);
};

describe('several requests alike', () => {
  test('are decided by one answer, each with a command of its own', async () => {
    const approvals = await requests(3);

    const answer = await room.anna<BatchDecisionAnswer>('/api/approvals/decisions', batch(approvals, 'approve'));
    const told = approvals.map(({ id }) => answer.body.commands.find((each) => each.target.approvalId === id));
    for (const command of told) await agent.command(({ id }) => id === command?.id);

    expect(answer.status).toBe(202);
    expect(told.map((command) => command?.payload['decision'])).toEqual(['approve', 'approve', 'approve']);
    expect(await statusesOf(approvals)).toEqual(['approved', 'approved', 'approved']);
  });

  test('answered twice with one key are answered once', async () => {
    const approvals = await requests(2);
    const body = batch(approvals, 'reject', { reason: 'not today' });

    const [first, second] = await Promise.all([
      room.anna<BatchDecisionAnswer>('/api/approvals/decisions', body),
      room.anna<BatchDecisionAnswer>('/api/approvals/decisions', body),
    ]);
    const other = await room.anna<Problem>('/api/approvals/decisions', { ...body, decision: 'approve' });

    const idsOf = ({ body: { commands } }: { body: BatchDecisionAnswer }) => commands.map(({ id }) => id);
    expect(idsOf(first)).toEqual(idsOf(second));
    expect(other).toMatchObject({ status: 409, body: { code: 'idempotency_key_reused' } });
  });

  test('are not decided at all when one of them was decided before, and that one is named', async () => {
    const [first, second, third] = (await requests(3)) as [Approval, Approval, Approval];
    await room.anna(`/api/approvals/${second.id}/decision`, room.decision(second, 'reject'));

    const answer = await room.anna<Problem>('/api/approvals/decisions', batch([first, second, third], 'approve'));

    expect(answer).toMatchObject({ status: 409, body: { code: 'interrupt_not_pending', subject: second.id } });
    expect(await statusesOf([first, second, third])).toEqual(['pending', 'rejected', 'pending']);
  });

  test('are not decided when one is not what was shown', async () => {
    const [first, second] = (await requests(2)) as [Approval, Approval];
    const changed = { ...second, shownHash: 'e'.repeat(64) };

    const answer = await room.anna<Problem>('/api/approvals/decisions', batch([first, changed], 'approve'));

    expect(answer).toMatchObject({ status: 409, body: { code: 'changed_since_shown', subject: second.id } });
    expect(await statusesOf([first])).toEqual(['pending']);
  });

  test.each([
    ['of other actions', { action: 'send_mail' }],
    ['of other runs', { traceId: randomTraceId() }],
    ['above medium risk', { risk: 'high' }],
    ['that take two people', { risk: 'critical' }],
  ])('%s are refused together', async (_, odd) => {
    const traceId = randomTraceId();
    const [first] = (await requests(1, { traceId })) as [Approval];
    const [other] = (await requests(1, { traceId, ...odd })) as [Approval];

    const answer = await room.anna<Problem>('/api/approvals/decisions', batch([first, other], 'approve'));

    expect(answer).toMatchObject({ status: 422, body: { code: 'not_alike', subject: other.id } });
  });

  test.each([
    ['one alone', (one: Approval) => [one]],
    ['one twice', (one: Approval) => [one, one]],
  ])('%s is no batch', async (_, items) => {
    const [one] = (await requests(1)) as [Approval];

    const answer = await room.anna<Problem>('/api/approvals/decisions', batch(items(one), 'approve'));

    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  });
});

describe('the end of a request', () => {
  test('is put off by whoever may decide, and the agent waits as long', async () => {
    const [approval] = (await requests(1)) as [Approval];

    const answer = await room.anna<Command>(`/api/approvals/${approval.id}/extend`, { idempotencyKey: room.newKey() });
    const order = await agent.command(({ kind, id }) => kind === 'extend' && id === answer.body.id);
    const { body } = await room.anna<Approval>(`/api/approvals/${approval.id}`);

    expect(approval.mayExtend).toEqual({ allowed: true, minutes: 30, reason: null });
    expect(Date.parse(body.expiresAt ?? '') - Date.parse(approval.expiresAt ?? '')).toBe(30 * 60_000);
    expect(order.waitMs).toBeGreaterThan(80 * 60_000);
    expect(order.approval).toMatch(/^request-/);
  });

  test('moves no further than a day from the beginning', async () => {
    const [approval] = (await requests(1, { risk: 'critical' })) as [Approval];

    const answer = await room.anna<Problem>(`/api/approvals/${approval.id}/extend`, { idempotencyKey: room.newKey() });

    expect(approval.mayExtend).toMatchObject({ allowed: false, reason: 'It has waited for a day, the most there is.' });
    expect(answer).toMatchObject({ status: 409, body: { code: 'cannot_extend' } });
  });

  test('of what is decided stays where it is', async () => {
    const [approval] = (await requests(1)) as [Approval];
    await room.anna(`/api/approvals/${approval.id}/decision`, room.decision(approval, 'approve'));

    const answer = await room.anna<Problem>(`/api/approvals/${approval.id}/extend`, { idempotencyKey: room.newKey() });

    expect(answer).toMatchObject({ status: 409, body: { code: 'interrupt_not_pending' } });
  });

  test('is not for a Viewer to put off', async () => {
    const [approval] = (await requests(1)) as [Approval];

    const order = { idempotencyKey: room.newKey() };
    const answer = await room.ask<Problem>('vera', 'Viewer', `/api/approvals/${approval.id}/extend`, order);

    expect(answer).toMatchObject({ status: 403, body: { hint: 'These can: Editor.' } });
  });
});

test('a request says why it is of its tier, what it reaches, and how others like it ended', async () => {
  const action = 'rm_branch';
  const before = await requests(3, { action });
  for (const [at, each] of before.entries())
    await room.anna(`/api/approvals/${each.id}/decision`, room.decision(each, at === 0 ? 'reject' : 'approve'));

  const [approval] = (await requests(1, { action, affects: 'branch main', reversible: false })) as [Approval];
  const [plain] = (await requests(1, { action: 'think', risk: undefined })) as [Approval];

  expect(approval).toMatchObject({
    risk: 'high',
    riskReasons: [
      { source: 'policy', risk: 'high', rule: 'rm*' },
      { source: 'agent', risk: 'low', rule: null },
    ],
    affects: 'branch main',
    reversible: false,
    similar: { approved: 2, rejected: 1, expired: 0, days: 30 },
  });
  expect(plain).toMatchObject({
    riskReasons: [{ source: 'default', risk: 'medium', rule: null }],
    affects: null,
    reversible: null,
    similar: { approved: 0, rejected: 0, expired: 0 },
  });
});

test('a mistake in the policy file is told with its reason while the policy before it holds', async () => {
  const before = (await room.anna<PolicyState>('/api/policy')).body;
  writeFileSync(file, '{ "approvers": [{}] }');
  const broken = await policyThat(({ problem }) => problem !== null);
  const page = await room.anna<ApprovalPage>('/api/approvals?status=pending&limit=1');
  writeFileSync(file, JSON.stringify(POLICY));
  const mended = await policyThat(({ problem }) => problem === null);

  expect(before).toMatchObject({ source: 'file', problem: null });
  expect(broken.problem).toMatch(/policy\.json: approvers\.0: needs "logins" or "roles"/);
  expect(broken.since).toBe(before.since);
  expect(page.body.approvals[0]?.mayDecide.allowed).toBe(true);
  expect(Date.parse(mended.since)).toBeGreaterThan(Date.parse(before.since));
});

async function policyThat(fits: (state: PolicyState) => boolean): Promise<PolicyState> {
  for (;;) {
    const { body } = await room.anna<PolicyState>('/api/policy');
    if (fits(body)) return body;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
