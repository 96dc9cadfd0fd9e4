import type { Locator, Page } from 'playwright-core';
import { APPROVAL_ID, BORIS, makeApproval } from '../stand-in-approvals.ts';
import { makeEvent, sampleRun } from '../stand-in-events.ts';
import { startConsole, type TestConsole } from '../start-console.ts';
import { type PageOptions, startBrowser, type TestBrowser } from './browser.ts';

const PHONE: PageOptions = { width: 390, height: 844 };
const LINK = `/a/signalbox-agents-app/approvals/${APPROVAL_ID}`;
const INBOX = '/a/signalbox-agents-app/approvals';
const SECOND = '5b4b8f6e-0f57-4f5c-9d0e-3a1d2a7c9b22';

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

const card = () => page.getByTestId('approval-card');
const button = (decision: string) => page.locator(`[data-decision="${decision}"]`);
const refusal = (kind: string) => page.locator(`[data-testid="refusal"][data-kind="${kind}"]`);
const bodies = () => server.control.posts.map((post) => post.body);

/** Approves, and lets the time to undo go by. */
async function approve(): Promise<void> {
  await button('approve').click();
  await page.getByTestId('held').waitFor();
  await page.clock.fastForward(5000);
}

async function bottom(part: Locator): Promise<number> {
  const box = await part.boundingBox();
  return box ? box.y + box.height : Infinity;
}

async function open(address = LINK, options: PageOptions = {}): Promise<void> {
  page = await browser.open(server.address + address, { clock: true, ...options });
  await card().waitFor();
}

describe('the page a notification leads to', () => {
  test.each(['en-US', 'ru-RU'] as const)('shows what to know on the first screen of a phone, %s', async (language) => {
    server.control.add(makeApproval({ risk: 'high' }));
    await open(LINK, { ...PHONE, language });
    await page.getByTestId('user-input').waitFor();

    const foot = (await card().locator('footer').boundingBox())?.y ?? 0;
    for (const part of ['action-code', 'why', 'who', 'risk-part']) {
      expect([part, (await bottom(page.getByTestId(part))) <= foot]).toEqual([part, true]);
    }
    for (const decision of ['approve', 'reject', 'edit']) {
      expect((await button(decision).boundingBox())?.height).toBeGreaterThanOrEqual(44);
      expect(await bottom(button(decision))).toBeLessThan(844);
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    expect(await page.getByTestId('expiry').textContent()).toMatch(/(expires in|осталось) \d:\d\d/);
    expect(await card().textContent()).toContain('sha256 9f2c…71ab');
  });

  test('goes from what over why, who and risk to how long, in this order', async () => {
    server.control.add(makeApproval());
    server.publish(
      makeEvent({
        id: 'plan',
        type: 'plan_update',
        atMs: 25_000,
        summary: '4 tasks',
        content: {
          kind: 'plan_update',
          items: [
            { id: 'p1', text: 'Find sources', status: 'completed' },
            { id: 'p2', text: 'Publish report', status: 'in_progress' },
          ],
          change: { added: [], removed: [], changed: [] },
          reason: null,
          reasonBasis: null,
        },
      }),
    );
    await open();
    await page.getByTestId('task').getByText('Task 2 of 2 in the plan: Publish report').waitFor();

    const parts = ['action-code', 'why', 'who', 'risk-part', 'expiry-part'];
    const tops = await Promise.all(parts.map(async (part) => (await page.getByTestId(part).boundingBox())?.y ?? -1));
    expect(tops).toEqual(tops.slice().sort((left, right) => left - right));
    expect(await page.getByTestId('why').textContent()).toMatch(
      /All 14 offers.*Task 2 of 2.*The user asked: “Find and/,
    );
    expect(await page.getByTestId('who').textContent()).toMatch(
      /Coder v12 · price-compare · run 0af76519 · asked at \d/,
    );
    await page.getByTestId('just-before').getByText('Just before').click();
    expect(await page.getByTestId('just-before').getByRole('listitem').count()).toBe(3);
  });

  test.each([
    [{ source: 'policy', risk: 'medium', rule: 'rm*' }, 'The policy says medium (rule “rm*”).'],
    [{ source: 'agent', risk: 'medium', rule: null }, 'The agent says medium.'],
    [{ source: 'default', risk: 'medium', rule: null }, 'Nobody said how risky it is, so it counts as medium.'],
  ] as const)('says why it is as risky as it is: %j', async (reason, words) => {
    const similar = { approved: 0, rejected: 0, expired: 0, days: 30 };
    server.control.add(makeApproval({ riskReasons: [reason], affects: null, reversible: null, similar }));
    await open();

    const risk = (await page.getByTestId('risk-part').textContent()) ?? '';
    expect(risk).toContain(words);
    expect(risk).toContain('The agent did not say what it affects, nor whether it can be undone.');
    expect(risk).toContain('The first request of this kind in 30 days.');
  });

  test('says what it reaches, whether it can be undone, and how such requests ended', async () => {
    server.control.add(makeApproval());
    await open();

    expect(await page.getByTestId('reach').textContent()).toBe(
      'Affects, the agent says: The public site, seen by everyone. It cannot be undone.',
    );
    expect(await page.getByTestId('similar').textContent()).toBe('Approved 14 of 15 such requests in 30 days.');
  });

  test('approves with one click at medium risk, then tells each fact when it is one', async () => {
    server.control.add(makeApproval());
    await open(LINK, PHONE);

    await approve();
    await page.getByTestId('settled').getByText('Approved by Anna (anna)').waitFor();
    await page.getByText('Not yet delivered to the agent').waitFor();
    server.control.move('decision', 'delivered', 'sent to coder');
    await page.locator('[data-step="delivered"][data-done="true"]').waitFor();
    expect(await page.locator('[data-step="effective"]').getAttribute('data-done')).toBe('false');
    server.control.move('decision', 'acked');
    server.control.move('decision', 'effective', 'the report is out');
    await page.locator('[data-step="effective"][data-done="true"]').waitFor();

    expect(await page.getByTestId('trail').textContent()).toContain('the report is out');
    expect(bodies()).toEqual([
      { decision: 'approve', shownHash: makeApproval().shownHash, idempotencyKey: expect.any(String) as string },
    ]);
    expect(server.control.posts[0]?.headers['x-signalbox-csrf']).toBe('csrf');
  });

  test.each([
    ['refused', 'The agent refused'],
    ['failed', 'It failed'],
    ['expired', 'It never reached the agent in time'],
  ] as const)('tells in words that the decision was %s', async (state, words) => {
    server.control.add(makeApproval());
    await open();

    await approve();
    await page.getByTestId('settled').waitFor();
    server.control.move('decision', state, 'because of reasons');

    await page.getByTestId('trail').getByText(words).waitFor();
    expect(await page.getByTestId('trail').textContent()).toContain('because of reasons');
  });

  test('of a stale link shows what became of it', async () => {
    const decidedAt = new Date(Date.now() - 8000).toISOString();
    const settled = { status: 'rejected', decision: 'reject', decidedBy: BORIS, decidedAt } as const;
    server.control.add(makeApproval({ ...settled, decisionReason: 'Wrong folder' }));
    await open(LINK, PHONE);

    expect(await page.getByTestId('settled').textContent()).toContain('Rejected by Boris (boris)');
    expect(await page.getByTestId('settled').textContent()).toContain('Wrong folder');
    expect(await button('approve').count()).toBe(0);
  });

  test('of an unknown id says that the link may be old', async () => {
    page = await browser.open(server.address + LINK, PHONE);

    await page.getByText('There is no such approval (any more)').waitFor();
  });

  test('marks characters that are not seen, and runs nothing an agent wrote', async () => {
    const hostile = '<img src=x onerror="window.hacked=1">';
    server.control.add(
      makeApproval({ args: { path: 'a\u202Egpj.exe', note: hostile }, question: hostile, reason: hostile }),
    );
    await open();

    expect(await page.getByTestId('invisible').allTextContents()).toEqual(['U+202E']);
    await page.getByText('The arguments hold characters that are not seen').waitFor();
    expect(await card().locator('img[src="x"]').count()).toBe(0);
    expect(await page.evaluate(() => (window as unknown as { hacked?: number }).hacked)).toBeUndefined();
  });

  test('says loudly that not all arguments are shown, and asks once more before it is approved so', async () => {
    const long = Object.fromEntries(Array.from({ length: 80 }, (_, n) => [`line${n}`, n]));
    server.control.add(makeApproval({ args: long, risk: 'low' }));
    await open();

    expect(await page.getByTestId('fold').textContent()).toContain('42 of 82 lines');
    await button('approve').click();
    await page.getByText('You have not seen all of the arguments.').waitFor();
    await page.getByRole('button', { name: 'Back' }).click();
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.getByTestId('fold').waitFor({ state: 'detached' });
    await approve();

    await page.getByTestId('settled').waitFor();
    expect(bodies()).toHaveLength(1);
  });
});

describe('a decision', () => {
  test('at high risk takes a second step that names the target', async () => {
    server.control.add(makeApproval({ risk: 'high' }));
    await open();

    await button('approve').click();
    await page.getByTestId('draft').getByText('Run publish_report on reports/iphone.md?').waitFor();
    expect(bodies()).toEqual([]);
    await page.getByTestId('confirm').click();

    await page.getByTestId('settled').waitFor();
  });

  test('at critical risk takes the typed name', async () => {
    server.control.add(makeApproval({ risk: 'critical' }));
    await open();

    await button('approve').click();
    expect(await page.getByTestId('confirm').isDisabled()).toBe(true);
    await page.getByLabel('Type reports/iphone.md to go on').fill('reports/iphone.m');
    expect(await page.getByTestId('confirm').isDisabled()).toBe(true);
    await page.getByLabel('Type reports/iphone.md to go on').fill('reports/iphone.md');
    await page.keyboard.press('Control+Enter');

    await page.getByTestId('settled').waitFor();
  });

  test('to reject takes a reason, from a chip or written', async () => {
    server.control.add(makeApproval());
    await open();

    await button('reject').click();
    expect(await page.getByTestId('confirm').isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Too risky' }).click();
    await page.getByTestId('confirm').click();

    await page.getByTestId('settled').getByText('Rejected by Anna').waitFor();
    expect(bodies()[0]).toMatchObject({ decision: 'reject', reason: 'Too risky' });
  });

  test('to edit keeps types, shows the difference first, and sends it', async () => {
    server.control.add(makeApproval({ args: { path: 'a.md', copies: 2 } }));
    await open();

    await button('edit').click();
    await page.getByLabel('Arguments (JSON)').fill('{"path": "a.md", "copies": "2"}');
    await page.getByText('copies was a number and would be a text.').waitFor();
    expect(await page.getByTestId('confirm').isDisabled()).toBe(true);
    await page.getByLabel('Arguments (JSON)').fill('{"path": "b.md", "copies": 1}');
    expect((await page.getByTestId('args-diff').textContent()) ?? '').toContain('+ copies: 1');
    await page.getByTestId('confirm').click();

    await page.getByTestId('settled').getByText('Changed and approved by Anna').waitFor();
    expect(bodies()[0]).toMatchObject({ decision: 'edit', args: { path: 'b.md', copies: 1 } });
  });

  test('to answer sends the answer; only what the agent takes is offered', async () => {
    server.control.add(makeApproval({ allowedDecisions: ['respond'], question: 'Which shop first?' }));
    await open();

    expect(await button('approve').count()).toBe(0);
    await button('respond').click();
    await page.getByLabel('Answer').fill('the red one');
    await page.getByTestId('confirm').click();

    await page.getByTestId('settled').waitFor();
    expect(bodies()[0]).toMatchObject({ decision: 'respond', answer: 'the red one' });
  });

  test('is sent once, however often it is clicked', async () => {
    server.control.add(makeApproval());
    let release: () => void = () => undefined;
    server.control.hold = new Promise((resolve) => (release = resolve));
    await open();

    await button('approve').dblclick();
    await page.getByTestId('held').waitFor();
    await page.clock.fastForward(5000);
    await page.getByText('Sending…').waitFor();
    expect([await button('approve').isDisabled(), await button('reject').isDisabled()]).toEqual([true, true]);
    release();
    await page.getByTestId('settled').waitFor();

    expect(bodies()).toHaveLength(1);
  });

  test('of one of two people is a vote', async () => {
    server.control.add(makeApproval({ votesNeeded: 2 }));
    await open();

    await approve();
    await page.getByTestId('votes').getByText('1 of 2 people have agreed.').waitFor();

    expect(await card().getAttribute('data-status')).toBe('pending');
    expect(await button('approve').isDisabled()).toBe(true);
  });

  test('leads on to the next that waits, by keyboard alone', async () => {
    server.control.add(makeApproval(), makeApproval({ id: SECOND, question: 'Second question' }));
    await open();

    await button('approve').focus();
    await page.keyboard.press('Control+Enter');
    await page.getByTestId('held').waitFor();
    await page.clock.fastForward(5000);
    await page.getByTestId('settled').waitFor();
    await page.waitForFunction(() => document.activeElement?.textContent?.includes('Next pending (1)'));
    await page.keyboard.press('Enter');

    await card().getByText('Second question').waitFor();
    expect(page.url()).toContain(SECOND);
  });
});

describe('a decision that is not taken', () => {
  test('because somebody was faster: calm, with who, when and why, and the draft is kept', async () => {
    server.control.add(makeApproval());
    await open();
    await button('reject').click();
    await page.locator('#reject-reason').fill('my own reason');
    const decidedAt = new Date(Date.now() - 8000).toISOString();
    server.control.refuseNext(409, 'interrupt_not_pending', 'Already rejected by Boris');
    server.control.revise(APPROVAL_ID, {
      status: 'rejected',
      decision: 'reject',
      decidedBy: BORIS,
      decidedAt,
      decisionReason: 'Wrong folder',
    });
    await page.getByTestId('confirm').click();

    await refusal('settled').waitFor();
    await page.getByText(/Already rejected by Boris \d+ s ago/).waitFor();
    expect(await refusal('settled').textContent()).toContain('Wrong folder');
    expect(await page.getByTestId('kept-draft').textContent()).toContain('my own reason');
    expect(await refusal('settled').getByRole('alert').count()).toBe(0);
  });

  test('because the request changed: the difference is shown and must be looked at', async () => {
    server.control.add(makeApproval({ args: { path: 'a.md' } }));
    await open();
    server.control.refuseNext(409, 'changed_since_shown', 'The action or its arguments are not those you were shown.');
    server.control.revise(APPROVAL_ID, { args: { path: '/etc/passwd' }, shownHash: 'b'.repeat(64) });
    await approve();

    await page.getByTestId('changed').getByText('/etc/passwd').waitFor();
    expect(await page.getByTestId('action-code').textContent()).toContain('a.md');
    expect(await page.getByRole('button', { name: 'Look at the new version' }).isVisible()).toBe(true);
    await page.getByRole('button', { name: 'Look at the new version' }).click();
    await approve();
    await page.getByTestId('settled').waitFor();

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
    server.control.add(makeApproval());
    await open();
    server.control.refuseNext(status, code, 'The words of the collector.');
    await approve();

    await refusal(kind).getByText(words).waitFor();
  });

  test('without a connection: not sent, never later, and the same attempt when sent again', async () => {
    server.control.add(makeApproval());
    await open();
    server.control.offline = true;
    await approve();
    await refusal('offline').getByText('Not sent').waitFor();
    expect(bodies()).toEqual([]);

    server.control.offline = false;
    server.control.refuseNext(503, 'database_unavailable', 'Later');
    await page.getByRole('button', { name: 'Send again' }).click();
    await refusal('unavailable').waitFor();
    await page.getByRole('button', { name: 'Send again' }).click();
    await page.getByTestId('settled').waitFor();

    const keys = bodies().map((body) => body.idempotencyKey);
    expect(keys).toHaveLength(2);
    expect(keys[0]).toBe(keys[1]);
  });

  test('because the visitor may not: the buttons are there, dead, with the reason and who can', async () => {
    const mayDecide = { allowed: false, reason: 'vera (Viewer) may not decide about approvals here.', who: ['Editor'] };
    server.control.add(makeApproval({ mayDecide }));
    await open();

    expect(await button('approve').isDisabled()).toBe(true);
    expect(await page.getByTestId('bar-note').textContent()).toBe(
      'vera (Viewer) may not decide about approvals here. These can: Editor.',
    );
  });

  test('because its time is over, or the collector is away', async () => {
    server.control.add(makeApproval({ expiresAt: new Date(Date.now() + 1200).toISOString() }));
    await open();
    await page.getByText('The time to decide is over.').waitFor();
    expect(await button('approve').isDisabled()).toBe(true);

    server.control.revise(APPROVAL_ID, { expiresAt: null });
    await page.getByText('You may decide this.').waitFor();
    server.breakReads(true);
    await page.getByText('The collector does not answer, so nothing can be decided now.').waitFor();

    expect(await button('approve').isDisabled()).toBe(true);
    server.breakReads(false);
    await page.locator('[data-decision="approve"]:enabled').waitFor();
  });
});

describe('the inbox', () => {
  const list = () => page.locator('[data-approval-row]');

  test('fills and empties by itself, and counts on its tab', async () => {
    page = await browser.open(server.address + INBOX);
    await page.getByText('Nothing waits for a decision').waitFor();

    server.control.add(makeApproval(), makeApproval({ id: SECOND, question: 'Second question' }));
    await list().nth(1).waitFor();
    await page.getByRole('tab', { name: /^Approvals\s*2/ }).waitFor();
    server.control.revise(SECOND, { status: 'withdrawn' });

    await page.getByRole('tab', { name: /^Approvals\s*1/ }).waitFor();
    await page.locator(`[data-approval-row="${SECOND}"]`).waitFor({ state: 'detached' });
  });

  test('never puts another card under the finger', async () => {
    server.control.add(makeApproval());
    await open(INBOX);
    const soon = new Date(Date.now() + 60_000).toISOString();
    server.control.add(makeApproval({ id: SECOND, question: 'More urgent', expiresAt: soon }));

    await list().first().getByText('More urgent').waitFor();

    expect(await card().getAttribute('data-approval')).toBe(APPROVAL_ID);
  });

  test('is walked by J and K, and keeps the choice in the address', async () => {
    server.control.add(makeApproval(), makeApproval({ id: SECOND, question: 'Second question', expiresAt: null }));
    await open(INBOX);

    await list().first().focus();
    await page.keyboard.press('j');
    await page.locator(`[data-testid="approval-card"][data-approval="${SECOND}"]`).waitFor();

    expect(new URL(page.url()).searchParams.get('id')).toBe(SECOND);
    await page.keyboard.press('k');
    await page.locator(`[data-testid="approval-card"][data-approval="${APPROVAL_ID}"]`).waitFor();
  });

  test('tells mine from all that was decided, and how far each came', async () => {
    const decided = { status: 'approved', decision: 'approve', decidedAt: new Date().toISOString() } as const;
    server.control.add(
      makeApproval(),
      makeApproval({ id: SECOND, question: 'Of Boris', ...decided, decidedBy: BORIS }),
    );
    await open(INBOX);
    await approve();
    await page.getByTestId('settled').waitFor();

    await page.getByRole('tab', { name: 'Mine' }).click();
    await list().first().getByText('Not yet delivered to the agent').waitFor();
    expect(await list().count()).toBe(1);
    await page.getByRole('tab', { name: 'Decided' }).click();
    await page.locator(`[data-approval-row="${SECOND}"]`).waitFor();

    expect(await list().count()).toBe(2);
  });

  test('shows what is only observed, with the reason and without buttons', async () => {
    const mayDecide = { allowed: false, reason: 'Only telemetry is known of this run.', who: [] };
    const observed = { status: 'observed', allowedDecisions: [], args: null, shownHash: '', runtime: 'none' } as const;
    server.control.add(makeApproval({ ...observed, allowedDecisions: [], mayDecide }));
    await open(INBOX);

    await card().getByText('Observed, cannot be answered here').waitFor();
    expect(await card().textContent()).toContain('Only telemetry is known of this run.');
    expect(await page.locator('[data-decision]').count()).toBe(0);
  });

  test('keeps what was known while the collector is away', async () => {
    server.control.add(makeApproval());
    await open(INBOX);
    server.breakReads(true);

    await page
      .getByText(/This is what was known at/)
      .first()
      .waitFor();

    expect(await list().count()).toBe(1);
  });
});
