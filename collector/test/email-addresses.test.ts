import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Approval, Command, Problem, Run } from '@signalbox/event-model';
import { ControlRoom, runIdOf } from '../src/testing/control-room.ts';
import { TestAgent } from '../src/testing/test-agent.ts';
import { randomTraceId } from '../src/testing/trace-changes.ts';

const ANNA = 'anna@corp.com';
const folder = mkdtempSync(path.join(tmpdir(), 'signalbox-mail-'));
let room: ControlRoom;

beforeAll(async () => {
  const file = path.join(folder, 'policy.json');
  writeFileSync(file, JSON.stringify({ approvers: [{ roles: ['Editor'] }], selfApproval: false }));
  room = await ControlRoom.open({ SIGNALBOX_POLICY_FILE: file });
});
afterAll(async () => {
  await room.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A span of a run that a user of that name started. */
function spanOf(traceId: string, attribute: string, value: string) {
  const attributes = [
    { key: 'openinference.span.kind', value: { stringValue: 'AGENT' } },
    { key: 'input.value', value: { stringValue: `mail ${ANNA}` } },
    { key: attribute, value: { stringValue: value } },
  ];
  const times = { startTimeUnixNano: '1763728612000000000', endTimeUnixNano: '1763728613000000000' };
  const span = { traceId, spanId: '00f067aa0ba902b7', name: 'agent', kind: 1, ...times, attributes };
  return { resourceSpans: [{ scopeSpans: [{ scope: { name: 'test' }, spans: [span] }] }] };
}

test.each([
  ['user.id', ANNA],
  ['enduser.id', ANNA],
  ['metadata', JSON.stringify({ user_id: ANNA })],
])('whose login is an e-mail address cannot approve what their own run asks: %s', async (attribute, value) => {
  const traceId = randomTraceId();
  await room.collector.send('/v1/traces', spanOf(traceId, attribute, value));
  const agent = new TestAgent(room.collector.api, `mailer ${attribute}`);
  await agent.connect({ workflow: 'mail' });
  const approval = await room.openRequest(agent, { traceId });

  const own = await room.ask<Problem>(
    ANNA,
    'Editor',
    `/api/approvals/${approval.id}/decision`,
    room.decision(approval, 'approve'),
  );
  const other = await room.ask<Command>(
    'ivan@corp.com',
    'Editor',
    `/api/approvals/${approval.id}/decision`,
    room.decision(approval, 'approve'),
  );

  expect((await room.anna<Run>(`/api/runs/${runIdOf(traceId)}`)).body.user).toBe(ANNA);
  expect(own).toMatchObject({ status: 403 });
  expect(own.body.detail).toMatch(/You started this run/);
  expect(other.status).toBe(202);
  expect((await room.anna<Approval>(`/api/approvals/${approval.id}`)).body.decidedBy?.login).toBe('ivan@corp.com');
});

test('a request shows where a mail goes, and an address a person writes reaches the agent', async () => {
  const agent = new TestAgent(room.collector.api, 'mailer');
  await agent.connect();
  const args = { to: 'ivan@corp.com' };
  const approval = await room.openRequest(agent, { allowedDecisions: ['approve', 'edit'], args });
  const decide = (edited: unknown) =>
    room.anna<Problem>(`/api/approvals/${approval.id}/decision`, room.decision(approval, 'edit', { args: edited }));

  const untouched = await decide(approval.args);
  const answer = await decide({ to: 'boris@corp.com' });
  const order = await agent.command((command) => command.decision === 'edit');

  expect(approval.args).toEqual({ to: expect.stringMatching(/^\[redacted:email:\w{8}\]@corp\.com$/) });
  expect(untouched).toMatchObject({ status: 422, body: { code: 'decision_not_offered' } });
  expect(untouched.body.detail).toMatch(/still hold a \[redacted:…\] mark/);
  expect(answer.status).toBe(202);
  expect(order.args).toEqual({ to: 'boris@corp.com' });
});
