import type { Page } from 'playwright-core';
import { APPROVAL_ID, makeApproval } from '../stand-in-approvals.ts';
import { sampleRun } from '../stand-in-events.ts';
import { startConsole, type TestConsole } from '../start-console.ts';
import { startBrowser, type TestBrowser } from './browser.ts';

const LINK = `/a/signalbox-agents-app/approvals/${APPROVAL_ID}`;

let browser: TestBrowser;
let server: TestConsole;
let page: Page;

beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(async () => browser.close());
beforeEach(async () => {
  server = await startConsole({ events: sampleRun() });
});
afterEach(async () => {
  await page.close();
  await server.stop();
});

async function open(): Promise<void> {
  page = await browser.open(server.address + LINK);
  await page.getByTestId('approval-card').waitFor();
}

const outcome = (state: string) => page.locator(`[data-testid="extended"][data-state="${state}"]`);

test('the time to decide is extended, and whether the agent waits that long is told step by step', async () => {
  server.control.add(makeApproval());
  await open();
  expect(await page.getByTestId('extend').textContent()).toBe('Extend 15 min');
  await page.getByTestId('extend').focus();
  await page.keyboard.press('Enter');

  await outcome('queued').getByText('Extended by 15 min; the agent has not been told yet.').waitFor();
  await page
    .getByTestId('expiry')
    .getByText(/expires in 2[12]:\d\d/)
    .waitFor();
  server.control.move('extend', 'delivered');
  await outcome('delivered').getByText('the agent was told').waitFor();
  server.control.move('extend', 'effective');
  await outcome('effective').getByText('the agent waits that long').waitFor();

  expect(server.control.posts.map((post) => post.path)).toEqual([`/api/approvals/${APPROVAL_ID}/extend`]);
  expect(server.control.posts[0]?.body).toEqual({ idempotencyKey: expect.any(String) as string });
});

test('an agent that cannot wait longer says so', async () => {
  server.control.add(makeApproval());
  await open();
  await page.getByTestId('extend').click();
  await outcome('queued').waitFor();
  server.control.move('extend', 'refused', 'The tool gives up after 10 minutes.');

  await outcome('refused').getByText('The agent cannot wait longer. The tool gives up after 10 minutes.').waitFor();
});

test('a refusal of the collector is told in its words', async () => {
  server.control.add(makeApproval());
  await open();
  server.control.refuseNext(403, 'not_allowed', 'It was extended three times already.');
  await page.getByTestId('extend').click();

  await page.getByTestId('extended').getByText('Not extended: It was extended three times already.').waitFor();
});

test('where it may not be extended the reason stands beside the dead button; without an end there is none', async () => {
  server.control.add(
    makeApproval({ mayExtend: { allowed: false, minutes: 15, reason: 'The policy does not allow it.' } }),
  );
  await open();
  expect(await page.getByTestId('extend').getAttribute('aria-disabled')).toBe('true');
  await page.getByTestId('expiry-part').getByText('The policy does not allow it.').waitFor();

  server.control.revise(APPROVAL_ID, { expiresAt: null });
  await page.getByTestId('extend').waitFor({ state: 'detached' });
  expect(await page.getByTestId('expiry-part').textContent()).toContain('It waits until somebody decides.');
});
