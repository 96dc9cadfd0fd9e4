import { context } from '@opentelemetry/api';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { connectControl, type Control, StoppedError } from '../src/control.ts';
import { known, LINK, newRun, Person, runIdOf, until } from './control-support.ts';
import { collector, eventually } from './support.ts';

const STOPS = collector.isFull ? 50 : 5;

let person: Person;
let control: Control;

before(async () => {
  person = await Person.signIn();
  control = connectControl({ url: LINK, agentId: `steered-${randomUUID()}`, workflow: 'tests' });
});
after(() => control.close());

const args = { path: 'reports/a.md', copies: 2 };
const every = ['approve', 'reject', 'edit', 'respond'] as const;

/** Asks in a run of its own; answers what people see, and the answer to come. */
async function ask(options: Parameters<Control['approve']>[2] = {}) {
  const run = newRun();
  const answer = context.with(run.context, () =>
    control.approve('publish', args, { allowedDecisions: [...every], risk: 'high', reason: 'ready', ...options }),
  );
  return { run, answer, approval: await person.pending(run.traceId) };
}

void describe('approve', () => {
  void test('returns that it was approved, by whom, with the arguments as they were', async () => {
    const { answer, approval } = await ask({ id: 'a-approved' });

    const command = await person.decide(approval, 'approve', { reason: 'go on' });

    const { id, ...rest } = await answer;
    assert.deepEqual([id, approval.action], ['a-approved', 'publish']);
    assert.deepEqual(rest, {
      decision: 'approve',
      approved: true,
      args,
      answer: undefined,
      reason: 'go on',
      by: 'admin',
    });
    assert.equal((await answer).args, args);
    const { history } = await person.settled(command.id, 'effective');
    assert.equal(history.at(-1)?.evidence, 'approve() returned approve to the agent');
  });

  void test('waits longer when a person puts the end off', async () => {
    const deadline = Date.now() + 1000;
    const { answer, approval } = await ask({ timeoutMs: 1000, affects: 'the site', reversible: true });

    const extension = await person.post<{ id: string }>(`/approvals/${approval.id}/extend`, {});
    const { history } = await person.settled(extension.id, 'effective');
    await until(() => Date.now() > deadline, 'the first end');
    await person.decide(approval, 'approve');

    assert.match(history.at(-1)?.evidence ?? '', /^the agent waits until 20/);
    assert.equal((await answer).decision, 'approve');
    const { affects, reversible } = await person.get<Record<string, unknown>>(`/approvals/${approval.id}`);
    assert.deepEqual([affects, reversible], ['the site', true]);
  });

  void test('returns the arguments a person edited', async () => {
    const { answer, approval } = await ask();

    await person.decide(approval, 'edit', { args: { path: 'reports/b.md', copies: 1 } });

    const { decision, approved, args: edited } = await answer;
    assert.deepEqual([decision, approved, edited], ['edit', true, { path: 'reports/b.md', copies: 1 }]);
  });

  void test('returns a refusal with its reason', async () => {
    const { answer, approval } = await ask();

    await person.decide(approval, 'reject', { reason: 'not today' });

    const { decision, approved, reason } = await answer;
    assert.deepEqual([decision, approved, reason], ['reject', false, 'not today']);
  });

  void test('returns an answer, which is no permission', async () => {
    const { answer, approval } = await ask({ question: 'Which one?' });

    await person.decide(approval, 'respond', { answer: 'the green one' });

    const { decision, approved, answer: said } = await answer;
    assert.deepEqual([decision, approved, said], ['respond', false, 'the green one']);
  });

  void test('is no when nobody decides in time, and the collector says so', async () => {
    const { answer, approval } = await ask({ timeoutMs: 400 });

    const { decision, approved, reason } = await answer;
    assert.deepEqual([decision, approved], ['expired', false]);
    assert.match(reason ?? '', /nobody decided/i);
    const { status } = await person.get<{ status: string }>(`/approvals/${approval.id}`);
    assert.ok(status === 'expired' || status === 'withdrawn', status);
  });

  void test('given up by the agent is withdrawn', async () => {
    const abort = new AbortController();
    const { answer, approval } = await ask({ signal: abort.signal });

    abort.abort();

    assert.equal((await answer).decision, 'expired');
    const read = (): Promise<{ status: string }> => person.get(`/approvals/${approval.id}`);
    assert.equal((await eventually(read, (found) => found.status !== 'pending')).status, 'withdrawn');
  });

  void test('twice with one id is one request', async () => {
    const { run, answer, approval } = await ask({ id: 'a-twice' });
    const second = context.with(run.context, () => control.approve('publish', args, { id: 'a-twice' }));

    await person.decide(approval, 'approve');

    assert.deepEqual([(await answer).decision, (await second).decision], ['approve', 'approve']);
    const again = await context.with(run.context, () => control.approve('publish', args, { id: 'a-twice' }));
    assert.equal(again.decision, 'approve');
  });

  void test('that the collector does not take is no at once', async () => {
    const large = await control.approve('publish', 'x'.repeat(1024 * 1024));
    const nameless = await control.approve('', args);

    assert.deepEqual([large.approved, large.reason], [false, 'the arguments are larger than one request may be']);
    assert.equal(nameless.approved, false);
    assert.match(nameless.reason ?? '', /action/);
  });
});

void describe('a stop', () => {
  void test(`throws at the next checkpoint within 500 ms, ${STOPS} times`, async () => {
    const took: number[] = [];
    for (let round = 0; round < STOPS; round++) {
      const run = newRun();
      context.with(run.context, () => control.checkpoint());
      await known(person, run.traceId);
      const asked = performance.now();
      const stop = person.stop(run.traceId, 'wrong folder');
      let stopped: unknown;
      await until(() => {
        stopped = thrownBy(() => context.with(run.context, () => control.checkpoint()));
        return stopped !== undefined;
      }, 'the stop');
      took.push(performance.now() - asked);
      assert.ok(stopped instanceof StoppedError);
      assert.deepEqual([stopped.by, stopped.reason, stopped.traceId], ['admin', 'wrong folder', run.traceId]);
      if (round === 0) await person.settled((await stop).id, 'effective');
      await stop;
    }
    took.sort((a, b) => a - b);
    const at = (share: number): number => Math.round(took[Math.ceil(took.length * share) - 1] ?? Infinity);
    console.log(`stop to checkpoint over ${STOPS} stops: median ${at(0.5)} ms, p99 ${at(0.99)} ms`);
    assert.ok(!collector.isFull || at(0.99) < 500, `p99 ${at(0.99)} ms`);
  });

  void test('aborts the signal of the run and ends what it asks', async () => {
    const { run, answer } = await ask();
    const signal = context.with(run.context, () => control.signal());

    const command = await person.stop(run.traceId);

    const { decision, approved, reason } = await answer;
    assert.deepEqual([decision, approved], ['expired', false]);
    assert.match(reason ?? '', /stopped by/);
    await until(() => signal.aborted, 'the abort');
    assert.ok(signal.reason instanceof StoppedError);
    const { history } = await person.settled(command.id, 'effective');
    assert.equal(history.at(-1)?.evidence, 'the abort signal of the run fired');
    const later = await context.with(run.context, () => control.approve('publish', args));
    assert.match(later.reason ?? '', /stopped by admin/);
  });

  void test('calls the handlers of the agent', async () => {
    const run = newRun();
    control.checkpoint(run.traceId);
    await known(person, run.traceId);
    const stops: string[] = [];
    const remove = control.onStop((stop) => void stops.push(stop.traceId));

    const command = await person.stop(run.traceId);
    await person.settled(command.id, 'effective');
    remove();

    assert.deepEqual(stops, [run.traceId]);
  });

  void test('of a run that ended is refused', async () => {
    const { traceId } = newRun();
    control.runStarted(traceId);
    await known(person, traceId);
    control.runEnded(traceId);

    const command = await person.stop(traceId);

    assert.match((await person.settled(command.id, 'refused')).problem ?? '', /not, or no longer, known/);
  });
});

void describe('a task', () => {
  void test('comes at the next checkpoint and is taken on', async () => {
    const { traceId } = newRun();
    assert.deepEqual(control.checkpoint(traceId), { tasks: [], proposals: [] });
    await known(person, traceId);

    const command = await person.addTask(traceId, 'check the prices', { note: 'twice', after: '3' });
    await person.settled(command.id, 'acked');
    const { tasks } = control.checkpoint(traceId);

    assert.deepEqual(tasks, [{ id: command.id, text: 'check the prices', after: '3', note: 'twice' }]);
    assert.deepEqual(control.checkpoint(traceId).tasks, []);
    const { history } = await person.settled(command.id, 'effective');
    assert.equal(history.at(-1)?.evidence, 'checkpoint() gave it to the agent');
    assert.equal(control.refuse(command.id, 'too late'), false);
  });

  void test('that the agent turns down is refused with the reason', async () => {
    const { traceId } = newRun();
    control.checkpoint(traceId);
    await known(person, traceId);
    const command = await person.addTask(traceId, 'paint the house');
    await person.settled(command.id, 'acked');

    control.checkpoint(traceId);

    assert.equal(control.refuse(command.id, 'not my trade'), true);
    assert.equal((await person.settled(command.id, 'refused')).problem, 'not my trade');
  });

  void test('of a run that ends before it looks is refused; proposals come in their shape', async () => {
    const { traceId } = newRun();
    control.runStarted(traceId);
    await known(person, traceId);
    const cancel = await person.post<{ id: string }>(`/runs/${runIdOf(traceId)}/plan`, {
      change: 'cancel',
      items: ['2'],
    });
    await person.settled(cancel.id, 'acked');
    const { proposals } = control.checkpoint(traceId);
    const task = await person.addTask(traceId, 'one more');
    await person.settled(task.id, 'acked');

    control.runEnded(traceId);

    assert.deepEqual(proposals, [{ id: cancel.id, kind: 'cancel', items: ['2'], by: 'admin' }]);
    await person.settled(cancel.id, 'effective');
    assert.equal((await person.settled(task.id, 'refused')).problem, 'the run ended before it looked');
  });
});

function thrownBy(work: () => unknown): unknown {
  try {
    work();
    return undefined;
  } catch (error) {
    return error;
  }
}
