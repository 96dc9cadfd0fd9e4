import type { Page } from 'playwright-core';
import { makeApproval } from '../stand-in-approvals.ts';
import { startConsole, type TestConsole } from '../start-console.ts';
import { scan } from './axe.ts';
import { type PageOptions, startBrowser, type TestBrowser } from './browser.ts';

const INBOX = '/a/signalbox-agents-app/approvals';
const SINCE = '2026-11-21T12:03:04.221Z';
const PROBLEM = 'policy.json: line 3: "risk" must be low, medium, high or critical';

let browser: TestBrowser;
let server: TestConsole;
let page: Page;

beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(async () => browser.close());
beforeEach(async () => {
  server = await startConsole();
  server.control.add(makeApproval());
});
afterEach(async () => {
  await page.close();
  await server.stop();
});

async function open(options: PageOptions = {}): Promise<void> {
  page = await browser.open(server.address + INBOX, { clock: true, ...options });
  await page.locator('[data-approval-row]').waitFor();
}

test('a policy file that cannot be used is warned of until it is mended', async () => {
  server.control.policy = { source: 'file', since: SINCE, problem: PROBLEM };
  await open();
  const problem = page.getByTestId('policy-problem');
  await problem.getByText(PROBLEM).waitFor();
  await problem.getByText('The policy before it holds, since 2026-11-21 12:03:04.').waitFor();
  await page.waitForFunction(() => {
    const inbox = document.querySelector('[data-testid="inbox"]')?.getBoundingClientRect();
    return inbox && inbox.bottom <= window.innerHeight;
  });

  server.control.policy = { source: 'file', since: '2026-11-21T12:10:00.000Z', problem: null };
  await page.clock.fastForward(30_000);
  await problem.waitFor({ state: 'detached' });
  await page.getByTestId('policy-line').getByText('Policy file in force since 2026-11-21 12:10:00').waitFor();
});

test('the built-in policy is named; a collector that tells nothing of it is left alone', async () => {
  server.control.policy = { source: 'default', since: SINCE, problem: null };
  await open();
  await page.getByTestId('policy-line').getByText('Built-in policy in force since').waitFor();
  expect(await page.getByTestId('policy-problem').count()).toBe(0);

  server.control.policy = null;
  await page.clock.fastForward(30_000);
  await page.getByTestId('policy-line').waitFor({ state: 'detached' });
});

test.each([{ theme: 'dark' }, { theme: 'light', width: 390, height: 844, language: 'ru-RU' }] satisfies PageOptions[])(
  'no serious finding: %j',
  async (look) => {
    server.control.policy = { source: 'file', since: SINCE, problem: PROBLEM };
    await open(look);
    await page.getByTestId('policy-problem').waitFor();

    expect(await scan(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(look.width ?? 1280);
  },
);
