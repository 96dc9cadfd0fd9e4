import { APPROVAL_ID, BORIS, makeApproval } from '../stand-in-approvals.ts';
import { RUN_ID } from '../stand-in-events.ts';
import { scan } from './axe.ts';
import type { PageOptions } from './browser.ts';
import { ConsoleTest } from './console-test.ts';

const APP = '/a/signalbox-agents-app';
const LINK = `${APP}/approvals/${APPROVAL_ID}`;

const at = new ConsoleTest();

const approve = () => at.page.locator('[data-decision="approve"]');
const held = () => at.page.getByTestId('held');
const unsent = (kind: string) => at.page.locator(`[data-testid="unsent"][data-kind="${kind}"]`);
const decisions = () => at.server.control.posts.filter((post) => post.path.endsWith('/decision'));

async function open(address = LINK, options: PageOptions = {}): Promise<void> {
  await at.open(address, { clock: true, ...options });
  await at.page.getByTestId('approval-card').waitFor();
}

async function hold(): Promise<void> {
  await approve().click();
  await held().waitFor();
}

describe('an approval of one click', () => {
  test('is not sent for five seconds, says so, counts them down, and is sent then', async () => {
    at.server.control.add(makeApproval());
    await open();
    await hold();

    expect(await held().textContent()).toMatch(/Approve in [45] sUndoNot sent yet\. Undo, or Esc, takes it back\./);
    await at.page.clock.fastForward(2000);
    await held()
      .getByText(/Approve in [23] s/)
      .waitFor();
    expect(decisions()).toEqual([]);
    await at.page.clock.fastForward(3000);
    await at.page.getByTestId('settled').waitFor();

    expect(decisions()).toHaveLength(1);
  });

  test.each([
    ['the button', async () => at.page.getByTestId('undo').click()],
    ['the Esc key', async () => at.page.keyboard.press('Escape')],
    ['Enter on what has the focus', async () => at.page.keyboard.press('Enter')],
  ])('is taken back by %s, and then never sent', async (_name, undo) => {
    at.server.control.add(makeApproval());
    await open();
    await hold();
    await at.page.clock.fastForward(1000);

    await undo();
    await at.page.getByText('Taken back: nothing was sent.').waitFor();
    await at.page.clock.fastForward(20_000);
    await at.page.waitForFunction(() => document.activeElement?.getAttribute('data-decision') === 'approve');

    expect(decisions()).toEqual([]);
    expect(await approve().isEnabled()).toBe(true);
  });

  test('is not undone by the second click of a double click, nor by a key held down', async () => {
    at.server.control.add(makeApproval({ allowedDecisions: ['approve'] }));
    await open(LINK, { width: 390, height: 844 });
    const box = await approve().boundingBox();
    await at.page.mouse.dblclick((box?.x ?? 0) + (box?.width ?? 0) * 0.75, (box?.y ?? 0) + 20);
    await held().waitFor();
    await at.page.keyboard.down('Enter');
    await at.page.keyboard.up('Enter');
    await at.page.getByText('Taken back: nothing was sent.').waitFor();

    await at.page.keyboard.down('Enter');
    await held().waitFor();
    await at.page.keyboard.down('Enter');
    await at.page.keyboard.up('Enter');
    await at.page.clock.fastForward(5000);
    await at.page.getByTestId('settled').waitFor();

    expect(decisions()).toHaveLength(1);
  });

  test.each(['high', 'critical'])('at %s risk is no such thing: its second step is the way back', async (risk) => {
    at.server.control.add(makeApproval({ risk }));
    await open();
    await approve().click();

    await at.page.getByTestId('draft').waitFor();
    expect(await held().count()).toBe(0);
  });

  test('is sent at once where the time to decide leaves none to undo', async () => {
    at.server.control.add(makeApproval({ expiresAt: new Date(Date.now() + 9000).toISOString() }));
    await open();
    await approve().click();

    await at.page.getByTestId('settled').waitFor();
    expect(await held().count()).toBe(0);
  });
});

describe('what is held is not sent, and the person is told', () => {
  test('when the card is closed, on coming back to it', async () => {
    at.server.control.add(makeApproval());
    await open(LINK, { width: 390, height: 844 });
    await hold();

    await at.page.getByRole('link', { name: /All approvals/ }).click();
    await at.page.locator('[data-approval-row]').waitFor();
    await at.page.clock.fastForward(10_000);
    await at.page.goto(at.server.address + LINK);
    await unsent('closed').getByText('Your approval was not sent').waitFor();
    expect(decisions()).toEqual([]);

    await at.page.reload();
    await approve().waitFor();
    expect(await unsent('closed').count()).toBe(0);
  });

  test('when the page is reloaded', async () => {
    at.server.control.add(makeApproval());
    await open();
    await hold();

    await at.page.reload();

    await unsent('closed').getByText('The request was closed before the time to undo was over.').waitFor();
    expect(decisions()).toEqual([]);
  });

  test('when its dialog is closed; Esc undoes first and closes after', async () => {
    at.server.control.add(makeApproval());
    await at.open(`${APP}/feed?run=${RUN_ID}`, { clock: true });
    await at.page.getByTestId('pending-banner').getByRole('button').click();
    await hold();
    await at.page.keyboard.press('Escape');
    await at.page.getByText('Taken back: nothing was sent.').waitFor();
    await hold();
    await at.page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    await held().waitFor({ state: 'detached' });
    await at.page.clock.fastForward(10_000);
    await at.page.getByTestId('pending-banner').getByRole('button').click();

    await unsent('closed').waitFor();
    expect(decisions()).toEqual([]);
  });

  test('when the request changes meanwhile', async () => {
    at.server.control.add(makeApproval());
    await open();
    await hold();
    at.server.control.revise(APPROVAL_ID, { args: { path: '/etc/passwd' }, shownHash: 'b'.repeat(64) });
    await at.page.clock.fastForward(2000);

    await unsent('blocked').waitFor();
    await at.page.getByTestId('changed').getByText('/etc/passwd').waitFor();
    await at.page.clock.fastForward(10_000);
    expect(decisions()).toEqual([]);
  });

  test('when somebody else decides, or the collector goes away', async () => {
    at.server.control.add(makeApproval());
    await open();
    await hold();
    at.server.breakReads(true);
    await at.page.clock.fastForward(2000);
    await unsent('blocked').getByText('The collector does not answer').waitFor();
    at.server.breakReads(false);
    await at.page.clock.fastForward(2000);
    await at.page.locator('[data-decision="approve"]:enabled').click();
    await held().waitFor();
    const decidedAt = new Date().toISOString();
    at.server.control.revise(APPROVAL_ID, { status: 'rejected', decision: 'reject', decidedBy: BORIS, decidedAt });
    await at.page.clock.fastForward(2000);

    await unsent('blocked').getByText('Already rejected by Boris').waitFor();
    expect(decisions()).toEqual([]);
  });

  test('when the page slept until long after it was due', async () => {
    at.server.control.add(makeApproval({ expiresAt: null }));
    await open();
    await hold();
    await at.page.clock.fastForward(60_000);

    await unsent('late').getByText('The page was asleep when it was due.').waitFor();
    expect(decisions()).toEqual([]);
  });
});

test.each([{ theme: 'dark' }, { theme: 'light', width: 390, height: 844, language: 'ru-RU' }] satisfies PageOptions[])(
  'no serious finding while held and after: %j',
  async (look) => {
    at.server.control.add(makeApproval());
    await open(LINK, look);
    await hold();
    const findings = await scan(at.page);
    expect(await at.page.getByTestId('held').locator('[aria-hidden]').first().isVisible()).toBe(false);
    await at.page.reload();
    await unsent('closed').waitFor();

    expect([...findings, ...(await scan(at.page))]).toEqual([]);
    expect(await at.page.evaluate(() => document.documentElement.scrollWidth)).toBe(look.width ?? 1280);
  },
);
