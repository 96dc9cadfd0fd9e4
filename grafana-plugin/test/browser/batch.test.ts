import { makeApproval } from '../stand-in-approvals.ts';
import { scan } from './axe.ts';
import type { PageOptions } from './browser.ts';
import { ConsoleTest } from './console-test.ts';

const INBOX = '/a/signalbox-agents-app/approvals';
const OTHER_RUN = '11111111-16cd-43dd-8448-eb211c80319c';
const id = (number: number) => `5b4b8f6e-0f57-4f5c-9d0e-00000000000${number}`;

const at = new ConsoleTest((server) => {
  for (const number of [1, 2, 3]) {
    const question = `Publish page ${number}`;
    server.control.add(makeApproval({ id: id(number), question, args: { page: number }, shownHash: hash(number) }));
  }
});

const hash = (number: number) => String(number).repeat(64);
const row = (number: number) => at.page.locator(`[data-testid="batch-row"][data-id="${id(number)}"]`);
const tick = (number: number) => row(number).getByText(`Publish page ${number}`).click();
const batches = () => at.server.control.posts.filter((post) => post.path === '/api/approvals/decisions');

async function openBatch(options: PageOptions = {}): Promise<void> {
  await at.open(INBOX, options);
  await at.page.getByTestId('batch-offer').getByRole('button').click();
  await at.page.getByTestId('batch').waitFor();
}

test('requests of the same kind are approved together, each looked at and ticked, as one order', async () => {
  await openBatch();
  expect(await at.page.getByRole('dialog').getByRole('heading').textContent()).toBe('Decide together: publish_report');
  expect(await row(2).getByTestId('action-code').textContent()).toContain('"page": 2');
  expect(await at.page.getByTestId('batch-approve').isDisabled()).toBe(true);
  await tick(1);
  expect(await at.page.getByTestId('batch-approve').isDisabled()).toBe(true);
  await tick(3);
  await at.page.getByTestId('batch-approve').getByText('Approve 2').click();

  await at.page.getByText('2 decisions were taken.').waitFor();
  await at.page.getByTestId('batch-results').getByText('Not yet delivered to the agent').nth(1).waitFor();
  at.server.control.move('decision', 'delivered');
  await at.page.getByTestId('batch-results').getByText('Delivered to the agent', { exact: true }).waitFor();
  expect(at.server.control.posts.map((post) => [post.path, post.body])).toEqual([
    [
      '/api/approvals/decisions',
      {
        decision: 'approve',
        items: [3, 1].map((number) => ({ id: id(number), shownHash: hash(number) })).sort(byShown),
        idempotencyKey: expect.any(String) as string,
      },
    ],
  ]);
  expect(at.server.control.approvals.get(id(2))?.status).toBe('pending');
});

/** Requests of the same urgency stand in the order they were asked in. */
function byShown(left: { id: string }, right: { id: string }): number {
  const asked = (one: { id: string }) => at.server.control.approvals.get(one.id)?.requestedAt ?? '';
  return asked(left).localeCompare(asked(right));
}

test('they are rejected together with one reason', async () => {
  await openBatch();
  await at.page.getByText('All 3 that are shown in full').click();
  await at.page.getByTestId('batch-reject').getByText('Reject 3…').click();
  expect(await at.page.getByTestId('batch-reject').isDisabled()).toBe(true);
  await at.page.getByRole('button', { name: 'Not now' }).click();
  await at.page.getByTestId('batch-reject').getByText('Reject 3', { exact: true }).click();

  await at.page.getByText('3 decisions were taken.').waitFor();
  expect(batches()[0]?.body).toMatchObject({ decision: 'reject', reason: 'Not now' });
});

test('a refusal names the request at fault; nothing was decided, and the rest can be sent without it', async () => {
  await openBatch();
  await at.page.getByText('All 3 that are shown in full').click();
  at.server.control.refuseNext(409, 'changed_since_shown', 'The arguments are not those you were shown.', {
    subject: id(2),
  });
  await at.page.getByTestId('batch-approve').click();

  await at.page.getByTestId('batch-refusal').getByText('Nothing was decided').waitFor();
  await row(2).getByText('The arguments are not those you were shown.').waitFor();
  expect(await at.page.locator('[data-testid="batch-row"][data-fault]').count()).toBe(1);
  expect([...at.server.control.approvals.values()].every((approval) => approval.status === 'pending')).toBe(true);
  await tick(2);
  await at.page.getByTestId('batch-approve').getByText('Approve 2').click();

  await at.page.getByText('2 decisions were taken.').waitFor();
  const keys = batches().map((post) => post.body.idempotencyKey);
  expect(new Set(keys).size).toBe(2);
});

test('without an answer nothing counts as sent, and the same attempt is sent again', async () => {
  await openBatch();
  await at.page.getByText('All 3 that are shown in full').click();
  at.server.control.refuseNext(503, 'database_unavailable', 'Later.');
  await at.page.getByTestId('batch-approve').click();
  await at.page.getByTestId('batch-refusal').getByText('Not sent: nothing was decided').waitFor();
  await at.page.getByTestId('batch-approve').click();
  await at.page.getByText('3 decisions were taken.').waitFor();

  expect(new Set(batches().map((post) => post.body.idempotencyKey)).size).toBe(1);
});

test('what changes or goes away while it is looked at cannot be ticked', async () => {
  await openBatch();
  await at.page.getByText('All 3 that are shown in full').click();
  at.server.control.revise(id(1), { status: 'withdrawn' });
  at.server.control.revise(id(2), { args: { page: 666 }, shownHash: 'b'.repeat(64) });

  await row(1).getByText('It no longer waits for a decision.').waitFor();
  await row(2).getByText('It has changed since this list was opened.').waitFor();
  expect(await row(2).getByTestId('action-code').textContent()).toContain('"page": 2');
  expect(await at.page.getByTestId('batch-approve').textContent()).toBe('Approve 1');
  expect(await at.page.getByTestId('batch-approve').isDisabled()).toBe(true);
});

test('what is folded must be shown in full before it can be ticked', async () => {
  const long = Object.fromEntries(Array.from({ length: 80 }, (_, n) => [`line${n}`, n]));
  at.server.control.revise(id(2), { args: long });
  await openBatch();
  expect(await row(2).getByRole('checkbox').isDisabled()).toBe(true);
  await at.page.getByText('All 2 that are shown in full').click();
  expect(await at.page.getByTestId('batch-approve').textContent()).toBe('Approve 2');
  await row(2).getByRole('button', { name: 'Show all' }).click();
  await tick(2);

  expect(await at.page.getByTestId('batch-approve').textContent()).toBe('Approve 3');
});

test.each([
  ['of high risk', { risk: 'high' }],
  ['of another run', { runId: OTHER_RUN }],
  ['for another action', { action: 'delete_report' }],
  ['of another workflow', { workflow: 'other' }],
  ['the visitor may not decide', { mayDecide: { allowed: false, reason: 'no', who: [] } }],
  ['that take two people', { votesNeeded: 2 }],
])('requests %s are not among them', async (_name, change) => {
  at.server.control.revise(id(2), change);
  at.server.control.revise(id(3), change);
  await at.open(INBOX);
  await at.page.locator('[data-approval-row]').nth(2).waitFor();
  const offers = await at.page.getByTestId('batch-offer').allTextContents();

  const alone = 'risk' in change || 'mayDecide' in change || 'votesNeeded' in change;
  expect(offers.map((offer) => /Decide (\d)/.exec(offer)?.[1])).toEqual(alone ? [] : ['2']);
  expect(await at.page.getByRole('button', { name: /approve all/i }).count()).toBe(0);
});

test.each([{ theme: 'dark' }, { theme: 'light', width: 390, height: 844, language: 'ru-RU' }] satisfies PageOptions[])(
  'no serious finding, nothing beyond the edge, all by keyboard: %j',
  async (look) => {
    await openBatch(look);
    const findings = await scan(at.page);
    await at.page.locator('[data-testid="batch"] input[type="checkbox"]').first().focus();
    await at.page.keyboard.press('Space');
    await at.page.getByTestId('batch-reject').focus();
    await at.page.keyboard.press('Enter');
    await at.page.getByTestId('batch-reason').waitFor();
    findings.push(...(await scan(at.page)));

    expect(findings).toEqual([]);
    expect(await at.page.evaluate(() => document.documentElement.scrollWidth)).toBe(look.width ?? 1280);
  },
);
