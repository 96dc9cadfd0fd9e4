import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Command, EventDetail, EventPage, RunControl, RunPage } from '@signalbox/event-model';
import { GrafanaSigner } from '../src/testing/grafana-signer.ts';
import { startTestCollector, type TestCollector } from '../src/testing/test-collector.ts';
import { createTestDatabase, type TestDatabase } from '../src/testing/test-database.ts';

const SECRET = 'the-secret-of-the-proxy';
const grafana = new GrafanaSigner();
let ollama: Server;
let closedByCaller = 0;
let db: TestDatabase;
let collector: TestCollector;

/** The part of Ollama the tests need: answers in pieces, and one that never ends. */
function scriptedOllama(): Server {
  return createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      if (request.url === '/api/version') return void response.end('{"version":"0.13.0"}');
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      const line = (value: unknown): void => void response.write(`${JSON.stringify(value)}\n`);
      line({ model: 'qwen3:8b', message: { role: 'assistant', content: 'Hel' }, done: false });
      line({ model: 'qwen3:8b', message: { role: 'assistant', content: 'lo' }, done: false });
      if (body.includes('forever')) return void response.on('close', () => (closedByCaller += 1));
      line({ model: 'qwen3:8b', done: true, done_reason: 'stop', prompt_eval_count: 7, eval_count: 2 });
      response.end();
    });
  });
}

beforeAll(async () => {
  ollama = scriptedOllama();
  await new Promise<void>((resolve) => ollama.listen(0, '127.0.0.1', resolve));
  await grafana.start();
  db = await createTestDatabase();
  collector = await startTestCollector(db.url, {
    OLLAMA_HOST: `127.0.0.1:${(ollama.address() as AddressInfo).port}`,
    SIGNALBOX_OLLAMA_GATEWAY_PORT: '0',
    SIGNALBOX_PROXY_SECRET: SECRET,
    SIGNALBOX_GRAFANA_ISSUER: grafana.issuer,
  });
});
afterAll(async () => {
  await collector.stop();
  await grafana.stop();
  ollama.closeAllConnections();
  ollama.close();
  await db.drop();
});

const chat = (workflow: string, content: string): Promise<Response> =>
  fetch(`${collector.ollama}/w/${workflow}/api/chat`, {
    method: 'POST',
    body: JSON.stringify({ model: 'qwen3:8b', messages: [{ role: 'user', content }] }),
  });

async function eventually<T>(look: () => Promise<T | undefined | false>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await wait(25);
  }
}

const events = async (workflow: string): Promise<EventPage['events']> =>
  (await collector.get<EventPage>(`/api/events?session=${workflow}&order=oldest`)).events;

test('an answer streams through as it is, and becomes the call’s events', async () => {
  const text = await (await chat('writer', 'hello?')).text();
  const seen = await eventually(async () => {
    const found = await events('writer');
    return found.some((event) => event.type === 'model_response') && found;
  });
  const response = seen.find((event) => event.type === 'model_response');
  const detail = await collector.get<EventDetail>(`/api/events/${response?.id}`);

  expect(text.trim().split('\n')).toHaveLength(3);
  expect(seen.map((event) => event.type)).toEqual(
    expect.arrayContaining(['user_input', 'model_request', 'model_response']),
  );
  expect(response).toMatchObject({ model: 'qwen3:8b', usage: { input: 7, output: 2 } });
  expect(JSON.stringify(detail.content)).toContain('Hello');
});

test('what is no question to a model passes untouched', async () => {
  const answer = await fetch(`${collector.ollama}/w/writer/api/version`);

  expect(await answer.json()).toEqual({ version: '0.13.0' });
});

test('a call is seen when it begins; a stop ends it with Ollama’s own error line and bars the run', async () => {
  const answer = await chat('endless', 'go on forever');
  const reader = answer.body?.getReader();
  await reader?.read();
  const request = await eventually(async () =>
    (await events('endless')).find((event) => event.status === 'in_progress'),
  );
  const control = await collector.get<RunControl>(`/api/runs/${request.runId}/control`);

  const stopped = await fetch(`${collector.api}/api/runs/${request.runId}/stop`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-signalbox-proxy': SECRET,
      'x-grafana-id': await grafana.token('anna', 'Editor'),
    },
    body: JSON.stringify({ idempotencyKey: 'stop-the-endless' }),
  });
  const { id } = (await stopped.json()) as Command;
  let rest = '';
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read())
    rest += Buffer.from(part.value).toString();
  const command = await eventually(async () => {
    const now = await collector.get<Command>(`/api/commands/${id}`);
    return now.state === 'effective' && now;
  });
  const later = await chat('endless', 'hello again');
  await eventually(() => Promise.resolve(closedByCaller === 1));
  const { runs } = await collector.get<RunPage>('/api/runs?session=endless');

  expect(request.type).toBe('model_request');
  expect(control).toMatchObject({ runtime: 'ollama', capabilities: ['stop'] });
  expect(rest.trim().split('\n').at(-1)).toBe('{"error":"stopped by operator anna of the tests"}');
  expect(command.history.at(-1)?.evidence).toMatch(/^1 open answers ended/);
  expect(later.status).toBe(403);
  expect(await later.json()).toEqual({ error: 'stopped by operator anna of the tests' });
  expect(runs).toHaveLength(1);
});
