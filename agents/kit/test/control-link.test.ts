import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { connectControl } from '../src/control.ts';
import { BreakableLink, known, LINK, newRun, Person, runIdOf, until } from './control-support.ts';
import { collector, eventsOf, eventually, runAgent } from './support.ts';

const COMMANDS = collector.isFull ? 200 : 20;
const KILLS = collector.isFull ? 20 : 4;

let person: Person;
before(async () => {
  person = await Person.signIn();
});

const warnings = (stderr: string): number => stderr.split('SignalboxWarning').length - 1;

/** An agent process that asks for approval and lives until it is killed or answered. */
function startAsking(environment: Record<string, string>) {
  const script = fileURLToPath(new URL('agents/asking.js', import.meta.url));
  const env = { PATH: process.env['PATH'] ?? '', SIGNALBOX_AGENT_URL: LINK, ...environment };
  const child = spawn(process.execPath, [script], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return { child, ended: once(child, 'close').then(() => output) };
}

void describe('the link', () => {
  void test('cut in the middle of a wait brings the decision when it is back', async () => {
    const link = await BreakableLink.open();
    const control = connectControl({ url: link.url, agentId: `cut-${randomUUID()}` });
    const { traceId } = newRun();
    const answer = control.approve('publish', { copies: 2 }, { traceId });
    const approval = await person.pending(traceId);

    link.cut();
    await until(() => !control.isConnected, 'the loss');
    const command = await person.decide(approval, 'approve');
    link.mend();

    assert.equal((await answer).decision, 'approve');
    await person.settled(command.id, 'effective');
    await control.close();
    link.close();
  });

  void test('away while a request is made and given up says both when it is back', async () => {
    const link = await BreakableLink.open();
    link.cut();
    const control = connectControl({ url: link.url, agentId: `late-${randomUUID()}` });
    const { traceId } = newRun();
    const asked = control.approve('publish', {}, { traceId, id: 'late' });
    const gone = await control.approve('publish', {}, { traceId, timeoutMs: 10 });
    link.mend();

    assert.deepEqual([gone.decision, gone.reason], ['expired', 'nobody decided in time']);
    await person.decide(await person.pending(traceId), 'reject');
    assert.equal((await asked).decision, 'reject');
    await control.close();
    link.close();
  });

  void test(`killed ${KILLS} times under ${COMMANDS} commands carries out each once`, async () => {
    const link = await BreakableLink.open();
    const control = connectControl({ url: link.url, agentId: `killed-${randomUUID()}` });
    const { traceId } = newRun();
    control.checkpoint(traceId);
    await known(person, traceId);

    const applied: string[] = [];
    const look = (): void => void applied.push(...control.checkpoint(traceId).tasks.map((task) => task.id));
    const commands: string[] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      const some = Array.from({ length: COMMANDS / KILLS }, (_, at) => person.addTask(traceId, `task ${kill}.${at}`));
      // Cut at another place each time: before, between and after what the orders cause.
      for (let turn = 0; turn < kill; turn++) await new Promise((resolve) => setImmediate(resolve));
      link.kill();
      commands.push(...(await Promise.all(some)).map((command) => command.id));
      look();
    }
    await until(() => {
      look();
      return applied.length >= COMMANDS;
    }, `${COMMANDS} tasks`);

    const states = async (): Promise<string[]> => {
      look();
      const path = `/runs/${runIdOf(traceId)}/control`;
      const { tasks } = await person.get<{ tasks: { state: string }[] }>(path);
      return tasks.map((task) => task.state);
    };
    const settled = await eventually(states, (found) => found.every((state) => state === 'effective'));
    assert.deepEqual(new Set(settled), new Set(['effective']));
    assert.deepEqual([...applied].sort(), [...commands].sort());
    await control.close();
    link.close();
  });

  void test('taken over by another process with the same id leaves this one a name of its own', async () => {
    const agentId = `shared-${randomUUID()}`;
    const first = connectControl({ url: LINK, agentId });
    await until(() => first.isConnected, 'the first');
    const second = connectControl({ url: LINK, agentId });

    await until(() => first.isConnected && first.agentId !== agentId && second.isConnected, 'the parting');

    assert.deepEqual([first.agentId, second.agentId], [`${agentId}#${process.pid}`, agentId]);
    await Promise.all([first.close(), second.close()]);
  });
});

void describe('an agent', () => {
  void test('killed while it waits finds its decision when it is back', async () => {
    const { traceId } = newRun();
    const env = { TRACE_ID: traceId, APPROVAL_ID: `approval-${traceId}`, SIGNALBOX_AGENT_ID: `mortal-${traceId}` };
    const first = startAsking(env);
    const approval = await person.pending(traceId);
    first.child.kill('SIGKILL');
    await first.ended;

    const command = await person.decide(approval, 'approve', { reason: 'while you were away' });
    const answer = JSON.parse(await startAsking(env).ended) as Record<string, unknown>;

    assert.deepEqual([answer['decision'], answer['reason']], ['approve', 'while you were away']);
    await person.settled(command.id, 'effective');
  });

  void test('that never asks again refuses the decision it was told of', async () => {
    const { traceId } = newRun();
    const agentId = `forgetful-${traceId}`;
    const first = startAsking({ TRACE_ID: traceId, APPROVAL_ID: 'forgotten', SIGNALBOX_AGENT_ID: agentId });
    const approval = await person.pending(traceId);
    first.child.kill('SIGKILL');
    await first.ended;
    const command = await person.decide(approval, 'approve');

    const control = connectControl({ url: LINK, agentId, claimWithinMs: 100 });

    assert.equal((await person.settled(command.id, 'refused')).problem, 'this agent does not ask for it');
    await control.close();
  });

  void test('set up in one call shows its run and its request once, from both sides', async () => {
    const script = fileURLToPath(new URL('agents/controlled.js', import.meta.url));
    const env = { PATH: process.env['PATH'] ?? '', SIGNALBOX_AGENT_URL: LINK, OTEL_SERVICE_NAME: 'controlled' };
    const child = spawn(process.execPath, [script], {
      env: { ...env, OTEL_EXPORTER_OTLP_ENDPOINT: collector.http, SIGNALBOX_AGENT_ID: `controlled-${randomUUID()}` },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await until(() => output.length === 32, 'the trace id');
    const traceId = output;
    const approval = await person.pending(traceId);
    type Listed = { approvals: { eventId: string | null }[] };
    const list = (): Promise<Listed> => person.get(`/approvals?run=${runIdOf(traceId)}`);
    const { approvals } = await eventually(list, (found) => found.approvals.every((each) => each.eventId !== null));

    await person.decide(approval, 'approve');
    await once(child, 'close');

    assert.equal(output, `${traceId} approve`);
    assert.equal(approvals.length, 1);
    assert.notEqual(approvals[0]?.eventId, null);
    const done = (events: { type: string }[]): boolean => events.some((event) => event.type === 'agent_completed');
    const events = await eventually(() => eventsOf(traceId), done);
    const kinds = events.map((event) => `${event.type} ${event.status}`);
    assert.ok(kinds.includes('approval_request completed'), kinds.join());
    assert.ok(
      kinds.some((kind) => kind.startsWith('approval_decision')),
      kinds.join(),
    );
    const stop = await person.post<{ id: string }>(`/runs/${runIdOf(traceId)}/stop`, {});
    assert.ok(stop.id);
  });

  void test('without a collector gets a no in time, works on, and ends; said once', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');

    const ended = await runAgent('absent', { SIGNALBOX_AGENT_URL: `ws://127.0.0.1:${port}` });

    assert.equal(ended.code, 0);
    const looked = { tasks: [], proposals: [] };
    assert.deepEqual(JSON.parse(ended.stdout), { decision: 'expired', approved: false, looked, aborted: false });
    assert.equal(warnings(ended.stderr), 1, ended.stderr);
    assert.match(ended.stderr, /ECONNREFUSED/);
  });

  void test('whose key is refused is told so once; with the key it gets in', async () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', SIGNALBOX_AGENT_URL: collector.guarded };
    const refused = await runAgent('absent', { ...env, SIGNALBOX_AGENT_KEY: 'not-the-key' });

    assert.equal(refused.code, 0);
    assert.equal(warnings(refused.stderr), 1, refused.stderr);
    assert.match(refused.stderr, /it answered 401; set SIGNALBOX_AGENT_KEY/);

    const control = connectControl({ url: collector.guarded, headers: { 'X-Api-Key': collector.ingestKey } });
    await until(() => control.isConnected, 'the connection');
    await control.close();
  });
});
