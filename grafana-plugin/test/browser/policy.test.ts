import { makeApproval } from '../stand-in-approvals.ts';
import { scan } from './axe.ts';
import type { PageOptions } from './browser.ts';
import { ConsoleTest } from './console-test.ts';

const INBOX = '/a/signalbox-agents-app/approvals';
const SINCE = '2026-11-21T12:03:04.221Z';
const PROBLEM = 'policy.json: line 3: "risk" must be low, medium, high or critical';

const at = new ConsoleTest((server) => server.control.add(makeApproval()));

async function open(options: PageOptions = {}): Promise<void> {
  await at.open(INBOX, { clock: true, ...options });
  await at.page.locator('[data-approval-row]').waitFor();
}

test('a policy file that cannot be used is warned of until it is mended', async () => {
  at.server.control.policy = { source: 'file', since: SINCE, problem: PROBLEM };
  await open();
  const problem = at.page.getByTestId('policy-problem');
  await problem.getByText(PROBLEM).waitFor();
  await problem.getByText('The policy before it holds, since 2026-11-21 12:03:04.').waitFor();
  await at.page.waitForFunction(() => {
    const inbox = document.querySelector('[data-testid="inbox"]')?.getBoundingClientRect();
    return inbox && inbox.bottom <= window.innerHeight;
  });

  at.server.control.policy = { source: 'file', since: '2026-11-21T12:10:00.000Z', problem: null };
  await at.page.clock.fastForward(30_000);
  await problem.waitFor({ state: 'detached' });
  await at.page.getByTestId('policy-line').getByText('Policy file in force since 2026-11-21 12:10:00').waitFor();
});

test('the built-in policy is named; a collector that tells nothing of it is left alone', async () => {
  at.server.control.policy = { source: 'default', since: SINCE, problem: null };
  await open();
  await at.page.getByTestId('policy-line').getByText('Built-in policy in force since').waitFor();
  expect(await at.page.getByTestId('policy-problem').count()).toBe(0);

  at.server.control.policy = null;
  await at.page.clock.fastForward(30_000);
  await at.page.getByTestId('policy-line').waitFor({ state: 'detached' });
});

test.each([{ theme: 'dark' }, { theme: 'light', width: 390, height: 844, language: 'ru-RU' }] satisfies PageOptions[])(
  'no serious finding: %j',
  async (look) => {
    at.server.control.policy = { source: 'file', since: SINCE, problem: PROBLEM };
    await open(look);
    await at.page.getByTestId('policy-problem').waitFor();

    expect(await scan(at.page)).toEqual([]);
    expect(await at.page.evaluate(() => document.documentElement.scrollWidth)).toBe(look.width ?? 1280);
  },
);
