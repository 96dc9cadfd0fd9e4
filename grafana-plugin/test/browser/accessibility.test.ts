import { sampleRun } from '../stand-in-events.ts';
import { startConsole, type TestConsole } from '../start-console.ts';
import { scan } from './axe.ts';
import { type PageOptions, startBrowser, type TestBrowser } from './browser.ts';

let browser: TestBrowser;
let server: TestConsole;

beforeAll(async () => {
  browser = await startBrowser();
  server = await startConsole({ events: sampleRun() });
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

const looks: PageOptions[] = [
  { theme: 'dark' },
  { theme: 'light' },
  { theme: 'dark', width: 390, height: 844, language: 'ru-RU' },
  { theme: 'light', width: 390, height: 844 },
];

test.each(looks)('no serious finding: %j', async (look) => {
  const page = await browser.open(`${server.address}/a/signalbox-agents-app/feed`, look);
  await page.locator('[data-row-id="e13"]').waitFor();
  const list = await scan(page);

  await page.locator('[data-row-id="e09"]').click();
  await page.getByTestId('detail').locator('li').first().waitFor();
  const detail = await scan(page);

  expect([...list, ...detail]).toEqual([]);
  await page.close();
});
