import type { EventPage, EventRow } from '@signalbox/event-model';
import { FakeLivePorts } from '../testing/fake-live-ports.ts';
import { makeRow } from '../testing/rows.ts';
import { CollectorApi } from './collector-api.ts';
import { EventFeed } from './event-feed.ts';
import { FeedHub } from './feed-hub.ts';

type Answer = () => Promise<Response>;

function setUp(answer: Answer) {
  const ports = new FakeLivePorts();
  const urls: string[] = [];
  const api = new CollectorApi('/base/', {
    fetch: (url) => {
      urls.push(url);
      return answer();
    },
    renewSession: () => Promise.resolve(),
  });
  const feed = new EventFeed(api, { filter: {}, live: true, pageSize: 10 }, ports);
  return { ports, api, feed, urls };
}

const page =
  (events: EventRow[], nextCursor: string | null = null): Answer =>
  () => {
    const body: EventPage = { events, nextCursor };
    return Promise.resolve(new Response(JSON.stringify(body)));
  };

const hello = { type: 'hello', cursor: 'c1', serverTime: '2026-11-20T09:00:00.000Z' } as const;

describe('EventFeed', () => {
  test('reads history after the stream said where it stands, and merges both', async () => {
    const { ports, feed, urls } = setUp(page([makeRow({ id: 'a', status: 'in_progress' })]));
    feed.start();
    expect(urls).toHaveLength(0);

    ports.last.send(hello);
    ports.last.send({ type: 'events', rows: [makeRow({ id: 'a', revision: 2 })], cursor: 'c2', lagMs: 42 });
    await ports.advance(200);

    const snapshot = feed.getSnapshot();
    expect(snapshot.rows.map((row) => [row.id, row.revision])).toEqual([['a', 2]]);
    expect(snapshot).toMatchObject({ phase: 'ready', lagMs: 42, connection: { kind: 'live' } });
  });

  test('shows history even where no stream can be opened', async () => {
    const { ports, feed } = setUp(page([makeRow({ id: 'a' })]));

    feed.start();
    await ports.advance(2000);

    expect(feed.getSnapshot().rows).toHaveLength(1);
  });

  test('reads history again when the stream started late, so that nothing falls between', async () => {
    const { ports, feed, urls } = setUp(page([makeRow({ id: 'a' })]));
    feed.start();
    await ports.advance(2000);

    ports.last.send(hello);
    await ports.advance(200);

    expect(urls).toHaveLength(2);
  });

  test('does not read history again after a break', async () => {
    const { ports, feed, urls } = setUp(page([]));
    feed.start();
    ports.last.send(hello);
    await ports.advance(200);

    ports.last.break();
    await ports.advance(1000);
    ports.last.send({ ...hello, cursor: 'c5' });
    await ports.advance(200);

    expect(urls.filter((url) => url.includes('/api/events'))).toHaveLength(1);
  });

  test('tells its readers at most ten times a second', async () => {
    const { ports, feed } = setUp(page([]));
    feed.start();
    ports.last.send(hello);
    await ports.advance(500);
    let calls = 0;
    feed.subscribe(() => calls++);

    for (let i = 0; i < 100; i++) {
      ports.last.send({ type: 'events', rows: [makeRow({ id: `x${i}` })], cursor: `c${i}`, lagMs: 1 });
      await ports.advance(10);
    }

    expect(calls).toBeLessThanOrEqual(11);
    expect(feed.getSnapshot().rows.length).toBeGreaterThan(80);
  });

  test('keeps what it has and says what is wrong when history fails', async () => {
    const denied = { type: 'about:blank', title: 'No', status: 403, code: 'key_wrong', detail: 'wrong key' };
    const { ports, feed } = setUp(() => Promise.resolve(new Response(JSON.stringify(denied), { status: 403 })));
    feed.start();

    ports.last.send(hello);
    await ports.advance(200);

    expect(feed.getSnapshot()).toMatchObject({ phase: 'failed', error: { kind: 'denied' } });
  });

  test('loads older pages by cursor', async () => {
    const { ports, feed, urls } = setUp(page([makeRow({ id: 'a' })], 'older-1'));
    feed.start();
    ports.last.send(hello);
    await ports.advance(200);

    await feed.loadOlder();

    expect(urls.at(-1)).toContain('cursor=older-1');
    expect(urls[0]).toContain('order=newest');
  });
});

describe('FeedHub', () => {
  test('shares one socket among readers of the same filter and keeps it for a while after the last', async () => {
    const { ports, api } = setUp(page([]));
    const hub = new FeedHub(api, ports);

    const first = hub.lease({ type: ['a', 'b'] });
    const second = hub.lease({ type: ['b', 'a'] });
    first.release();
    first.release();
    second.release();
    await ports.advance(5000);
    const again = hub.lease({ type: ['a', 'b'] });

    expect(again.feed).toBe(first.feed);
    expect(ports.sockets).toHaveLength(1);
    again.release();
    await ports.advance(11_000);
    expect(ports.last.closed).toBe(true);
    expect(hub.peek({ type: ['a', 'b'] })).toBeNull();
  });
});
