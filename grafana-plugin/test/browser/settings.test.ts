import type { Page } from 'playwright-core';
import { CollectorStandIn } from '../collector-stand-in.ts';
import { GrafanaProxy } from '../grafana-proxy.ts';
import { sampleRun } from '../stand-in-events.ts';
import { scan } from './axe.ts';
import { type PageOptions, startBrowser, type TestBrowser } from './browser.ts';

const READ_KEY = 'read-key-of-the-test';
const SETTINGS = '/a/signalbox-agents-settings';
const SOURCE = '/a/signalbox-events-datasource?url=/api/datasources/proxy/uid/x';

let browser: TestBrowser;
let collector: CollectorStandIn;
let grafana: GrafanaProxy;
let page: Page;

beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(async () => browser.close());
beforeEach(async () => {
  collector = await new CollectorStandIn({ events: sampleRun(), readKey: READ_KEY }).start();
});
afterEach(async () => {
  await page.close();
  await Promise.all([grafana.stop(), collector.stop()]);
});

async function open(address: string, key: string, options: PageOptions = {}): Promise<void> {
  const pages = collector.address;
  grafana = await new GrafanaProxy({ collectorUrl: pages, secureJsonData: key ? { readKey: key } : {}, pages }).start();
  page = await browser.open(grafana.address + address, options);
}

const steps = async () => (await page.locator('ol li').allTextContents()).map((text) => text.trim());
const tested = (last: string) => page.locator('ol li').filter({ hasText: last }).waitFor();

describe('the configuration page', () => {
  test('saves, then names the step that fails with a remedy, and passes once it is repaired', async () => {
    await open(SETTINGS, '');
    await page.getByLabel('Collector URL').fill('collector:4320');
    expect(await page.getByText('Enter an address that starts with http:// or https://').isVisible()).toBe(true);
    expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);

    await page.getByLabel('Collector URL').fill(collector.address);
    await page.getByLabel('Read key').fill('mistyped');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Test connection' }).click();
    await tested('Open the live stream');
    const failed = await steps();
    expect(failed[0]).toMatch(/^OK Reach the collector · /);
    expect(failed[1]).toContain('Failed Read key accepted · The read key is wrong');
    expect(failed[1]).toContain('Enter the value of SIGNALBOX_READ_KEY');
    expect(failed.slice(2).every((step) => step.startsWith('Skipped'))).toBe(true);

    await page.getByLabel('Read key').fill(READ_KEY);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Test connection' }).click();
    await tested('OK Open the live stream');
    const passed = await steps();
    expect(passed.map((step) => step.slice(0, 2))).toEqual(Array.from({ length: 6 }, () => 'OK'));
    expect(passed[2]).toContain('0.1.0');
  });

  test('says when the server does not reach the collector', async () => {
    await open(SETTINGS, READ_KEY);
    await page.getByLabel('Collector URL').fill('http://127.0.0.1:9');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved', { exact: true }).waitFor();

    await page.getByRole('button', { name: 'Test connection' }).click();

    await tested('Open the live stream');
    expect((await steps())[0]).toContain('Check the collector URL: Grafana’s server must reach it');
  });

  test('tells which policy holds, and what is wrong with its file', async () => {
    const since = '2026-11-21T12:03:04.221Z';
    collector.control.policy = { source: 'file', since, problem: 'policy.json: line 3 is not JSON.' };
    await open(`${SETTINGS}?stored`, READ_KEY);
    await page.getByRole('button', { name: 'Test connection' }).click();
    await tested('Failed Policy of approvals');
    expect((await steps()).at(-1)).toContain(
      'policy.json: line 3 is not JSON. The policy before it holds, since 2026-11-21 12:03:04.',
    );

    collector.control.policy = { source: 'file', since, problem: null };
    await page.getByRole('button', { name: 'Test connection' }).click();

    await tested('OK Policy of approvals');
    expect((await steps()).at(-1)).toContain('Policy file in force since 2026-11-21 12:03:04');
  });

  test('never shows a stored key, and speaks Russian', async () => {
    await open(`${SETTINGS}?stored`, READ_KEY, { language: 'ru-RU', theme: 'light' });

    await page.getByLabel('Адрес коллектора').waitFor();
    expect(await page.getByLabel('Адрес коллектора').inputValue()).toBe('http://collector:4320');
    expect(await page.getByLabel('Ключ чтения').isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Проверить' }).click();
    await tested('Поток событий через Grafana');
    await page.getByLabel('Адрес коллектора').focus();
    expect(await scan(page)).toEqual([]);
  });
});

describe('the data source', () => {
  test('takes an address and a query, and says what is wrong with the key', async () => {
    await open(SOURCE, 'mistyped');
    await page.getByLabel('Collector URL').fill('http://collector:4320');
    await page.getByLabel('Read key').fill('secret');
    await page.getByLabel('Actor').fill('$agent');
    const edited = JSON.parse((await page.getByTestId('edited').textContent()) ?? '') as object;
    expect(edited).toMatchObject({
      options: { url: 'http://collector:4320', secureJsonData: { readKey: 'secret' } },
      query: { refId: 'A', actor: '$agent', live: true },
    });

    await page.getByRole('button', { name: 'Save & test' }).click();

    await page.getByText('The collector does not accept the read key.').waitFor();
    await page.getByLabel('Actor').focus();
    expect(await scan(page)).toEqual([]);
  });

  test('is tested in Russian too', async () => {
    await open(SOURCE, READ_KEY, { language: 'ru-RU' });

    await page.getByRole('button', { name: 'Сохранить и проверить' }).click();

    await page.getByText(/Signalbox.* 0\.1\.0/).waitFor();
    // Grafana's own buttons are too pale while they have the focus.
    await page.getByLabel('Участник').focus();
    expect(await scan(page)).toEqual([]);
  });
});
