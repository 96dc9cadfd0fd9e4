import { CollectorApi } from '../client/collector-api.ts';
import { checkHealth } from './health.ts';

/** What the collector, or a proxy before it, answers by path. */
async function health(answer: (url: string) => Response | Error) {
  const fetch = (url: string) => {
    const result = answer(url);
    return result instanceof Error ? Promise.reject(result) : Promise.resolve(result);
  };
  return checkHealth(new CollectorApi('/proxy', { fetch, renewSession: () => Promise.resolve() }));
}

const json = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });
const problem = (status: number, code: string) =>
  json(status, { type: 'about:blank', title: code, status, code, detail: `words about ${code}` });
const collector = (change: object = {}) => json(200, { version: '0.1.0', database: 'ok', ...change });

describe('"Save & test"', () => {
  test('names the version it reached, after reading events too', async () => {
    const asked: string[] = [];
    const answer = await health((url) => {
      asked.push(url);
      return url.includes('/api/status') ? collector() : json(200, { events: [], nextCursor: null });
    });

    expect(answer).toEqual({ status: 'success', message: 'Connected to Signalbox 0.1.0' });
    expect(asked).toEqual(['/proxy/api/status', '/proxy/api/events?order=newest&limit=1']);
  });

  test.each<[string, () => Response | Error, RegExp]>([
    ['nothing answers', () => new Error('refused'), /cannot reach the collector at this URL/],
    ['Grafana cannot reach it', () => json(502, { message: 'Bad Gateway' }), /cannot reach the collector at this URL/],
    ['the key is wrong', () => problem(403, 'wrong_key'), /does not accept the read key/],
    ['its database is down', () => collector({ database: 'unreachable' }), /cannot reach its database/],
    ['it is too old', () => collector({ version: '0.0.9' }), /too old \(0\.0\.9\)/],
    ['something else answers', () => json(404, {}), /not a Signalbox collector/],
    ['it is a page of another server', () => new Response('<html></html>'), /cannot reach the collector/],
    ['another API answers', () => json(200, { status: 'up' }), /not a Signalbox collector/],
    ['it refuses', () => problem(429, 'too_many'), /words about too_many/],
  ])('says so when %s', async (_name, answer, words) => {
    expect(await health(answer)).toEqual({ status: 'error', message: expect.stringMatching(words) as string });
  });

  test('tells a database that fails while events are read', async () => {
    const answer = await health((url) =>
      url.includes('/api/status') ? collector() : problem(503, 'database_unavailable'),
    );

    expect(answer.message).toMatch(/cannot reach its database/);
  });
});
