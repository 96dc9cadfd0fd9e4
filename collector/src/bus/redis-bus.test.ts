import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { createRedisBus } from './redis-bus.ts';
import { createInProcessBus, type WakeBus } from './wake-bus.ts';

const hasServer = process.env['REDIS_URL'] !== undefined || spawnSync('redis-server', ['--version']).status === 0;
const withRedis = hasServer ? describe : describe.skip;

async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

/** Publishes until the other side hears: Pub/Sub drops what is sent before a subscription stands. */
async function publishUntilHeard(from: WakeBus, to: WakeBus): Promise<void> {
  await new Promise<void>((resolve) => {
    const again = setInterval(() => from.publish(), 20);
    to.onWake(() => {
      clearInterval(again);
      resolve();
    });
  });
}

test('in one process a wake-up reaches every listener at once', () => {
  const bus = createInProcessBus();
  const heard: string[] = [];
  bus.onWake(() => heard.push('a'));
  bus.onWake(() => heard.push('b'));

  bus.publish();

  expect(heard).toEqual(['a', 'b']);
});

test('without a Redis the bus still wakes its own process and says so once', async () => {
  const failures: unknown[] = [];
  const bus = createRedisBus(`redis://127.0.0.1:${await freePort()}`, (error) => failures.push(error));
  let heard = 0;
  bus.onWake(() => heard++);

  await bus.start();
  bus.publish();
  bus.publish();

  expect(heard).toBe(2);
  expect(failures).toHaveLength(1);
  await bus.stop();
});

withRedis('with a Redis', () => {
  test('a wake-up of one collector reaches the other, also after Redis was killed and came back', async () => {
    const port = await freePort();
    const start = () =>
      spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'], {
        stdio: 'ignore',
      });
    let server = start();
    const url = `redis://127.0.0.1:${port}`;
    const one = createRedisBus(url, () => undefined);
    const other = createRedisBus(url, () => undefined);
    await Promise.all([one.start(), other.start()]);

    await publishUntilHeard(one, other);
    const gone = once(server, 'exit');
    server.kill('SIGKILL');
    await gone;
    server = start();
    await publishUntilHeard(other, one);

    await Promise.all([one.stop(), other.stop()]);
    const ended = once(server, 'exit');
    server.kill('SIGTERM');
    await ended;
  });
});
