import type { Page } from 'playwright-core';
import { APPROVAL_ID, BORIS, makeApproval, makeCommand } from '../stand-in-approvals.ts';
import { RUN_ID, sampleRun } from '../stand-in-events.ts';
import { startConsole, type TestConsole } from '../start-console.ts';
import { scan } from './axe.ts';
import { type PageOptions, startBrowser, type TestBrowser } from './browser.ts';

const SETTLED = '5b4b8f6e-0f57-4f5c-9d0e-3a1d2a7c9b33';
const APP = '/a/signalbox-agents-app';

let browser: TestBrowser;
let server: TestConsole;

beforeAll(async () => {
  browser = await startBrowser();
  server = await startConsole({ events: sampleRun() });
  const decidedAt = new Date().toISOString();
  server.control.add(
    makeApproval({
      id: SETTLED,
      status: 'rejected',
      decision: 'reject',
      decidedBy: BORIS,
      decidedAt,
      decisionReason: 'Wrong folder',
      command: makeCommand(),
    }),
    makeApproval({ risk: 'high', eventId: 'e12', args: { path: 'a\u202Eb', note: '[redacted:api-key:9f2c]' } }),
  );
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

const card = (page: Page) => page.getByTestId('approval-card');

describe.each(looks)('no serious finding: %j', (look) => {
  test('the card, each form of it, and what was settled', async () => {
    const page = await browser.open(`${server.address}${APP}/approvals/${APPROVAL_ID}`, look);
    await card(page).waitFor();
    const findings = await scan(page);
    for (const decision of ['approve', 'reject', 'edit']) {
      await page.locator(`[data-decision="${decision}"]`).click();
      await page.getByTestId('draft').waitFor();
      findings.push(...(await scan(page)));
      await page.getByTestId('confirm').locator('xpath=preceding-sibling::button').click();
    }
    await page.goto(`${server.address}${APP}/approvals/${SETTLED}`);
    await page.getByTestId('settled').waitFor();

    expect([...findings, ...(await scan(page))]).toEqual([]);
    await page.close();
  });

  test('the inbox and the watched run with its dialogs', async () => {
    const page = await browser.open(`${server.address}${APP}/approvals`, look);
    await page.locator('[data-approval-row]').first().waitFor();
    const findings = await scan(page);
    await page.goto(`${server.address}${APP}/feed?run=${RUN_ID}`);
    await page.getByTestId('pending-banner').waitFor();
    await page.getByTestId('run-bar').locator('button[aria-expanded]').last().click();
    await page.locator('#task-place').waitFor();
    findings.push(...(await scan(page)));
    await page.getByTestId('run-bar').getByTestId('stop').click();
    await page.getByTestId('stop-dialog').waitFor();

    expect([...findings, ...(await scan(page))]).toEqual([]);
    await page.close();
  });
});

describe.each(looks)('no serious finding, nothing beyond the edge: %j', (look) => {
  test('a stop of many before and after, and a run that is barred', async () => {
    const own = await startConsole({ events: sampleRun() });
    own.control.run(RUN_ID, { capabilities: ['approve'] });
    own.control.run(SETTLED, { agent: 'Reader' });
    const page = await browser.open(`${own.address}${APP}/feed?run=${RUN_ID}`, look);
    await page.locator('[data-row-id="e12"]').waitFor();
    await page.locator('[data-testid="run-bar"] [data-testid="stop"]').click();
    await page.locator('[data-testid="stop-confirm"][data-kind="bar"]').waitFor();
    const findings = await scan(page);
    await page.getByTestId('stop-confirm').click();
    await page.locator('[data-testid="stop-dialog"][data-phase="barred"]').waitFor();
    findings.push(...(await scan(page)));
    await page.goto(`${own.address}${APP}/feed`);
    await page.getByRole('button', { name: /^(Stop many|Остановить многие)/ }).click();
    await page.locator('#stop-workflow').fill('price-compare');
    await page.getByTestId('stop-preview').waitFor();
    findings.push(...(await scan(page)));
    await page.getByTestId('stop-many-confirm').click();
    await page.getByTestId('stop-results').waitFor();

    expect([...findings, ...(await scan(page))]).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(look.width ?? 1280);
    await page.close();
    await own.stop();
  });
});

test('no serious finding: nothing waits', async () => {
  const empty = await startConsole();
  const page = await browser.open(`${empty.address}${APP}/approvals`);
  await page.getByText('Nothing waits for a decision').waitFor();

  expect(await scan(page)).toEqual([]);
  await page.close();
  await empty.stop();
});
