import type { Page } from 'playwright-core';
import { APPROVAL_ID, BORIS, makeApproval } from '../stand-in-approvals.ts';
import { RUN_ID, sampleRun } from '../stand-in-events.ts';
import { startConsole, type TestConsole } from '../start-console.ts';
import { scan } from './axe.ts';
import { type PageOptions, startBrowser, type TestBrowser } from './browser.ts';

const APP = '/a/signalbox-agents-app';
const LINK = `${APP}/approvals/${APPROVAL_ID}`;

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

const approve = () => page.locator('[data-decision="approve"]');
const held = () => page.getByTestId('held');
const unsent = (kind: string) => page.locator(`[data-testid="unsent"][data-kind="${kind}"]`);
const decisions = () => server.control.posts.filter((post) => post.path.endsWith('/decision'));

async function open(address = LINK, options: PageOptions = {}): Promise<void> {
  page = await browser.open(server.address + address, { clock: true, ...options });
  await page.getByTestId('approval-card').waitFor();
}

async function hold(): Promise<void> {
  await approve().click();
  await held().waitFor();
}

describe('an approval of one click', () => {
  test('is not sent for five seconds, says so, counts them down, and is sent then', async () => {
    server.control.add(makeApproval());
    await open();
    await hold();

    expect(await held().textContent()).toMatch(/Approve in [45] sUndoNot sent yet\. Undo, or Esc, takes it back\./);
    await page.clock.fastForward(2000);
    await held()
      .getByText(/Approve in [23] s/)
      .waitFor();
    expect(decisions()).toEqual([]);
    await page.clock.fastForward(3000);
    await page.getByTestId('settled').waitFor();

    expect(decisions()).toHaveLength(1);
  });

  test.each([
    ['the button', async () => page.getByTestId('undo').click()],
    ['the Esc key', async () => page.keyboard.press('Escape')],
    ['Enter on what has the focus', async () => page.keyboard.press('Enter')],
  ])('is taken back by %s, and then never sent', async (_name, undo) => {
    server.control.add(makeApproval());
    await open();
    await hold();
    await page.clock.fastForward(1000);

    await undo();
    await page.getByText('Taken back: nothing was sent.').waitFor();
    await page.clock.fastForward(20_000);
    await page.waitForFunction(() => document.activeElement?.getAttribute('data-decision') === 'approve');

    expect(decisions()).toEqual([]);
    expect(await approve().isEnabled()).toBe(true);
  });

  test('is not undone by the second click of a double click, nor by a key held down', async () => {
    server.control.add(makeApproval({ allowedDecisions: ['approve'] }));
    await open(LINK, { width: 390, height: 844 });
    const box = await approve().boundingBox();
    await page.mouse.dblclick((box?.x ?? 0) + (box?.width ?? 0) * 0.75, (box?.y ?? 0) + 20);
    await held().waitFor();
    await page.keyboard.down('Enter');
    await page.keyboard.up('Enter');
    await page.getByText('Taken back: nothing was sent.').waitFor();

    await page.keyboard.down('Enter');
    await held().waitFor();
    await page.keyboard.down('Enter');
    await page.keyboard.up('Enter');
    await page.clock.fastForward(5000);
    await page.getByTestId('settled').waitFor();

    expect(decisions()).toHaveLength(1);
  });

  test.each(['high', 'critical'])('at %s risk is no such thing: its second step is the way back', async (risk) => {
    server.control.add(makeApproval({ risk }));
    await open();
    await approve().click();

    await page.getByTestId('draft').waitFor();
    expect(await held().count()).toBe(0);
  });

  test('is sent at once where the time to decide leaves none to undo', async () => {
    server.control.add(makeApproval({ expiresAt: new Date(Date.now() + 9000).toISOString() }));
    await open();
    await approve().click();

    await page.getByTestId('settled').waitFor();
    expect(await held().count()).toBe(0);
  });
});

describe('what is held is not sent, and the person is told', () => {
  test('when the card is closed, on coming back to it', async () => {
    server.control.add(makeApproval());
    await open(LINK, { width: 390, height: 844 });
    await hold();

    await page.getByRole('link', { name: /All approvals/ }).click();
    await page.locator('[data-approval-row]').waitFor();
    await page.clock.fastForward(10_000);
    await page.goto(server.address + LINK);
    await unsent('closed').getByText('Your approval was not sent').waitFor();
    expect(decisions()).toEqual([]);

    await page.reload();
    await approve().waitFor();
    expect(await unsent('closed').count()).toBe(0);
  });

  test('when the page is reloaded', async () => {
    server.control.add(makeApproval());
    await open();
    await hold();

    await page.reload();

    await unsent('closed').getByText('The request was closed before the time to undo was over.').waitFor();
    expect(decisions()).toEqual([]);
  });

  test('when its dialog is closed; Esc undoes first and closes after', async () => {
    server.control.add(makeApproval());
    page = await browser.open(`${server.address}${APP}/feed?run=${RUN_ID}`, { clock: true });
    await page.getByTestId('pending-banner').getByRole('button').click();
    await hold();
    await page.keyboard.press('Escape');
    await page.getByText('Taken back: nothing was sent.').waitFor();
    await hold();
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    await held().waitFor({ state: 'detached' });
    await page.clock.fastForward(10_000);
    await page.getByTestId('pending-banner').getByRole('button').click();

    await unsent('closed').waitFor();
    expect(decisions()).toEqual([]);
  });

  test('when the request changes meanwhile', async () => {
    server.control.add(makeApproval());
    await open();
    await hold();
    server.control.revise(APPROVAL_ID, { args: { path: '/etc/passwd' }, shownHash: 'b'.repeat(64) });
    await page.clock.fastForward(2000);

    await unsent('blocked').waitFor();
    await page.getByTestId('changed').getByText('/etc/passwd').waitFor();
    await page.clock.fastForward(10_000);
    expect(decisions()).toEqual([]);
  });

  test('when somebody else decides, or the collector goes away', async () => {
    server.control.add(makeApproval());
    await open();
    await hold();
    server.breakReads(true);
    await page.clock.fastForward(2000);
    await unsent('blocked').getByText('The collector does not answer').waitFor();
    server.breakReads(false);
    await page.clock.fastForward(2000);
    await page.locator('[data-decision="approve"]:enabled').click();
    await held().waitFor();
    const decidedAt = new Date().toISOString();
    server.control.revise(APPROVAL_ID, { status: 'rejected', decision: 'reject', decidedBy: BORIS, decidedAt });
    await page.clock.fastForward(2000);

    await unsent('blocked').getByText('Already rejected by Boris').waitFor();
    expect(decisions()).toEqual([]);
  });

  test('when the page slept until long after it was due', async () => {
    server.control.add(makeApproval({ expiresAt: null }));
    await open();
    await hold();
    await page.clock.fastForward(60_000);

    await unsent('late').getByText('The page was asleep when it was due.').waitFor();
    expect(decisions()).toEqual([]);
  });
});

test.each([{ theme: 'dark' }, { theme: 'light', width: 390, height: 844, language: 'ru-RU' }] satisfies PageOptions[])(
  'no serious finding while held and after: %j',
  async (look) => {
    server.control.add(makeApproval());
    await open(LINK, look);
    await hold();
    const findings = await scan(page);
    expect(await page.getByTestId('held').locator('[aria-hidden]').first().isVisible()).toBe(false);
    await page.reload();
    await unsent('closed').waitFor();

    expect([...findings, ...(await scan(page))]).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(look.width ?? 1280);
  },
);
