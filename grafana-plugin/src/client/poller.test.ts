import { FakeLivePorts } from '../testing/fake-live-ports.ts';
import { ControlApi } from './control-api.ts';
import { Poller } from './poller.ts';

function setUp(answers: (() => Promise<number>)[]) {
  const ports = new FakeLivePorts();
  let reads = 0;
  const read = () => (answers[Math.min(reads++, answers.length - 1)] ?? (() => Promise.resolve(0)))();
  const poller = new Poller<number>({ read, every: () => 1000, schedule: ports.schedule, now: ports.now });
  return { ports, poller, reads: () => reads };
}

describe('Poller', () => {
  test('reads while somebody looks, and only then', async () => {
    const { ports, poller, reads } = setUp([() => Promise.resolve(1), () => Promise.resolve(2)]);
    await ports.advance(5000);
    expect(reads()).toBe(0);

    const leave = poller.subscribe(() => undefined);
    await ports.advance(1000);
    expect(poller.getSnapshot().value).toBe(2);
    leave();
    await ports.advance(10_000);

    expect(reads()).toBe(2);
  });

  test('keeps what was known while reading fails, and says so', async () => {
    const { ports, poller } = setUp([() => Promise.resolve(1), () => Promise.reject(new Error('down'))]);
    poller.subscribe(() => undefined);

    await ports.advance(1000);

    expect(poller.getSnapshot()).toMatchObject({ value: 1, error: { kind: 'unreachable' } });
  });

  test('asked while it reads, reads once more: the answer on its way may be older than the question', async () => {
    const { ports, poller, reads } = setUp([() => Promise.resolve(1)]);
    poller.subscribe(() => undefined);

    poller.refresh();
    poller.refresh();
    await ports.advance(10);

    expect(reads()).toBe(2);
  });

  test('tells of news only', async () => {
    const { ports, poller } = setUp([() => Promise.resolve(1)]);
    let told = 0;
    poller.subscribe(() => (told += 1));

    await ports.advance(5000);

    expect(told).toBe(1);
  });
});

describe('ControlApi', () => {
  function setUpApi(answers: Record<string, () => Response>) {
    const seen: { url: string; init: RequestInit }[] = [];
    const api = new ControlApi('/base', {
      fetch: (url, init) => {
        seen.push({ url, init });
        return Promise.resolve(answers[url]?.() ?? new Response('{}', { status: 404 }));
      },
      renewSession: () => Promise.resolve(),
    });
    return { api, seen };
  }

  test('shows the token of the session with every change, and asks for a new one when it is stale', async () => {
    let token = 0;
    let stale = true;
    const { api, seen } = setUpApi({
      '/base/api/session': () => new Response(JSON.stringify({ user: {}, csrfToken: `t${(token += 1)}` })),
      '/base/api/runs/r/stop': () => {
        if (!stale) return new Response('{"id":"c"}');
        stale = false;
        return new Response(JSON.stringify({ title: 'no', code: 'csrf' }), { status: 403 });
      },
    });

    await api.stop('r', { idempotencyKey: 'k1' });

    const posts = seen.filter(({ init }) => init.method === 'POST');
    expect(posts.map(({ init }) => (init.headers as Record<string, string>)['x-signalbox-csrf'])).toEqual(['t1', 't2']);
    expect(posts.map(({ init }) => init.body)).toEqual(['{"idempotencyKey":"k1"}', '{"idempotencyKey":"k1"}']);
  });

  test('tells a vote from a command', async () => {
    const { api } = setUpApi({
      '/base/api/session': () => new Response('{"user":{},"csrfToken":""}'),
      '/base/api/approvals/a/decision': () => new Response('{"command":null,"approval":{"id":"a"}}'),
      '/base/api/approvals/b/decision': () => new Response('{"id":"c1"}'),
    });
    const request = { decision: 'approve', shownHash: 'h', idempotencyKey: 'k' } as const;

    expect(await api.decide('a', request)).toEqual({ command: null, approval: { id: 'a' } });
    expect(await api.decide('b', request)).toEqual({ command: { id: 'c1' } });
  });
});
