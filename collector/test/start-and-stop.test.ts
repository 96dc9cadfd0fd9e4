import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { RunPage } from '@signalbox/event-model';
import { agentRequest } from '../bench/agent-traffic.ts';
import { startCollectorProcess, type CollectorProcess } from '../src/testing/collector-process.ts';
import { PLANTED_SECRET, readRecording } from '../src/testing/recordings.ts';

const READ_KEY = 'read-key-of-the-tests';
const folders: string[] = [];
const running: CollectorProcess[] = [];

function scratch(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'signalbox-start-'));
  chmodSync(folder, 0o755);
  folders.push(folder);
  return folder;
}

function start(environment: Record<string, string>, args?: string[]): CollectorProcess {
  const started = startCollectorProcess({ SIGNALBOX_READ_KEY: READ_KEY, ...environment }, args);
  running.push(started);
  return started;
}

afterAll(async () => {
  for (const { child } of running) child.kill('SIGTERM');
  await Promise.all(running.map(({ ended }) => ended));
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

async function occupiedPort(): Promise<{ port: number; server: Server }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, server };
}

async function runsOf(api: string): Promise<RunPage> {
  const answer = await fetch(`${api}/api/runs?limit=1000`, { headers: { authorization: `Bearer ${READ_KEY}` } });
  return (await answer.json()) as RunPage;
}

async function send(http: string, body: string): Promise<number> {
  const headers = { 'content-type': 'application/json' };
  return (await fetch(`${http}/v1/traces`, { method: 'POST', headers, body })).status;
}

test('Ctrl-C stops within five seconds, also while agents send, and a second start has everything', async () => {
  const folder = scratch();
  const first = start({ SIGNALBOX_DATA_DIR: folder });
  const { http } = await first.up;
  let acknowledged = 0;
  const sending = (async () => {
    for (;;) {
      const status = await send(http, agentRequest(2, 300).body).catch(() => 0);
      if (status !== 200) return;
      acknowledged += 2;
    }
  })();
  while (acknowledged < 20) await new Promise((resolve) => setImmediate(resolve));

  const asked = performance.now();
  first.child.kill('SIGINT');
  expect(await first.ended).toBe(0);
  expect(performance.now() - asked).toBeLessThan(5000);
  await sending;

  const second = start({ SIGNALBOX_DATA_DIR: folder });
  const { runs } = await runsOf((await second.up).api);
  expect(runs.length).toBeGreaterThanOrEqual(acknowledged);
  second.child.kill('SIGTERM');
  expect(await second.ended).toBe(0);
});

test('after kill -9 the next start takes over the database with all that was acknowledged', async () => {
  const folder = scratch();
  const first = start({ SIGNALBOX_DATA_DIR: folder });
  const { http } = await first.up;
  expect(await send(http, agentRequest(5, 300).body)).toBe(200);

  first.child.kill('SIGKILL');
  await first.ended;
  const second = start({ SIGNALBOX_DATA_DIR: folder });

  expect((await runsOf((await second.up).api)).runs).toHaveLength(5);
});

test('a second collector on the same folder is refused and leaves the first alone', async () => {
  const folder = scratch();
  const first = start({ SIGNALBOX_DATA_DIR: folder });
  const { http } = await first.up;

  const second = start({ SIGNALBOX_DATA_DIR: folder });

  expect(await second.ended).toBe(1);
  expect(second.output()).toMatch(/^signalbox: Signalbox already runs on .* \(process \d+\)\. Stop it first/);
  expect(await send(http, agentRequest(1, 300).body)).toBe(200);
});

test.each(['SIGNALBOX_OTLP_GRPC_PORT', 'SIGNALBOX_OTLP_HTTP_PORT', 'SIGNALBOX_API_PORT'])(
  'a taken %s is one clear sentence',
  async (setting) => {
    const { port, server } = await occupiedPort();

    const refused = start({ SIGNALBOX_DATA_DIR: scratch(), [setting]: String(port) });

    expect(await refused.ended).toBe(1);
    expect(lastLine(refused)).toMatch(
      new RegExp(
        `^signalbox: Port ${port} for .* is already in use\\. Stop the program that uses it, or set ${setting} to another port\\.$`,
      ),
    );
    server.close();
  },
);

test('an unreachable database is one clear sentence without the password', async () => {
  const { port, server } = await occupiedPort();
  server.close();

  const refused = start({ DATABASE_URL: `postgresql://signalbox:hunter2-secret@127.0.0.1:${port}/x` });

  expect(await refused.ended).toBe(1);
  expect(refused.output()).toMatch(
    /^signalbox: PostgreSQL at DATABASE_URL cannot be used: nothing listens there\. .*\n$/,
  );
  expect(refused.output()).not.toContain('hunter2');
});

test('a bad setting, an unknown one and an unknown option are named', async () => {
  const bad = start({ SIGNALBOX_API_PORT: 'http', SIGNALBOX_SHOE_SIZE: '43' });
  const option = start({}, ['--fast']);

  expect(await bad.ended).toBe(1);
  expect(bad.output()).toBe(
    'signalbox: SIGNALBOX_API_PORT must be a port number from 0 to 65535, not "http". SIGNALBOX_SHOE_SIZE is not a setting of this version. See --help for all settings.\n',
  );
  expect(await option.ended).toBe(1);
  expect(option.output()).toMatch(/^signalbox: Unknown option '--fast'.*See --help\.\n$/);
});

test('--help, --version and --check-config answer without starting anything', async () => {
  const runs = [['--help'], ['--version'], ['--check-config']].map((args) =>
    start({ SIGNALBOX_DATA_DIR: '/nowhere' }, args),
  );

  expect(await Promise.all(runs.map(({ ended }) => ended))).toEqual([0, 0, 0]);
  expect(runs[0]?.output()).toContain('SIGNALBOX_INGEST_KEYS');
  expect(runs[1]?.output()).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect(existsSync('/nowhere')).toBe(false);
});

test('the demo plays recorded runs, marked as demo', async () => {
  const demo = start({ SIGNALBOX_DATA_DIR: scratch() }, ['--json', '--demo']);
  const { api } = await demo.up;

  let { runs } = await runsOf(api);
  while (runs.length === 0) ({ runs } = await runsOf(api));

  expect(runs.every((run) => run.service?.startsWith('demo · '))).toBe(true);
  const pidFile = path.join(folders.at(-1) ?? '', 'collector.pid');
  expect(readFileSync(pidFile, 'utf8')).toBe(String(demo.child.pid));
});

function lastLine({ output }: CollectorProcess): string {
  return output().trim().split('\n').at(-1) ?? '';
}

test('what agents send reaches no log line, not even at the lowest level and with bad requests', async () => {
  const folder = scratch();
  const logging = start({ SIGNALBOX_DATA_DIR: folder, SIGNALBOX_LOG_LEVEL: 'debug' });
  const { http } = await logging.up;
  for (const name of ['langgraph-openinference', 'claude-code']) {
    for (const request of readRecording(name)) {
      await fetch(`${http}${request.path}`, { method: 'POST', headers: request.headers, body: request.body });
    }
  }
  expect(await send(http, `{"resourceSpans": [${PLANTED_SECRET}`)).toBe(400);
  expect(await send(http, JSON.stringify({ resourceSpans: PLANTED_SECRET }))).toBe(400);

  logging.child.kill('SIGTERM');
  await logging.ended;

  expect(logging.output()).not.toContain(PLANTED_SECRET);
  expect(logging.output()).not.toContain('iPhone');
});
