import type { OrderDraft } from '../src/control/control-store.ts';
import { runIdOf } from '../src/telemetry/time.ts';
import { randomTraceId } from '../src/testing/trace-changes.ts';
import type { Command, Principal } from '@signalbox/event-model';
import { createPostgresControlStore } from '../src/store/control/postgres-control-store.ts';
import type { ApprovalDraft, ControlStore, DecisionOutcome } from '../src/control/control-store.ts';
import { shownHash } from '../src/control/shown-hash.ts';
import { createTestDatabase, type TestDatabase } from '../src/testing/test-database.ts';

const APPROVALS = 20;
const RACERS = 200;

let db: TestDatabase;
let stores: [ControlStore, ControlStore];

beforeAll(async () => {
  db = await createTestDatabase();
  // Two collectors on one database.
  stores = [createPostgresControlStore(db.database.control), createPostgresControlStore(db.database.read)];
});
afterAll(() => db.drop());

const hash = shownHash('publish', { path: 'a' });

function draft(externalId: string, more: Partial<ApprovalDraft> = {}): ApprovalDraft {
  return {
    runtime: 'agent-link',
    target: 'local/coder',
    externalId,
    traceId: null,
    workflow: null,
    agent: 'coder',
    action: 'publish',
    args: { path: 'a' },
    question: null,
    reason: null,
    risk: 'medium',
    allowedDecisions: ['approve', 'reject'],
    shownHash: hash,
    votesNeeded: 1,
    timeoutMs: 60_000,
    keys: [],
    ...more,
  };
}

const person = (at: number): Principal => ({ login: `person-${at}`, name: `Person ${at}`, via: 'grafana' });

function decide(approvalId: string, at: number, key = `race-${approvalId}-${at}`): Promise<DecisionOutcome> {
  const store = stores[at % 2 === 0 ? 0 : 1];
  const decision = at % 3 === 0 ? 'reject' : 'approve';
  const by = person(at);
  const rest = { reason: null, args: undefined, answer: undefined, shownHash: hash };
  return store.decide({ ...rest, approvalId, decision, by, idempotencyKey: key, requestHash: decision });
}

const commandOf = (outcome: DecisionOutcome): Command | undefined =>
  'command' in outcome && !('refused' in outcome) ? outcome.command : undefined;

test(`${RACERS} people at once on each of ${APPROVALS} approvals: one wins, the others are told who`, async () => {
  const opened = await Promise.all(
    Array.from({ length: APPROVALS }, (_, at) => stores[0].openApproval(draft(`race-${at}`))),
  );
  for (const each of opened) {
    const { id } = each.approval;
    const outcomes = await Promise.all(Array.from({ length: RACERS }, (_, at) => decide(id, at)));
    const winners = outcomes.flatMap((outcome) => commandOf(outcome) ?? []);
    const losers = outcomes.filter((outcome) => 'refused' in outcome);
    const decidedBy = winners[0]?.requestedBy.login;

    expect(winners).toHaveLength(1);
    expect(losers).toHaveLength(RACERS - 1);
    expect(
      losers.every(
        (loser) =>
          'approval' in loser && loser.refused === 'not_pending' && loser.approval.decidedBy?.login === decidedBy,
      ),
    ).toBe(true);
  }
});

test('one person who clicks many times at once decides once, and every click gets the same answer', async () => {
  const { approval } = await stores[0].openApproval(draft('clicks'));

  const outcomes = await Promise.all(Array.from({ length: 50 }, () => decide(approval.id, 1, 'the-same-click')));

  const ids = outcomes.map((outcome) => commandOf(outcome)?.id);
  expect(new Set(ids).size).toBe(1);
  expect(ids[0]).toBeDefined();
});

test('a decision and the end of its time never both count', async () => {
  for (let at = 0; at < 10; at++) {
    const { approval } = await stores[0].openApproval(draft(`late-${at}`, { timeoutMs: 1 }));
    const [outcome] = await Promise.all([decide(approval.id, 1), stores[1].expireDue()]);
    await stores[1].expireDue();
    const after = await stores[0].approval(approval.id);

    expect(after?.status).toBe(commandOf(outcome) ? 'approved' : 'expired');
  }
});

test('where the policy wants two, the same person does not count twice and the second one decides', async () => {
  const { approval } = await stores[0].openApproval(draft('two', { votesNeeded: 2 }));

  const first = await decide(approval.id, 1);
  const same = await decide(approval.id, 1, 'another-key');
  const second = await decide(approval.id, 2);

  expect(first).toMatchObject({ vote: { status: 'pending', votes: [{ by: { login: 'person-1' } }] } });
  expect(same).toMatchObject({ refused: 'already_voted' });
  expect(commandOf(second)).toMatchObject({ kind: 'decision' });
});

test('one refusal is enough where two must agree', async () => {
  const { approval } = await stores[0].openApproval(draft('veto', { votesNeeded: 2 }));

  expect(commandOf(await decide(approval.id, 3))).toMatchObject({ payload: { decision: 'reject' } });
});

test('a command never goes back, and is not finished twice', async () => {
  const { approval } = await stores[0].openApproval(draft('steps'));
  const command = commandOf(await decide(approval.id, 1)) as Command;
  const steps = ['delivered', 'acked', 'delivered', 'effective', 'refused', 'acked', 'effective'] as const;

  const moved = [];
  for (const step of steps) moved.push(await stores[0].advance(command.id, step, null));

  expect(moved).toEqual([true, true, false, true, false, false, false]);
});

test('stops and decisions of one run at the same moment never block each other', async () => {
  for (let round = 0; round < 15; round++) {
    const traceId = randomTraceId();
    const opened = await Promise.all(
      [1, 2, 3, 4].map((at) => stores[0].openApproval(draft(`crossing-${round}-${at}`, { traceId }))),
    );
    const [stop] = await Promise.all([
      stores[1].order(stopOf(traceId, round)),
      ...opened.map(({ approval }, at) => decide(approval.id, at + 1)),
    ]);
    const after = await Promise.all(opened.map(({ approval }) => stores[0].approval(approval.id)));

    expect('command' in stop).toBe(true);
    expect(after.filter((approval) => approval?.status === 'pending')).toEqual([]);
  }
});

function stopOf(traceId: string, round: number): OrderDraft {
  return {
    kind: 'stop',
    runtime: 'agent-link',
    target: 'racer',
    runId: runIdOf(traceId),
    payload: {},
    by: { login: 'anna', name: 'Anna', via: 'console' },
    reason: null,
    idempotencyKey: `stop-${round}`,
    requestHash: String(round),
  };
}
