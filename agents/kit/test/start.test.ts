import assert from 'node:assert/strict';
import { createServer, type AddressInfo } from 'node:net';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { collector, eventsOf, eventually, logRows, runAgent } from './support.ts';

const there = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.http, OTEL_SERVICE_NAME: 'kit-start' };
const register = pathToFileURL(new URL('../src/register.js', import.meta.url).pathname).href;

/** An address where nobody listens. */
async function nowhere(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

const warnings = (stderr: string): number => stderr.split('SignalboxWarning').length - 1;

void describe('startSignalbox', () => {
  void test('sends everything before an agent ends by itself', async () => {
    const ended = await runAgent('plain', there);

    assert.deepEqual([ended.code, ended.stderr], [0, '']);
    const rows = await eventually(
      () => logRows(ended.stdout),
      (found) => found.length === 1,
    );
    assert.equal(rows[0]?.event_name, 'signalbox.plan.set');
    const events = await eventually(
      () => eventsOf(ended.stdout),
      (found) => found.some((event) => event.type === 'agent_completed'),
    );
    assert.ok(events.some((event) => event.type === 'agent_completed' && event.actor.name === 'plain'));
  });

  void test('works without a line in the agent, with parents kept over asynchronous work', async () => {
    const ended = await runAgent('registered', there, ['--import', register]);

    assert.deepEqual([ended.code, ended.stderr], [0, '']);
    const events = await eventually(
      () => eventsOf(ended.stdout),
      (found) => found.some((event) => event.type === 'agent_completed'),
    );
    assert.ok(events.some((event) => event.type === 'agent_completed'));
  });

  void test('joins a tracer provider that is registered already', async () => {
    const ended = await runAgent('joined', there);

    assert.deepEqual([ended.code, ended.stderr], [0, '']);
    const [traceId = '', ownSpans] = ended.stdout.split(' ');
    assert.equal(ownSpans, '1');
    const events = await eventually(
      () => eventsOf(traceId),
      (found) => found.length > 0,
    );
    assert.ok(events.length > 0);
  });

  void test('flushes on SIGTERM, also the starts, and lets the signal end the process', async () => {
    const ended = await runAgent('waiting', there);

    assert.equal(ended.signal, 'SIGTERM');
    const [running = '', done = ''] = ended.stdout.split(' ');
    const finished = await eventually(
      () => eventsOf(done),
      (found) => found.some((event) => event.type === 'agent_completed'),
    );
    assert.ok(finished.some((event) => event.type === 'agent_completed'));
    const started = await eventually(
      () => eventsOf(running),
      (found) => found.length > 0,
    );
    assert.deepEqual(
      started.map((event) => [event.type, event.status]),
      [['agent_started', 'in_progress']],
    );
  });

  void test('without a collector the agent works on, warned once', async () => {
    const ended = await runAgent('long', { OTEL_EXPORTER_OTLP_ENDPOINT: await nowhere() });

    assert.equal(ended.code, 0);
    assert.ok(Number(ended.stdout) < 7000, `shutdown took ${ended.stdout} ms`);
    assert.ok(warnings(ended.stderr) <= 1, ended.stderr);
  });

  void test('a short agent without a collector ends well', async () => {
    const ended = await runAgent('plain', { OTEL_EXPORTER_OTLP_ENDPOINT: await nowhere() });

    assert.equal(ended.code, 0);
    assert.equal(warnings(ended.stderr), 1, ended.stderr);
    assert.match(ended.stderr, /ECONNREFUSED/);
    assert.ok(ended.tookMs < 15_000, `the agent ended after ${ended.tookMs} ms`);
  });

  void test('does nothing when the SDK is disabled', async () => {
    const ended = await runAgent('plain', { ...there, OTEL_SDK_DISABLED: 'true' });

    assert.deepEqual([ended.code, ended.stdout], [0, '0'.repeat(32)]);
  });
});
