import { APPROVAL_ID, makeApproval } from '../stand-in-approvals.ts';
import { ConsoleTest } from './console-test.ts';

const LINK = `/a/signalbox-agents-app/approvals/${APPROVAL_ID}`;

const at = new ConsoleTest();

async function open(): Promise<void> {
  await at.open(LINK);
  await at.page.getByTestId('approval-card').waitFor();
}

const outcome = (state: string) => at.page.locator(`[data-testid="extended"][data-state="${state}"]`);

test('the time to decide is extended, and whether the agent waits that long is told step by step', async () => {
  at.server.control.add(makeApproval());
  await open();
  expect(await at.page.getByTestId('extend').textContent()).toBe('Extend 15 min');
  await at.page.getByTestId('extend').focus();
  await at.page.keyboard.press('Enter');

  await outcome('queued').getByText('Extended by 15 min; the agent has not been told yet.').waitFor();
  await at.page
    .getByTestId('expiry')
    .getByText(/expires in 2[12]:\d\d/)
    .waitFor();
  at.server.control.move('extend', 'delivered');
  await outcome('delivered').getByText('the agent was told').waitFor();
  at.server.control.move('extend', 'effective');
  await outcome('effective').getByText('the agent waits that long').waitFor();

  expect(at.server.control.posts.map((post) => post.path)).toEqual([`/api/approvals/${APPROVAL_ID}/extend`]);
  expect(at.server.control.posts[0]?.body).toEqual({ idempotencyKey: expect.any(String) as string });
});

test('an agent that cannot wait longer says so', async () => {
  at.server.control.add(makeApproval());
  await open();
  await at.page.getByTestId('extend').click();
  await outcome('queued').waitFor();
  at.server.control.move('extend', 'refused', 'The tool gives up after 10 minutes.');

  await outcome('refused').getByText('The agent cannot wait longer. The tool gives up after 10 minutes.').waitFor();
});

test('a refusal of the collector is told in its words', async () => {
  at.server.control.add(makeApproval());
  await open();
  at.server.control.refuseNext(403, 'not_allowed', 'It was extended three times already.');
  await at.page.getByTestId('extend').click();

  await at.page.getByTestId('extended').getByText('Not extended: It was extended three times already.').waitFor();
});

test('where it may not be extended the reason stands beside the dead button; without an end there is none', async () => {
  at.server.control.add(
    makeApproval({ mayExtend: { allowed: false, minutes: 15, reason: 'The policy does not allow it.' } }),
  );
  await open();
  expect(await at.page.getByTestId('extend').getAttribute('aria-disabled')).toBe('true');
  await at.page.getByTestId('expiry-part').getByText('The policy does not allow it.').waitFor();

  at.server.control.revise(APPROVAL_ID, { expiresAt: null });
  await at.page.getByTestId('extend').waitFor({ state: 'detached' });
  expect(await at.page.getByTestId('expiry-part').textContent()).toContain('It waits until somebody decides.');
});
