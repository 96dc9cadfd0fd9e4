import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { packageFolder, react19Folder } from '../../build/paths.ts';
import { CollectorStandIn } from '../collector-stand-in.ts';
import { GrafanaProxy } from '../grafana-proxy.ts';
import { makeEvent, sampleRun } from '../stand-in-events.ts';
import { startBrowser, type TestBrowser } from './browser.ts';

const READ_KEY = 'read-key-of-the-test';
const SOURCE = '/api/datasources/proxy/uid/x';
const FEED = '/a/signalbox-agents-app/feed';
const PANEL = `/a/signalbox-eventfeed-panel?url=${SOURCE}`;

let browser: TestBrowser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(async () => browser.close());

const newest = existsSync(path.join(react19Folder, 'node_modules'));
const hosts: ('react18' | 'react19')[] = newest ? ['react18', 'react19'] : ['react18'];

beforeAll(() => {
  // Only tests need this host, so only they build it.
  if (newest)
    execFileSync(process.execPath, [path.join(packageFolder, 'build', 'build.ts'), 'react19'], { stdio: 'pipe' });
});

describe.each(hosts)('through the proxies of Grafana, on %s', (host) => {
  let collector: CollectorStandIn;
  let pages: CollectorStandIn;
  let grafana: GrafanaProxy;
  let page: Page;

  beforeEach(async () => {
    collector = await new CollectorStandIn({ events: sampleRun(), readKey: READ_KEY }).start();
    pages = await new CollectorStandIn({ host }).start();
    const secureJsonData = { readKey: READ_KEY, proxySecret: 'proxy-secret-of-the-test' };
    grafana = await new GrafanaProxy({ collectorUrl: collector.address, secureJsonData, pages: pages.address }).start();
  });
  afterEach(async () => {
    await page.close();
    await Promise.all([grafana.stop(), collector.stop(), pages.stop()]);
  });

  const row = (id: string) => page.locator(`[data-row-id="${id}"]`);

  test.each([
    ['page', `${FEED}?signalbox-base=proxy`, false],
    ['panel', PANEL, true],
  ])('the %s shows history and the stream, with keys the browser never has', async (_name, address, isPanel) => {
    page = await browser.open(grafana.address + address);
    await row('e13').waitFor();

    await page.waitForFunction(
      () => document.querySelector('[data-testid="freshness"]')?.getAttribute('data-kind') === 'live',
    );
    collector.publish(makeEvent({ id: 'live1', type: 'tool_call', atMs: 60_000, summary: 'over the proxy' }));
    await row('live1').waitFor();
    await row('e06').click();
    await page.getByTestId('detail').getByText('limit:').waitFor();

    const seen = collector.requests;
    expect(seen.length).toBeGreaterThan(2);
    for (const request of seen) {
      expect(request.headers.authorization).toBe(`Bearer ${READ_KEY}`);
      expect(request.headers.cookie).toBeUndefined();
      expect(request.headers.origin).toBeUndefined();
      expect(request.headers['x-signalbox-proxy']).toBe(isPanel ? undefined : 'proxy-secret-of-the-test');
    }
    expect(seen.some((request) => request.method === 'UPGRADE')).toBe(true);
  });
});

test('the app proxy has no road for anything but reading; the data source adds no key to it', async () => {
  const collector = await new CollectorStandIn({ readKey: READ_KEY }).start();
  const secureJsonData = { readKey: READ_KEY };
  const grafana = await new GrafanaProxy({
    collectorUrl: collector.address,
    secureJsonData,
    pages: collector.address,
  }).start();

  const app = await fetch(`${grafana.address}/api/plugin-proxy/signalbox-agents-app/api/events`, { method: 'POST' });
  const elsewhere = await fetch(`${grafana.address}/api/plugin-proxy/signalbox-agents-app/metrics`);
  const source = await fetch(`${grafana.address}${SOURCE}/api/events`, { method: 'POST' });

  expect([app.status, elsewhere.status, source.status]).toEqual([404, 404, 403]);
  expect(collector.requests.at(-1)?.headers.authorization).toBeUndefined();
  await grafana.stop();
  await collector.stop();
});
