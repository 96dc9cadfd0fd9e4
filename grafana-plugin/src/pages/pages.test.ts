import { CollectorApi } from '../client/collector-api.ts';
import { NO_CHOICE } from '../panels/event-feed/filter-choice.ts';
import { isNewEnough, type StepResult, testConnection } from './connection-test.ts';
import { readFeedAddress, writeFeedAddress } from './feed-address.ts';

describe('the address of the feed', () => {
  test('carries the whole state there and back', () => {
    const state = {
      filter: {
        ...NO_CHOICE,
        type: ['error', 'tool_call'],
        actor: ['Planner'],
        tool: ['search'],
        errors: true,
        run: 'r1',
        q: 'a b',
        minMs: 1500,
        hidden: [
          { field: 'actor' as const, value: 'a:b,c' },
          { field: 'type' as const, value: 'node_started' },
        ],
      },
      selectedId: 'e1',
      time: 'delta' as const,
      grouped: true,
      closed: ['r2', 'r3'],
    };
    const written = Object.entries(writeFeedAddress(state)).flatMap(([key, value]) =>
      value === null ? [] : [value].flat().map((text) => [key, text]),
    );

    expect(readFeedAddress(new URLSearchParams(written))).toEqual(state);
  });

  test('is empty for the plain feed', () => {
    const plain = readFeedAddress(new URLSearchParams());

    expect(Object.values(writeFeedAddress(plain)).every((value) => value === null)).toBe(true);
  });
});

describe('the connection test', () => {
  const run = async (
    answer: (url: string) => Response | Error,
    stream: () => Promise<void> = () => Promise.resolve(),
    policy: () => Promise<string | null> = () => Promise.resolve(null),
  ) => {
    const fetch = (url: string) => {
      const result = answer(url);
      return result instanceof Error ? Promise.reject(result) : Promise.resolve(result);
    };
    const api = new CollectorApi('/proxy', { fetch, renewSession: () => Promise.resolve() });
    const results: StepResult[] = [];
    await testConnection({ api, openStream: stream, policy, now: () => 0 }, (result) => results.push(result));
    return results.map((result) => `${result.step} ${result.outcome}`);
  };
  const status = (change: object = {}) => new Response(JSON.stringify({ version: '0.1.0', database: 'ok', ...change }));
  const healthy = (url: string) =>
    url.includes('/api/status') ? status() : new Response('{"events":[],"nextCursor":null}');

  test('tells of the policy where the collector does, and fails on a broken file without skipping anything', async () => {
    const ok = await run(healthy, undefined, () => Promise.resolve('in force'));
    const broken = await run(healthy, undefined, () => Promise.reject(new Error('line 3')));

    expect([ok.at(-1), broken.at(-1), broken.length]).toEqual(['policy ok', 'policy failed', 7]);
  });

  test('passes every step of a healthy collector', async () => {
    expect(await run(healthy)).toEqual(['reach ok', 'key ok', 'version ok', 'database ok', 'events ok', 'stream ok']);
  });

  test.each([
    ['nothing answers', () => new Error('refused'), 'reach failed'],
    ['the key is wrong', () => new Response('{}', { status: 403 }), 'key failed'],
    ['the collector is old', () => status({ version: '0.0.9' }), 'version failed'],
    ['its database is down', () => status({ database: 'unreachable' }), 'database failed'],
  ])('names the step when %s, and skips the rest', async (_name, answer, failed) => {
    const results = await run(answer);

    expect(results.filter((result) => result.endsWith('failed'))).toEqual([failed]);
    expect(results.slice(results.indexOf(failed) + 1).every((result) => result.endsWith('skipped'))).toBe(true);
  });

  test('says when only the stream does not get through', async () => {
    expect((await run(healthy, () => Promise.reject(new Error('no')))).at(-1)).toBe('stream failed');
  });

  test.each([
    ['0.1.0', true],
    ['1.0.0', true],
    ['0.2.0-rc.1', true],
    ['0.0.9', false],
    ['', false],
  ])('version %s', (version, wanted) => {
    expect(isNewEnough(version)).toBe(wanted);
  });
});
