import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { TestAgent } from '../src/testing/test-agent.ts';
import { startTestCollector } from '../src/testing/test-collector.ts';
import { createTestDatabase } from '../src/testing/test-database.ts';

const SECRET = 'the-secret-of-the-webhook';

/** A receiver that keeps what it gets. */
async function startReceiver(failures = 0) {
  const received: { signature: string; body: string }[] = [];
  const server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      received.push({ signature: String(request.headers['x-signalbox-signature']), body });
      response.statusCode = received.length <= failures ? 503 : 200;
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  const stop = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { received, url, stop };
}

test('a waiting approval is told once, signed, with words and a link and nothing of its content', async () => {
  const receiver = await startReceiver();
  const db = await createTestDatabase();
  const settings = {
    SIGNALBOX_WEBHOOK_URL: receiver.url,
    SIGNALBOX_WEBHOOK_SECRET: SECRET,
    SIGNALBOX_PUBLIC_URL: 'https://grafana.example.com/',
  };
  const first = await startTestCollector(db.url, settings);
  const second = await startTestCollector(db.url, settings);
  const agent = new TestAgent(first.api, 'coder');
  await agent.connect({ workflow: 'reports' });
  agent.send({ type: 'approval.request', id: 'r', action: 'publish', args: { text: 'the secret plan' }, risk: 'high' });
  const isTold = async (): Promise<boolean> => {
    const { rows } = await db.database.read.query('select 1 from approvals where notify_at is null');
    return rows.length === 1;
  };
  while (!(await isTold())) await wait(20);

  const { signature = '', body = '' } = receiver.received[0] ?? {};
  const [, seconds = '', given] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(signature) ?? [];
  const message = JSON.parse(body) as { text: string; url: string; approvalId: string };

  expect(receiver.received).toHaveLength(1);
  expect(given).toBe(createHmac('sha256', SECRET).update(`${seconds}.${body}`).digest('hex'));
  expect(message.text).toMatch(/^coder in reports asks to publish \(high risk\)\. It lapses at 20/);
  expect(message.url).toBe(`https://grafana.example.com/a/signalbox-agents-app/approvals/${message.approvalId}`);
  expect(body).not.toContain('secret plan');
  for (const collector of [first, second]) await collector.stop();
  receiver.stop();
  await db.drop();
});

test('a receiver that fails once is told again within seconds', async () => {
  const receiver = await startReceiver(1);
  const db = await createTestDatabase();
  const settings = { SIGNALBOX_WEBHOOK_URL: receiver.url, SIGNALBOX_WEBHOOK_SECRET: SECRET };
  const collector = await startTestCollector(db.url, settings);
  const agent = new TestAgent(collector.api, 'coder');
  await agent.connect();
  agent.send({ type: 'approval.request', id: 'r', action: 'publish', args: {} });

  while (receiver.received.length < 2) await wait(20);

  const [first, second] = receiver.received.map(({ body }) => (JSON.parse(body) as { approvalId: string }).approvalId);
  expect(second).toBe(first);
  await collector.stop();
  receiver.stop();
  await db.drop();
});
