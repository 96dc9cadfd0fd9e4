import type { Locator } from 'playwright-core';
import { APPROVAL_ID, BORIS, makeApproval } from '../stand-in-approvals.ts';
import { makeEvent } from '../stand-in-events.ts';
import type { PageOptions } from './browser.ts';
import { ConsoleTest } from './console-test.ts';

const PHONE: PageOptions = { width: 390, height: 844 };
const LINK = `/a/signalbox-agents-app/approvals/${APPROVAL_ID}`;
const INBOX = '/a/signalbox-agents-app/approvals';
const SECOND = '5b4b8f6e-0f57-4f5c-9d0e-3a1d2a7c9b22';

const at = new ConsoleTest();

const card = () => at.page.getByTestId('approval-card');
const button = (decision: string) => at.page.locator(`[data-decision="${decision}"]`);
const bodies = () => at.server.control.posts.map((post) => post.body);

/** Approves, and lets the time to undo go by. */
async function approve(): Promise<void> {
  await button('approve').click();
  await at.page.getByTestId('held').waitFor();
  await at.page.clock.fastForward(5000);
}

async function bottom(part: Locator): Promise<number> {
  const box = await part.boundingBox();
  return box ? box.y + box.height : Infinity;
}

async function open(address = LINK, options: PageOptions = {}): Promise<void> {
  await at.open(address, { clock: true, ...options });
  await card().waitFor();
}

describe('the page a notification leads to', () => {
  test.each(['en-US', 'ru-RU'] as const)('shows what to know on the first screen of a phone, %s', async (language) => {
    at.server.control.add(makeApproval({ risk: 'high' }));
    await open(LINK, { ...PHONE, language });
    await at.page.getByTestId('user-input').waitFor();

    const foot = (await card().locator('footer').boundingBox())?.y ?? 0;
    for (const part of ['action-code', 'why', 'who', 'risk-part']) {
      expect([part, (await bottom(at.page.getByTestId(part))) <= foot]).toEqual([part, true]);
    }
    for (const decision of ['approve', 'reject', 'edit']) {
      expect((await button(decision).boundingBox())?.height).toBeGreaterThanOrEqual(44);
      expect(await bottom(button(decision))).toBeLessThan(844);
    }
    expect(await at.page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    expect(await at.page.getByTestId('expiry').textContent()).toMatch(/(expires in|осталось) \d:\d\d/);
    expect(await card().textContent()).toContain('sha256 9f2c…71ab');
  });

  test('goes from what over why, who and risk to how long, in this order', async () => {
    at.server.control.add(makeApproval());
    at.server.publish(
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
    await at.page.getByTestId('task').getByText('Task 2 of 2 in the plan: Publish report').waitFor();

    const parts = ['action-code', 'why', 'who', 'risk-part', 'expiry-part'];
    const tops = await Promise.all(parts.map(async (part) => (await at.page.getByTestId(part).boundingBox())?.y ?? -1));
    expect(tops).toEqual(tops.slice().sort((left, right) => left - right));
    expect(await at.page.getByTestId('why').textContent()).toMatch(
      /All 14 offers.*Task 2 of 2.*The user asked: “Find and/,
    );
    expect(await at.page.getByTestId('who').textContent()).toMatch(
      /Coder v12 · price-compare · run 0af76519 · asked at \d/,
    );
    await at.page.getByTestId('just-before').getByText('Just before').click();
    expect(await at.page.getByTestId('just-before').getByRole('listitem').count()).toBe(3);
  });

  test.each([
    [{ source: 'policy', risk: 'medium', rule: 'rm*' }, 'The policy says medium (rule “rm*”).'],
    [{ source: 'agent', risk: 'medium', rule: null }, 'The agent says medium.'],
    [{ source: 'default', risk: 'medium', rule: null }, 'Nobody said how risky it is, so it counts as medium.'],
  ] as const)('says why it is as risky as it is: %j', async (reason, words) => {
    const similar = { approved: 0, rejected: 0, expired: 0, days: 30 };
    at.server.control.add(makeApproval({ riskReasons: [reason], affects: null, reversible: null, similar }));
    await open();

    const risk = (await at.page.getByTestId('risk-part').textContent()) ?? '';
    expect(risk).toContain(words);
    expect(risk).toContain('The agent did not say what it affects, nor whether it can be undone.');
    expect(risk).toContain('The first request of this kind in 30 days.');
  });

  test('says what it reaches, whether it can be undone, and how such requests ended', async () => {
    at.server.control.add(makeApproval());
    await open();

    expect(await at.page.getByTestId('reach').textContent()).toBe(
      'Affects, the agent says: The public site, seen by everyone. It cannot be undone.',
    );
    expect(await at.page.getByTestId('similar').textContent()).toBe('Approved 14 of 15 such requests in 30 days.');
  });

  test('approves with one click at medium risk, then tells each fact when it is one', async () => {
    at.server.control.add(makeApproval());
    await open(LINK, PHONE);

    await approve();
    await at.page.getByTestId('settled').getByText('Approved by Anna (anna)').waitFor();
    await at.page.getByText('Not yet delivered to the agent').waitFor();
    at.server.control.move('decision', 'delivered', 'sent to coder');
    await at.page.locator('[data-step="delivered"][data-done="true"]').waitFor();
    expect(await at.page.locator('[data-step="effective"]').getAttribute('data-done')).toBe('false');
    at.server.control.move('decision', 'acked');
    at.server.control.move('decision', 'effective', 'the report is out');
    await at.page.locator('[data-step="effective"][data-done="true"]').waitFor();

    expect(await at.page.getByTestId('trail').textContent()).toContain('the report is out');
    expect(bodies()).toEqual([
      { decision: 'approve', shownHash: makeApproval().shownHash, idempotencyKey: expect.any(String) as string },
    ]);
    expect(at.server.control.posts[0]?.headers['x-signalbox-csrf']).toBe('csrf');
  });

  test.each([
    ['refused', 'The agent refused'],
    ['failed', 'It failed'],
    ['expired', 'It never reached the agent in time'],
  ] as const)('tells in words that the decision was %s', async (state, words) => {
    at.server.control.add(makeApproval());
    await open();

    await approve();
    await at.page.getByTestId('settled').waitFor();
    at.server.control.move('decision', state, 'because of reasons');

    await at.page.getByTestId('trail').getByText(words).waitFor();
    expect(await at.page.getByTestId('trail').textContent()).toContain('because of reasons');
  });

  test('of a stale link shows what became of it', async () => {
    const decidedAt = new Date(Date.now() - 8000).toISOString();
    const settled = { status: 'rejected', decision: 'reject', decidedBy: BORIS, decidedAt } as const;
    at.server.control.add(makeApproval({ ...settled, decisionReason: 'Wrong folder' }));
    await open(LINK, PHONE);

    expect(await at.page.getByTestId('settled').textContent()).toContain('Rejected by Boris (boris)');
    expect(await at.page.getByTestId('settled').textContent()).toContain('Wrong folder');
    expect(await button('approve').count()).toBe(0);
  });

  test('of an unknown id says that the link may be old', async () => {
    await at.open(LINK, PHONE);

    await at.page.getByText('There is no such approval (any more)').waitFor();
  });

  test('marks characters that are not seen, and runs nothing an agent wrote', async () => {
    const hostile = '<img src=x onerror="window.hacked=1">';
    at.server.control.add(
      makeApproval({ args: { path: 'a\u202Egpj.exe', note: hostile }, question: hostile, reason: hostile }),
    );
    await open();

    expect(await at.page.getByTestId('invisible').allTextContents()).toEqual(['U+202E']);
    await at.page.getByText('The arguments hold characters that are not seen').waitFor();
    expect(await card().locator('img[src="x"]').count()).toBe(0);
    expect(await at.page.evaluate(() => (window as unknown as { hacked?: number }).hacked)).toBeUndefined();
  });

  test('says loudly that not all arguments are shown, and asks once more before it is approved so', async () => {
    const long = Object.fromEntries(Array.from({ length: 80 }, (_, n) => [`line${n}`, n]));
    at.server.control.add(makeApproval({ args: long, risk: 'low' }));
    await open();

    expect(await at.page.getByTestId('fold').textContent()).toContain('42 of 82 lines');
    await button('approve').click();
    await at.page.getByText('You have not seen all of the arguments.').waitFor();
    await at.page.getByRole('button', { name: 'Back' }).click();
    await at.page.getByRole('button', { name: 'Show all' }).click();
    await at.page.getByTestId('fold').waitFor({ state: 'detached' });
    await approve();

    await at.page.getByTestId('settled').waitFor();
    expect(bodies()).toHaveLength(1);
  });
});

describe('the inbox', () => {
  const list = () => at.page.locator('[data-approval-row]');

  test('fills and empties by itself, and counts on its tab', async () => {
    await at.open(INBOX);
    await at.page.getByText('Nothing waits for a decision').waitFor();

    at.server.control.add(makeApproval(), makeApproval({ id: SECOND, question: 'Second question' }));
    await list().nth(1).waitFor();
    await at.page.getByRole('tab', { name: /^Approvals\s*2/ }).waitFor();
    at.server.control.revise(SECOND, { status: 'withdrawn' });

    await at.page.getByRole('tab', { name: /^Approvals\s*1/ }).waitFor();
    await at.page.locator(`[data-approval-row="${SECOND}"]`).waitFor({ state: 'detached' });
  });

  test('never puts another card under the finger', async () => {
    at.server.control.add(makeApproval());
    await open(INBOX);
    const soon = new Date(Date.now() + 60_000).toISOString();
    at.server.control.add(makeApproval({ id: SECOND, question: 'More urgent', expiresAt: soon }));

    await list().first().getByText('More urgent').waitFor();

    expect(await card().getAttribute('data-approval')).toBe(APPROVAL_ID);
  });

  test('is walked by J and K, and keeps the choice in the address', async () => {
    at.server.control.add(makeApproval(), makeApproval({ id: SECOND, question: 'Second question', expiresAt: null }));
    await open(INBOX);

    await list().first().focus();
    await at.page.keyboard.press('j');
    await at.page.locator(`[data-testid="approval-card"][data-approval="${SECOND}"]`).waitFor();

    expect(new URL(at.page.url()).searchParams.get('id')).toBe(SECOND);
    await at.page.keyboard.press('k');
    await at.page.locator(`[data-testid="approval-card"][data-approval="${APPROVAL_ID}"]`).waitFor();
  });

  test('tells mine from all that was decided, and how far each came', async () => {
    const decided = { status: 'approved', decision: 'approve', decidedAt: new Date().toISOString() } as const;
    at.server.control.add(
      makeApproval(),
      makeApproval({ id: SECOND, question: 'Of Boris', ...decided, decidedBy: BORIS }),
    );
    await open(INBOX);
    await approve();
    await at.page.getByTestId('settled').waitFor();

    await at.page.getByRole('tab', { name: 'Mine' }).click();
    await list().first().getByText('Not yet delivered to the agent').waitFor();
    expect(await list().count()).toBe(1);
    await at.page.getByRole('tab', { name: 'Decided' }).click();
    await at.page.locator(`[data-approval-row="${SECOND}"]`).waitFor();

    expect(await list().count()).toBe(2);
  });

  test('shows what is only observed, with the reason and without buttons', async () => {
    const mayDecide = { allowed: false, reason: 'Only telemetry is known of this run.', who: [] };
    const observed = { status: 'observed', allowedDecisions: [], args: null, shownHash: '', runtime: 'none' } as const;
    at.server.control.add(makeApproval({ ...observed, allowedDecisions: [], mayDecide }));
    await open(INBOX);

    await card().getByText('Observed, cannot be answered here').waitFor();
    expect(await card().textContent()).toContain('Only telemetry is known of this run.');
    expect(await at.page.locator('[data-decision]').count()).toBe(0);
  });

  test('keeps what was known while the collector is away', async () => {
    at.server.control.add(makeApproval());
    await open(INBOX);
    at.server.breakReads(true);

    await at.page
      .getByText(/This is what was known at/)
      .first()
      .waitFor();

    expect(await list().count()).toBe(1);
  });
});
