import type { Page } from 'playwright-core';
import { makeApproval } from '../stand-in-approvals.ts';
import { sampleRun } from '../stand-in-events.ts';
import { startConsole, type TestConsole } from '../start-console.ts';
import { scan } from './axe.ts';
import { type PageOptions, startBrowser, type TestBrowser } from './browser.ts';

const INBOX = '/a/signalbox-agents-app/approvals';
const OTHER_RUN = '11111111-16cd-43dd-8448-eb211c80319c';
const id = (number: number) => `5b4b8f6e-0f57-4f5c-9d0e-00000000000${number}`;

let browser: TestBrowser;
let server: TestConsole;
let page: Page;

beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(async () => browser.close());
beforeEach(async () => {
  server = await startConsole({ events: sampleRun() });
  for (const number of [1, 2, 3]) {
    const question = `Publish page ${number}`;
    server.control.add(makeApproval({ id: id(number), question, args: { page: number }, shownHash: hash(number) }));
  }
});
afterEach(async () => {
  await page.close();
  await server.stop();
});

const hash = (number: number) => String(number).repeat(64);
const row = (number: number) => page.locator(`[data-testid="batch-row"][data-id="${id(number)}"]`);
const tick = (number: number) => row(number).getByText(`Publish page ${number}`).click();
const batches = () => server.control.posts.filter((post) => post.path === '/api/approvals/decisions');

async function openBatch(options: PageOptions = {}): Promise<void> {
  page = await browser.open(server.address + INBOX, options);
  await page.getByTestId('batch-offer').getByRole('button').click();
  await page.getByTestId('batch').waitFor();
}

test('requests of the same kind are approved together, each looked at and ticked, as one order', async () => {
  await openBatch();
  expect(await page.getByRole('dialog').getByRole('heading').textContent()).toBe('Decide together: publish_report');
  expect(await row(2).getByTestId('action-code').textContent()).toContain('"page": 2');
  expect(await page.getByTestId('batch-approve').isDisabled()).toBe(true);
  await tick(1);
  expect(await page.getByTestId('batch-approve').isDisabled()).toBe(true);
  await tick(3);
  await page.getByTestId('batch-approve').getByText('Approve 2').click();

  await page.getByText('2 decisions were taken.').waitFor();
  await page.getByTestId('batch-results').getByText('Not yet delivered to the agent').nth(1).waitFor();
  server.control.move('decision', 'delivered');
  await page.getByTestId('batch-results').getByText('Delivered to the agent', { exact: true }).waitFor();
  expect(server.control.posts.map((post) => [post.path, post.body])).toEqual([
    [
      '/api/approvals/decisions',
      {
        decision: 'approve',
        items: [3, 1].map((number) => ({ id: id(number), shownHash: hash(number) })).sort(byShown),
        idempotencyKey: expect.any(String) as string,
      },
    ],
  ]);
  expect(server.control.approvals.get(id(2))?.status).toBe('pending');
});

/** Requests of the same urgency stand in the order they were asked in. */
function byShown(left: { id: string }, right: { id: string }): number {
  const asked = (one: { id: string }) => server.control.approvals.get(one.id)?.requestedAt ?? '';
  return asked(left).localeCompare(asked(right));
}

test('they are rejected together with one reason', async () => {
  await openBatch();
  await page.getByText('All 3 that are shown in full').click();
  await page.getByTestId('batch-reject').getByText('Reject 3…').click();
  expect(await page.getByTestId('batch-reject').isDisabled()).toBe(true);
  await page.getByRole('button', { name: 'Not now' }).click();
  await page.getByTestId('batch-reject').getByText('Reject 3', { exact: true }).click();

  await page.getByText('3 decisions were taken.').waitFor();
  expect(batches()[0]?.body).toMatchObject({ decision: 'reject', reason: 'Not now' });
});

test('a refusal names the request at fault; nothing was decided, and the rest can be sent without it', async () => {
  await openBatch();
  await page.getByText('All 3 that are shown in full').click();
  server.control.refuseNext(409, 'changed_since_shown', 'The arguments are not those you were shown.', {
    subject: id(2),
  });
  await page.getByTestId('batch-approve').click();

  await page.getByTestId('batch-refusal').getByText('Nothing was decided').waitFor();
  await row(2).getByText('The arguments are not those you were shown.').waitFor();
  expect(await page.locator('[data-testid="batch-row"][data-fault]').count()).toBe(1);
  expect([...server.control.approvals.values()].every((approval) => approval.status === 'pending')).toBe(true);
  await tick(2);
  await page.getByTestId('batch-approve').getByText('Approve 2').click();

  await page.getByText('2 decisions were taken.').waitFor();
  const keys = batches().map((post) => post.body.idempotencyKey);
  expect(new Set(keys).size).toBe(2);
});

test('without an answer nothing counts as sent, and the same attempt is sent again', async () => {
  await openBatch();
  await page.getByText('All 3 that are shown in full').click();
  server.control.refuseNext(503, 'database_unavailable', 'Later.');
  await page.getByTestId('batch-approve').click();
  await page.getByTestId('batch-refusal').getByText('Not sent: nothing was decided').waitFor();
  await page.getByTestId('batch-approve').click();
  await page.getByText('3 decisions were taken.').waitFor();

  expect(new Set(batches().map((post) => post.body.idempotencyKey)).size).toBe(1);
});

test('what changes or goes away while it is looked at cannot be ticked', async () => {
  await openBatch();
  await page.getByText('All 3 that are shown in full').click();
  server.control.revise(id(1), { status: 'withdrawn' });
  server.control.revise(id(2), { args: { page: 666 }, shownHash: 'b'.repeat(64) });

  await row(1).getByText('It no longer waits for a decision.').waitFor();
  await row(2).getByText('It has changed since this list was opened.').waitFor();
  expect(await row(2).getByTestId('action-code').textContent()).toContain('"page": 2');
  expect(await page.getByTestId('batch-approve').textContent()).toBe('Approve 1');
  expect(await page.getByTestId('batch-approve').isDisabled()).toBe(true);
});

test('what is folded must be shown in full before it can be ticked', async () => {
  const long = Object.fromEntries(Array.from({ length: 80 }, (_, n) => [`line${n}`, n]));
  server.control.revise(id(2), { args: long });
  await openBatch();
  expect(await row(2).getByRole('checkbox').isDisabled()).toBe(true);
  await page.getByText('All 2 that are shown in full').click();
  expect(await page.getByTestId('batch-approve').textContent()).toBe('Approve 2');
  await row(2).getByRole('button', { name: 'Show all' }).click();
  await tick(2);

  expect(await page.getByTestId('batch-approve').textContent()).toBe('Approve 3');
});

test.each([
  ['of high risk', { risk: 'high' }],
  ['of another run', { runId: OTHER_RUN }],
  ['for another action', { action: 'delete_report' }],
  ['of another workflow', { workflow: 'other' }],
  ['the visitor may not decide', { mayDecide: { allowed: false, reason: 'no', who: [] } }],
  ['that take two people', { votesNeeded: 2 }],
])('requests %s are not among them', async (_name, change) => {
  server.control.revise(id(2), change);
  server.control.revise(id(3), change);
  page = await browser.open(server.address + INBOX);
  await page.locator('[data-approval-row]').nth(2).waitFor();
  const offers = await page.getByTestId('batch-offer').allTextContents();

  const alone = 'risk' in change || 'mayDecide' in change || 'votesNeeded' in change;
  expect(offers.map((offer) => /Decide (\d)/.exec(offer)?.[1])).toEqual(alone ? [] : ['2']);
  expect(await page.getByRole('button', { name: /approve all/i }).count()).toBe(0);
});

test.each([{ theme: 'dark' }, { theme: 'light', width: 390, height: 844, language: 'ru-RU' }] satisfies PageOptions[])(
  'no serious finding, nothing beyond the edge, all by keyboard: %j',
  async (look) => {
    await openBatch(look);
    const findings = await scan(page);
    await page.locator('[data-testid="batch"] input[type="checkbox"]').first().focus();
    await page.keyboard.press('Space');
    await page.getByTestId('batch-reject').focus();
    await page.keyboard.press('Enter');
    await page.getByTestId('batch-reason').waitFor();
    findings.push(...(await scan(page)));

    expect(findings).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(look.width ?? 1280);
  },
);
