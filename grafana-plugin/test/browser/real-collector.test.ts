import type { Page } from 'playwright-core';
import { AgentRun } from '../agent-spans.ts';
import { GrafanaProxy } from '../grafana-proxy.ts';
import { PASSWORD, READ_KEY, startRealCollector, type RealCollector } from '../real-collector.ts';
import { startConsole } from '../start-console.ts';
import { startBrowser, type TestBrowser } from './browser.ts';

let browser: TestBrowser;
let collector: RealCollector;

beforeAll(async () => {
  [browser, collector] = await Promise.all([startBrowser(), startRealCollector()]);
});
afterAll(async () => {
  await browser.close();
  await collector.stop();
});

const rowsWith = (page: Page, words: string) => page.locator('[data-row-id]').filter({ hasText: words });

async function untilLive(page: Page): Promise<void> {
  await page.waitForFunction(
    () => document.querySelector('[data-testid="freshness"]')?.getAttribute('data-kind') === 'live',
  );
}

test('from the sign-in link to a running agent, its details, a crash and the end, without a console error', async () => {
  const page = await browser.open('about:blank');
  const complaints: string[] = [];
  page.on('console', (message) => {
    const expected = /WebSocket|ERR_CONNECTION_REFUSED/.test(message.text() + message.location().url);
    if (message.type() === 'error' && !expected) complaints.push(message.text());
  });
  await page.goto(collector.signInLink);
  await untilLive(page);
  const run = new AgentRun(collector.http);

  await run.modelCall('find the cheapest phone', 'I will search the shop');
  await rowsWith(page, 'I will search the shop').waitFor();
  await run.toolCall('search_shop', { model: 'phone 13', limit: 3 }, '{"price": 399}');
  await rowsWith(page, 'search_shop').first().click();
  await page.getByTestId('detail').getByText('phone 13').first().waitFor();

  await collector.crashAndRestart();
  await run.modelCall('and now order it', 'ordered after the crash');
  // Opening a row paused the feed.
  await page.getByTestId('jump').click();
  await rowsWith(page, 'ordered after the crash').waitFor();
  await run.end();
  await rowsWith(page, 'Agent completed').first().waitFor();

  expect(await rowsWith(page, 'I will search the shop').count()).toBe(1);
  expect(complaints).toEqual([]);
  await page.close();
});

test('a visitor without a session is asked to sign in', async () => {
  const answer = await fetch(`${collector.api}/a/signalbox-agents-app/feed`, {
    headers: { 'accept-language': 'ru-RU' },
  });

  expect(new URL(answer.url).pathname).toBe('/sign-in');
  expect(await answer.text()).toContain('Вход в Signalbox');
});

test('a visitor signs in with the password and lands in the console', async () => {
  const page = await browser.open(`${collector.api}/sign-in`);

  await page.locator('input[type=password]').fill(PASSWORD);
  await page.locator('button[type=submit]').click();
  await untilLive(page);

  expect(new URL(page.url()).pathname).not.toBe('/sign-in');
  await page.close();
});

test('through the proxies of Grafana the panel shows the run as it goes on', async () => {
  const pages = await startConsole();
  const secureJsonData = { readKey: READ_KEY };
  const grafana = await new GrafanaProxy({ collectorUrl: collector.api, secureJsonData, pages: pages.address }).start();
  const page = await browser.open(`${grafana.address}/a/signalbox-eventfeed-panel?url=/api/datasources/proxy/uid/x`);
  await untilLive(page);
  const run = new AgentRun(collector.http);

  await run.modelCall('through Grafana please', 'here I am, through Grafana');

  await rowsWith(page, 'here I am, through Grafana').waitFor();
  await page.close();
  await grafana.stop();
  await pages.stop();
});
