import { APPROVAL_ID, BORIS, makeApproval } from '../stand-in-approvals.ts';
import type { PageOptions } from './browser.ts';
import { ConsoleTest } from './console-test.ts';

const LINK = `/a/signalbox-agents-app/approvals/${APPROVAL_ID}`;
const SECOND = '5b4b8f6e-0f57-4f5c-9d0e-3a1d2a7c9b22';

const at = new ConsoleTest();

const card = () => at.page.getByTestId('approval-card');
const button = (decision: string) => at.page.locator(`[data-decision="${decision}"]`);
const refusal = (kind: string) => at.page.locator(`[data-testid="refusal"][data-kind="${kind}"]`);
const bodies = () => at.server.control.posts.map((post) => post.body);

/** Approves, and lets the time to undo go by. */
async function approve(): Promise<void> {
  await button('approve').click();
  await at.page.getByTestId('held').waitFor();
  await at.page.clock.fastForward(5000);
}

async function open(address = LINK, options: PageOptions = {}): Promise<void> {
  await at.open(address, { clock: true, ...options });
  await card().waitFor();
}

describe('a decision', () => {
  test('at high risk takes a second step that names the target', async () => {
    at.server.control.add(makeApproval({ risk: 'high' }));
    await open();

    await button('approve').click();
    await at.page.getByTestId('draft').getByText('Run publish_report on reports/iphone.md?').waitFor();
    expect(bodies()).toEqual([]);
    await at.page.getByTestId('confirm').click();

    await at.page.getByTestId('settled').waitFor();
  });

  test('at critical risk takes the typed name', async () => {
    at.server.control.add(makeApproval({ risk: 'critical' }));
    await open();

    await button('approve').click();
    expect(await at.page.getByTestId('confirm').isDisabled()).toBe(true);
    await at.page.getByLabel('Type reports/iphone.md to go on').fill('reports/iphone.m');
    expect(await at.page.getByTestId('confirm').isDisabled()).toBe(true);
    await at.page.getByLabel('Type reports/iphone.md to go on').fill('reports/iphone.md');
    await at.page.keyboard.press('Control+Enter');

    await at.page.getByTestId('settled').waitFor();
  });

  test('to reject takes a reason, from a chip or written', async () => {
    at.server.control.add(makeApproval());
    await open();

    await button('reject').click();
    expect(await at.page.getByTestId('confirm').isDisabled()).toBe(true);
    await at.page.getByRole('button', { name: 'Too risky' }).click();
    await at.page.getByTestId('confirm').click();

    await at.page.getByTestId('settled').getByText('Rejected by Anna').waitFor();
    expect(bodies()[0]).toMatchObject({ decision: 'reject', reason: 'Too risky' });
  });

  test('to edit keeps types, shows the difference first, and sends it', async () => {
    at.server.control.add(makeApproval({ args: { path: 'a.md', copies: 2 } }));
    await open();

    await button('edit').click();
    await at.page.getByLabel('Arguments (JSON)').fill('{"path": "a.md", "copies": "2"}');
    await at.page.getByText('copies was a number and would be a text.').waitFor();
    expect(await at.page.getByTestId('confirm').isDisabled()).toBe(true);
    await at.page.getByLabel('Arguments (JSON)').fill('{"path": "b.md", "copies": 1}');
    expect((await at.page.getByTestId('args-diff').textContent()) ?? '').toContain('+ copies: 1');
    await at.page.getByTestId('confirm').click();

    await at.page.getByTestId('settled').getByText('Changed and approved by Anna').waitFor();
    expect(bodies()[0]).toMatchObject({ decision: 'edit', args: { path: 'b.md', copies: 1 } });
  });

  test('to answer sends the answer; only what the agent takes is offered', async () => {
    at.server.control.add(makeApproval({ allowedDecisions: ['respond'], question: 'Which shop first?' }));
    await open();

    expect(await button('approve').count()).toBe(0);
    await button('respond').click();
    await at.page.getByLabel('Answer').fill('the red one');
    await at.page.getByTestId('confirm').click();

    await at.page.getByTestId('settled').waitFor();
    expect(bodies()[0]).toMatchObject({ decision: 'respond', answer: 'the red one' });
  });

  test('is sent once, however often it is clicked', async () => {
    at.server.control.add(makeApproval());
    let release: () => void = () => undefined;
    at.server.control.hold = new Promise((resolve) => (release = resolve));
    await open();

    await button('approve').dblclick();
    await at.page.getByTestId('held').waitFor();
    await at.page.clock.fastForward(5000);
    await at.page.getByText('Sending…').waitFor();
    expect([await button('approve').isDisabled(), await button('reject').isDisabled()]).toEqual([true, true]);
    release();
    await at.page.getByTestId('settled').waitFor();

    expect(bodies()).toHaveLength(1);
  });

  test('of one of two people is a vote', async () => {
    at.server.control.add(makeApproval({ votesNeeded: 2 }));
    await open();

    await approve();
    await at.page.getByTestId('votes').getByText('1 of 2 people have agreed.').waitFor();

    expect(await card().getAttribute('data-status')).toBe('pending');
    expect(await button('approve').isDisabled()).toBe(true);
  });

  test('leads on to the next that waits, by keyboard alone', async () => {
    at.server.control.add(makeApproval(), makeApproval({ id: SECOND, question: 'Second question' }));
    await open();

    await button('approve').focus();
    await at.page.keyboard.press('Control+Enter');
    await at.page.getByTestId('held').waitFor();
    await at.page.clock.fastForward(5000);
    await at.page.getByTestId('settled').waitFor();
    await at.page.waitForFunction(() => document.activeElement?.textContent?.includes('Next pending (1)'));
    await at.page.keyboard.press('Enter');

    await card().getByText('Second question').waitFor();
    expect(at.page.url()).toContain(SECOND);
  });
});

describe('a decision that is not taken', () => {
  test('because somebody was faster: calm, with who, when and why, and the draft is kept', async () => {
    at.server.control.add(makeApproval());
    await open();
    await button('reject').click();
    await at.page.locator('#reject-reason').fill('my own reason');
    const decidedAt = new Date(Date.now() - 8000).toISOString();
    const faster = { status: 'rejected', decision: 'reject', decidedBy: BORIS, decidedAt } as const;
    at.server.control.refuseNext(409, 'interrupt_not_pending', 'Already rejected by Boris', {
      meanwhile: () => at.server.control.revise(APPROVAL_ID, { ...faster, decisionReason: 'Wrong folder' }),
    });
    await at.page.getByTestId('confirm').click();

    await refusal('settled').waitFor();
    await at.page.getByText(/Already rejected by Boris \d+ s ago/).waitFor();
    expect(await refusal('settled').textContent()).toContain('Wrong folder');
    expect(await at.page.getByTestId('kept-draft').textContent()).toContain('my own reason');
    expect(await refusal('settled').getByRole('alert').count()).toBe(0);
  });

  test('because the request changed: the difference is shown and must be looked at', async () => {
    at.server.control.add(makeApproval({ args: { path: 'a.md' } }));
    await open();
    at.server.control.refuseNext(
      409,
      'changed_since_shown',
      'The action or its arguments are not those you were shown.',
      {
        meanwhile: () =>
          at.server.control.revise(APPROVAL_ID, { args: { path: '/etc/passwd' }, shownHash: 'b'.repeat(64) }),
      },
    );
    await approve();

    await at.page.getByTestId('changed').getByText('/etc/passwd').waitFor();
    expect(await at.page.getByTestId('action-code').textContent()).toContain('a.md');
    expect(await at.page.getByRole('button', { name: 'Look at the new version' }).isVisible()).toBe(true);
    await at.page.getByRole('button', { name: 'Look at the new version' }).click();
    await approve();
    await at.page.getByTestId('settled').waitFor();

    expect(bodies().at(-1)).toMatchObject({ shownHash: 'b'.repeat(64) });
  });

  test.each([
    [410, 'expired', 'expired', 'Not taken: the time to decide is over'],
    [403, 'not_allowed', 'forbidden', 'You may not decide this'],
    [422, 'decision_not_offered', 'not_offered', 'the agent does not accept this answer'],
    [409, 'run_stopped', 'run_stopped', 'Not taken: the run was stopped'],
    [409, 'already_voted', 'already_voted', 'somebody else must agree too'],
    [503, 'database_unavailable', 'unavailable', 'Not sent: the collector cannot take it right now'],
  ])('for %d %s', async (status, code, kind, words) => {
    at.server.control.add(makeApproval());
    await open();
    at.server.control.refuseNext(status, code, 'The words of the collector.');
    await approve();

    await refusal(kind).getByText(words).waitFor();
  });

  test('without a connection: not sent, never later, and the same attempt when sent again', async () => {
    at.server.control.add(makeApproval());
    await open();
    at.server.control.offline = true;
    await approve();
    await refusal('offline').getByText('Not sent').waitFor();
    expect(bodies()).toEqual([]);

    at.server.control.offline = false;
    at.server.control.refuseNext(503, 'database_unavailable', 'Later');
    await at.page.getByRole('button', { name: 'Send again' }).click();
    await refusal('unavailable').waitFor();
    await at.page.getByRole('button', { name: 'Send again' }).click();
    await at.page.getByTestId('settled').waitFor();

    const keys = bodies().map((body) => body.idempotencyKey);
    expect(keys).toHaveLength(2);
    expect(keys[0]).toBe(keys[1]);
  });

  test('because the visitor may not: the buttons are there, dead, with the reason and who can', async () => {
    const mayDecide = { allowed: false, reason: 'vera (Viewer) may not decide about approvals here.', who: ['Editor'] };
    at.server.control.add(makeApproval({ mayDecide }));
    await open();

    expect(await button('approve').isDisabled()).toBe(true);
    expect(await at.page.getByTestId('bar-note').textContent()).toBe(
      'vera (Viewer) may not decide about approvals here. These can: Editor.',
    );
  });

  test('because its time is over, or the collector is away', async () => {
    at.server.control.add(makeApproval({ expiresAt: new Date(Date.now() + 1200).toISOString() }));
    await open();
    await at.page.getByText('The time to decide is over.').waitFor();
    expect(await button('approve').isDisabled()).toBe(true);

    at.server.control.revise(APPROVAL_ID, { expiresAt: null });
    await at.page.getByText('You may decide this.').waitFor();
    at.server.breakReads(true);
    await at.page.getByText('The collector does not answer, so nothing can be decided now.').waitFor();

    expect(await button('approve').isDisabled()).toBe(true);
    at.server.breakReads(false);
    await at.page.locator('[data-decision="approve"]:enabled').waitFor();
  });
});
