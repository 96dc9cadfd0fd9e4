import type { Page } from 'playwright-core';
import { ANNA, APPROVAL_ID, makeApproval, makeCommand } from '../stand-in-approvals.ts';
import { makeEvent, RUN_ID, sampleRun } from '../stand-in-events.ts';
import { startConsole, type TestConsole } from '../start-console.ts';
import { startBrowser, type TestBrowser } from './browser.ts';

const FEED = '/a/signalbox-agents-app/feed';
const OTHER_RUN = '11111111-16cd-43dd-8448-eb211c80319c';

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

const dialog = (phase: string) => page.locator(`[data-testid="stop-dialog"][data-phase="${phase}"]`);
const stopButton = () => page.getByTestId('run-bar').getByTestId('stop');

async function watch(query = `?run=${RUN_ID}`): Promise<void> {
  page = await browser.open(server.address + FEED + query, { clock: true });
  await page.locator('[data-row-id="e13"]').waitFor();
}

/** Lets the time to undo an approval go by. */
async function sendHeld(): Promise<void> {
  await page.getByTestId('held').waitFor();
  await page.clock.fastForward(5000);
}

describe('a stop', () => {
  test('is asked for with what it touches, and is told phase by phase; stopped only when the agent says so', async () => {
    server.control.add(makeApproval());
    server.publish(
      makeEvent({
        id: 't1',
        type: 'tool_call',
        atMs: 50_000,
        status: 'in_progress',
        summary: 'rm',
        extra: { tool: 'shell' },
      }),
    );
    await watch();
    await stopButton().click();
    const reach = page.getByTestId('stop-reach');
    expect((await reach.allTextContents()).join(' ')).toMatch(/publish_report.*shell/);
    await page.locator('#stop-reason').fill('wrong folder');
    await page.getByTestId('stop-confirm').click();

    await dialog('requested').waitFor();
    expect(await dialog('requested').textContent()).toMatch(/Request sent\d\d:\d\d.*Agent acknowledgednot yet/);
    server.control.move('stop', 'delivered');
    server.control.move('stop', 'acked', 'step boundary');
    await dialog('acknowledged').waitFor();
    expect(await dialog('acknowledged').textContent()).toContain('step boundary');
    expect(await dialog('acknowledged').textContent()).toContain('Stoppednot yet');
    server.control.move('stop', 'effective');
    await dialog('stopped').waitFor();

    expect(server.control.posts.map((post) => post.body)).toEqual([
      { reason: 'wrong folder', idempotencyKey: expect.any(String) as string },
    ]);
    await page.getByRole('button', { name: 'Close', exact: true }).last().click();
    expect(await page.getByTestId('stop-line').textContent()).toMatch(
      /request sent .* → agent acknowledged .* → stopped/,
    );
  });

  test('that is not answered in ten seconds says so, never stopped, and can be sent again', async () => {
    const createdAt = new Date(Date.now() - 10_000).toISOString();
    const command = makeCommand({ kind: 'stop', state: 'delivered', createdAt });
    server.control.run(RUN_ID, { stop: { command, requestedAt: createdAt, by: ANNA, lastActivityAt: null } });
    await watch();

    await stopButton().getByText('Agent has not answered').click();
    await dialog('unanswered').getByText('Agent has not answered. It may not support stop.').waitFor();
    await dialog('unanswered').getByText('further ones are refused').waitFor();
    await page.getByTestId('stop-again').click();
    await dialog('requested').waitFor();
    server.control.move('stop', 'acked');
    await dialog('acknowledged').waitFor();

    expect(server.control.posts.map((post) => post.path)).toEqual([`/api/runs/${RUN_ID}/stop`]);
  });

  test('that the agent refuses is told with its words', async () => {
    await watch();
    await stopButton().click();
    await page.getByTestId('stop-confirm').click();
    await dialog('requested').waitFor();

    server.control.move('stop', 'refused', 'I am in the middle of a payment');

    await dialog('refused').getByText('I am in the middle of a payment').waitFor();
  });

  test('of an agent that cannot stop is a bar: further actions are refused, and nothing is called stopped', async () => {
    server.control.run(RUN_ID, { capabilities: ['approve'] });
    server.control.add(makeApproval());
    await watch();

    await stopButton().getByText('Refuse further actions').click();
    await dialog('none').getByText('This agent cannot be asked to stop.').waitFor();
    await dialog('none').getByText('Coder v12 did not say that it can stop.').waitFor();
    expect(await page.getByTestId('stop-confirm').textContent()).toBe('Refuse further actions');
    await page.locator('#stop-reason').fill('wrong folder');
    await page.getByTestId('stop-confirm').click();

    await dialog('barred').getByText('open requests taken back: 1; later ones are refused').waitFor();
    await dialog('barred').getByText('Barred, which is not stopped').waitFor();
    expect(await dialog('barred').getByTestId('stop-steps').textContent()).not.toContain('Stopped');
    await page.keyboard.press('Escape');
    await stopButton().getByText('Barred', { exact: true }).waitFor();
    expect(await page.getByTestId('stop-line').textContent()).toMatch(/request sent .* → barred .*, not stopped/);
    expect(server.control.posts.map((post) => [post.path, post.body])).toEqual([
      [`/api/runs/${RUN_ID}/bar`, { reason: 'wrong folder', idempotencyKey: expect.any(String) as string }],
    ]);
    await page.goto(`${server.address}/a/signalbox-agents-app/approvals/${APPROVAL_ID}`);
    await page.getByTestId('settled').getByText('Taken back with its run by Anna').waitFor();
  });

  test('of a run that has ended is not offered, with the reason', async () => {
    server.control.run(RUN_ID, { ended: true });
    await watch();

    await page.locator('[data-testid="stop"][data-phase="ended"]').waitFor();
    expect(await stopButton().getAttribute('aria-disabled')).toBe('true');
    await stopButton().hover();
    await page.getByRole('tooltip').getByText('The run has ended').waitFor();
  });

  test('that was not confirmed before its run ended is not called stopped either', async () => {
    await watch();
    await stopButton().click();
    await page.getByTestId('stop-confirm').click();
    await dialog('requested').waitFor();
    server.control.run(RUN_ID, { ended: true });

    await dialog('ended').getByText('Its agent did not confirm that it stopped').waitFor();
    expect(await stopButton().textContent()).toBe('The run has ended');
  });

  test('flags what the agent does after it was asked', async () => {
    await watch();
    await stopButton().click();
    await page.getByTestId('stop-confirm').click();
    await dialog('requested').waitFor();
    const late = new Date(Date.now() + 5000).toISOString().replace('Z', '000000Z');
    server.publish(
      makeEvent({ id: 'late', type: 'tool_call', atMs: 0, summary: 'still at it', extra: { startedAt: late } }),
    );
    await page.keyboard.press('Escape');

    await page.locator('[data-row-id="late"]').getByTestId('after-stop').waitFor();
    expect(await page.getByTestId('after-stop').allTextContents()).toEqual(['after stop']);
  });

  test('can be asked for from the head of a run in the grouped feed', async () => {
    await watch('?group=run');

    await page.getByTestId('stop-link').first().click();
    await dialog('none').getByText('The agent is asked to stop.').waitFor();
    await page.getByRole('button', { name: 'Let it run' }).click();

    expect(await page.locator('[data-row-id="e13"]').count()).toBe(1);
  });

  test('of a whole workflow says what it reaches now, takes its name, and tells of each run', async () => {
    server.control.run(RUN_ID, {});
    server.control.run(OTHER_RUN, { capabilities: [], agent: 'Reader' });
    await watch('');

    await page.getByRole('button', { name: 'Stop many…' }).click();
    expect(await page.getByTestId('stop-many-confirm').isDisabled()).toBe(true);
    await page.locator('#stop-workflow').fill('price-compare');
    const preview = page.getByTestId('stop-preview');
    await preview.getByText('2 runs now, and any that start until you confirm.').waitFor();
    await preview.getByText('1 of them cannot stop: its further actions are refused.').waitFor();
    expect(await preview.getByRole('listitem').allTextContents()).toEqual([
      '0af76519Coder v12 · price-compare',
      '11111111Reader · price-comparecannot stop, is barred',
    ]);
    await page.getByTestId('stop-many-confirm').click();

    const rows = page.getByTestId('stop-results').locator('tbody tr');
    await rows.first().getByText('Stopping…').waitFor();
    expect(await rows.nth(1).textContent()).toMatch(/11111111 Reader.*Barred · open requests taken back: 0/);
    server.control.move('stop', 'effective');
    await rows.first().getByText('Stopped').waitFor();
    expect(await rows.nth(1).textContent()).not.toContain('Stopped');
    expect(server.control.posts[0]?.body).toMatchObject({ workflow: 'price-compare' });
  });

  test('of a workflow with no run that goes on reaches nothing', async () => {
    server.control.run(RUN_ID, { ended: true });
    await watch('');
    await page.getByRole('button', { name: 'Stop many…' }).click();
    await page.locator('#stop-workflow').fill('price-compare');

    await page.getByText('No run goes on there now.').waitFor();
    expect(await page.getByTestId('stop-many-confirm').isDisabled()).toBe(true);
  });
});

describe('a task', () => {
  const field = () => page.getByTestId('task-field');
  const task = (state: string) => page.getByTestId('tasks').locator(`li[data-state="${state}"]`);

  async function openField(): Promise<void> {
    await watch();
    await page.getByRole('button', { name: 'Add task' }).click();
    await field().waitFor();
  }

  test('is proposed, then seen, then accepted, each with its time', async () => {
    await openField();
    await page.locator('#task-text').fill('check the prices');
    await page.locator('#task-note').fill('twice');
    await page.locator('#task-place').click();
    await page.getByRole('option', { name: /After “Find sources”/ }).click();
    await page.getByRole('button', { name: 'Propose task' }).click();

    await task('proposed').getByText('proposed (not yet seen by agent)').waitFor();
    server.control.move('task.add', 'delivered');
    await task('seen').waitFor();
    server.control.move('task.add', 'acked');
    await task('accepted').waitFor();

    expect(await task('accepted').textContent()).toMatch(/check the pricesaccepted\d\d:\d\d:\d\d/);
    expect(server.control.posts[0]?.body).toMatchObject({ text: 'check the prices', note: 'twice', after: 'p1' });
  });

  test('that the agent refuses keeps its words', async () => {
    await openField();
    await page.locator('#task-text').fill('more');
    await page.keyboard.press('Enter');
    await task('proposed').waitFor();

    server.control.move('task.add', 'refused', 'I am done');

    await task('refused').getByText('I am done').waitFor();
  });

  test('for an agent that is away says so before it is sent', async () => {
    server.control.run(RUN_ID, { online: false, reason: 'Coder v12 is not connected now; orders wait for it.' });
    await openField();

    await page.getByTestId('task-hint').getByText('orders wait for it').waitFor();
    await page.locator('#task-text').fill('later then');

    expect(await page.getByRole('button', { name: 'Propose task' }).isEnabled()).toBe(true);
  });

  test('for an agent that takes none is not possible, with the reason', async () => {
    server.control.run(RUN_ID, { capabilities: ['stop'] });
    await openField();

    await page.getByTestId('task-hint').getByText('Coder v12 did not say that it can do this.').waitFor();

    expect(await page.locator('#task-text').isDisabled()).toBe(true);
  });
});

describe('an approval in the feed', () => {
  test('is announced by a banner that takes no focus, and opens by Shift+A unless something is typed', async () => {
    await watch();
    await page.getByLabel('Search events').focus();
    server.control.add(makeApproval());
    await page.getByTestId('pending-banner').getByText('1 action waits for you').waitFor();
    expect(await page.evaluate(() => document.activeElement?.getAttribute('type'))).toBe('search');

    await page.keyboard.press('Shift+A');
    expect(await page.getByTestId('approval-card').count()).toBe(0);
    await page.locator('[data-row-id="e13"]').focus();
    await page.keyboard.press('Shift+A');
    await page.getByRole('dialog').getByTestId('approval-card').waitFor();
    await page.locator('[data-decision="approve"]').click();
    await sendHeld();

    await page.getByTestId('settled').waitFor();
  });

  test('of another run does not disturb', async () => {
    server.control.add(makeApproval({ runId: OTHER_RUN }));
    await watch();

    await page.getByRole('tab', { name: /^Approvals\s*1/ }).waitFor();

    expect(await page.getByTestId('pending-banner').count()).toBe(0);
  });

  test('is decided in its row and its detail, and read only there when it is only observed', async () => {
    server.control.add(makeApproval({ eventId: 'e12' }));
    await watch();
    expect(await page.locator('[data-row-id="e12"]').getByTestId('row-approval').getAttribute('href')).toContain(
      '/approvals/5b4b8f6e',
    );
    await page.locator('[data-row-id="e12"]').click();
    await page.getByTestId('detail').getByTestId('approval-card').waitFor();
    await page.getByTestId('detail').locator('[data-decision="approve"]').click();
    await sendHeld();
    await page.getByTestId('detail').getByTestId('settled').waitFor();
    await page.close();

    const mayDecide = { allowed: false, reason: 'Only telemetry is known of this run.', who: [] };
    server.control.approvals.clear();
    server.control.add(makeApproval({ eventId: 'e12', status: 'observed', allowedDecisions: [], mayDecide }));
    await watch(`?run=${RUN_ID}&event=e12`);

    await page.getByTestId('detail').getByText('Observed, cannot be answered here').waitFor();
    expect(await page.getByTestId('detail').textContent()).toContain('Only telemetry is known of this run.');
    expect(await page.locator('[data-decision]').count()).toBe(0);
  });
});
