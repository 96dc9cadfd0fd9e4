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

test('no serious finding: grouped, narrowed by an example, and before the first event', async () => {
  const page = await browser.open(`${server.address}/a/signalbox-agents-app/feed?group=run&event=e06&f.not=type:error`);
  await page.getByTestId('like-this').locator('summary').click();
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.locator('[data-row-id^="run:"]').waitFor();
  const grouped = await scan(page);
  await page.close();

  const bare = await startConsole();
  const empty = await browser.open(`${bare.address}/a/signalbox-agents-app/feed`, { theme: 'light' });
  await empty.getByText('In a terminal').waitFor();

  expect([...grouped, ...(await scan(empty))]).toEqual([]);
  await empty.close();
  await bare.stop();
});
