import type { Page } from 'playwright-core';
import { ANNA, makeCommand } from '../stand-in-approvals.ts';
import { RUN_ID, sampleRun } from '../stand-in-events.ts';
import { makePlan } from '../stand-in-plan.ts';
import { startConsole, type TestConsole } from '../start-console.ts';
import { scan } from './axe.ts';
import { type PageOptions, startBrowser, type TestBrowser } from './browser.ts';

type Items = Parameters<typeof makePlan>[0];

const PLAN: Items = [
  ['p1', 'Find sources', 'completed'],
  ['p2', 'Collect prices', 'in_progress'],
  ['p3', 'Compare offers', 'pending'],
  ['p4', 'Publish report', 'pending'],
  ['p5', 'Tell the user', 'blocked'],
];
const without = (id: string): Items => PLAN.filter(([other]) => other !== id);

let browser: TestBrowser;
let server: TestConsole;
let page: Page;

beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(async () => browser.close());
beforeEach(async () => {
  server = await startConsole({ events: [...sampleRun(), makePlan(PLAN)] });
});
afterEach(async () => {
  await page.close();
  await server.stop();
});

const box = () => page.getByTestId('plan-box');
const row = (id: string) => box().locator(`[data-item="${id}"]`);
const act = (id: string, action: 'cancel' | 'up' | 'down') => row(id).locator(`[data-action="${action}"]`);
const cancelled = (id: string, state: string) => row(id).locator(`[data-proposal="cancel"][data-state="${state}"]`);
const apart = (change: string, state: string) =>
  page.getByTestId('plan-proposals').locator(`[data-proposal="${change}"][data-state="${state}"]`);
const order = () =>
  box()
    .locator('[data-item]')
    .evaluateAll((rows) => rows.map((one) => one.dataset.item));
const propose = () => page.getByTestId('plan-order').getByRole('button').first();

async function open(options: PageOptions = {}): Promise<void> {
  page = await browser.open(`${server.address}/a/signalbox-agents-app/feed?run=${RUN_ID}`, options);
  await page
    .getByTestId('run-bar')
    .getByRole('button', { name: /^(Plan|План)$/ })
    .click();
  await box().waitFor();
}

describe('the plan of a run', () => {
  test('is shown whole, each item with its state in words, the current one marked, with what is done', async () => {
    await open();
    await row('p5').waitFor();

    expect(
      (await box().locator('[data-item]').allTextContents()).map((text) => text.replace('Propose to cancel', '')),
    ).toEqual([
      'DoneFind sources',
      'In progressCollect pricesnow',
      'PendingCompare offers',
      'PendingPublish report',
      'BlockedTell the user',
    ]);
    expect(await page.getByTestId('plan-progress').textContent()).toBe('1/5 done');
    expect(await row('p2').getAttribute('aria-current')).toBe('step');
    expect(await act('p1', 'cancel').count()).toBe(0);
    expect(await act('p2', 'up').count()).toBe(0);
  });

  test('that is not there is said, and comes when the agent makes one', async () => {
    await server.stop();
    server = await startConsole({ events: sampleRun().filter(({ type }) => type !== 'plan_update') });
    await open();
    await box().getByText('No plan is known of this run.').waitFor();

    server.publish(makePlan(PLAN));

    await row('p3').waitFor();
  });

  test('that is long scrolls in its box, from its current item on', async () => {
    const many = Array.from({ length: 40 }, (_, at): Items[number] => {
      return [`m${at}`, `Step ${at}`, at < 20 ? 'completed' : at === 20 ? 'in_progress' : 'pending'];
    });
    server.publish(makePlan(many));
    await open();
    await row('m39').waitFor({ state: 'attached' });

    const list = page.getByTestId('plan-items');
    expect(await list.evaluate((ul) => [ul.clientHeight < 300, ul.scrollHeight > 1000, ul.tabIndex])).toEqual([
      true,
      true,
      0,
    ]);
    const distance = await row('m20').evaluate(
      (li) => li.getBoundingClientRect().top - (li.parentElement?.getBoundingClientRect().top ?? 0),
    );
    expect(Math.abs(distance)).toBeLessThan(4);
    expect(await page.getByTestId('plan-progress').textContent()).toBe('20/40 done');
  });

  test('of several agents is shown by agent; an item no order could name for sure is left alone', async () => {
    server.publish(
      makePlan(
        [
          ['p3', 'Write tests', 'pending'],
          ['t2', 'Run tests', 'pending'],
        ],
        'Coder',
      ),
    );
    await open();
    await box().getByRole('heading', { name: 'Plan of Coder' }).waitFor();

    // Until it is known what the agent can do, nothing can be proposed.
    await act('t2', 'cancel').and(page.locator('[aria-disabled="false"]')).waitFor();
    expect(await act('p3', 'cancel').first().getAttribute('title')).toContain('Several plans of this run');
    expect(await act('t2', 'up').getAttribute('aria-disabled')).toBe('true');
  });
});

describe('an item proposed to be cancelled', () => {
  test('is proposed, seen, accepted and gone, each said; the plan itself is the agent’s all the time', async () => {
    await open();
    await act('p4', 'cancel').click();

    await cancelled('p4', 'proposed').getByText('proposed to cancel (not yet seen by agent)').waitFor();
    expect(await act('p4', 'cancel').getAttribute('aria-disabled')).toBe('true');
    server.control.move('task.cancel', 'delivered');
    await cancelled('p4', 'seen').getByText('delivered, not yet answered').waitFor();
    server.control.move('task.cancel', 'acked');
    await cancelled('p4', 'accepted').waitFor();
    expect(await order()).toEqual(['p1', 'p2', 'p3', 'p4', 'p5']);
    server.publish(makePlan(without('p4')));
    await apart('cancel', 'done').waitFor();

    expect(await apart('cancel', 'done').textContent()).toMatch(/^Publish reportcancelled as proposed\d\d:\d\d:\d\d/);
    expect(await row('p4').count()).toBe(0);
    expect(server.control.posts.map(({ path, body }) => [path, body])).toEqual([
      [`/api/runs/${RUN_ID}/plan`, { change: 'cancel', items: ['p4'], idempotencyKey: expect.any(String) as string }],
    ]);
  });

  test('that the agent refuses keeps its words, and can be proposed again', async () => {
    await open();
    await act('p4', 'cancel').click();
    await cancelled('p4', 'proposed').waitFor();

    server.control.move('task.cancel', 'refused', 'the report was promised');

    await cancelled('p4', 'refused').getByText('the report was promised').waitFor();
    expect(await act('p4', 'cancel').getAttribute('aria-disabled')).toBe('false');
  });

  test('is ignored once a revision after its delivery still has it, not before; not even when it was agreed to', async () => {
    await open();
    await act('p4', 'cancel').click();
    await cancelled('p4', 'proposed').waitFor();
    server.publish(makePlan([...PLAN, ['p6', 'Clean up', 'pending']]));
    await row('p6').waitFor();
    expect(await cancelled('p4', 'proposed').count()).toBe(1);
    server.control.move('task.cancel', 'delivered');
    await cancelled('p4', 'seen').waitFor();
    await new Promise((resolve) => setTimeout(resolve, 5));
    server.publish(makePlan(PLAN));
    await cancelled('p4', 'ignored').getByText('the revised plan still has it').waitFor();
    server.control.move('task.cancel', 'effective');
    await cancelled('p4', 'reported').getByText('its plan does not show it yet').waitFor();
    await new Promise((resolve) => setTimeout(resolve, 5));
    server.publish(makePlan([...PLAN, ['p7', 'Rest', 'pending']]));

    await cancelled('p4', 'unkept').getByText('ignored, though accepted').waitFor();
  });

  test('stays unseen while the agent is away, which is said before and, after ten seconds, with the item', async () => {
    const reason = 'Coder v12 is not connected now; orders wait for it.';
    const createdAt = new Date(Date.now() - 9000).toISOString();
    const command = makeCommand({ kind: 'task.cancel', payload: { items: ['p5'] }, createdAt });
    server.control.run(RUN_ID, { online: false, reason, tasks: [command] });
    await open();

    await page.getByTestId('plan-hint').getByText('orders wait for it').waitFor();
    await cancelled('p5', 'proposed').getByText('The agent has not been reached for a while.').waitFor();
    expect(await act('p4', 'cancel').getAttribute('aria-disabled')).toBe('false');
  });

  test('that is finished or gone by the time of the click is not sent', async () => {
    await open();
    await row('p4').waitFor();
    server.publish(makePlan(without('p4')));
    await act('p4', 'cancel').click();

    await page.getByTestId('plan-stale').getByText('Plan changed since you opened it').waitFor();

    expect(server.control.posts).toEqual([]);
  });

  test('that the collector does not take says why', async () => {
    await open();
    server.control.refuseNext(409, 'run_stopped', 'The run was stopped by Boris.');
    await act('p4', 'cancel').click();

    await box().getByText('The run was stopped by Boris.').waitFor();
    expect(await box().locator('[data-proposal]').count()).toBe(0);
  });
});

describe('a proposed order', () => {
  test('is built up by keys, keeps the focus, is sent whole and once, and is told until the plan has it', async () => {
    await open();
    await act('p5', 'up').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    expect(await order()).toEqual(['p1', 'p2', 'p5', 'p3', 'p4']);
    expect(await page.evaluate(() => (document.activeElement as HTMLElement).closest('li')?.dataset.item)).toBe('p5');
    await box().getByText('“Tell the user” is 1 of 3 that can be moved.').waitFor({ state: 'attached' });
    expect(await act('p5', 'up').getAttribute('aria-disabled')).toBe('true');
    expect(server.control.posts).toEqual([]);
    await propose().focus();
    await page.keyboard.press('Enter');

    await apart('reorder', 'proposed').waitFor();
    expect(await apart('reorder', 'proposed').textContent()).toContain(
      'Tell the user → Compare offers → Publish report',
    );
    expect(await order()).toEqual(['p1', 'p2', 'p3', 'p4', 'p5']);
    server.control.move('task.reorder', 'delivered');
    server.control.move('task.reorder', 'acked');
    await apart('reorder', 'accepted').waitFor();
    server.publish(makePlan([...PLAN.slice(0, 2), ...PLAN.slice(4), ...PLAN.slice(2, 4)]));
    await apart('reorder', 'done').getByText('taken into the plan').waitFor();

    expect(server.control.posts.map(({ body }) => body)).toEqual([
      { change: 'reorder', items: ['p1', 'p2', 'p5', 'p3', 'p4'], idempotencyKey: expect.any(String) as string },
    ]);
  });

  test('that a later revision does not have is ignored', async () => {
    await open();
    await act('p5', 'up').click();
    await propose().click();
    await apart('reorder', 'proposed').waitFor();
    server.control.move('task.reorder', 'delivered');
    await apart('reorder', 'seen').waitFor();

    server.publish(makePlan(PLAN.map(([id, text, status]) => [id, text, id === 'p2' ? 'completed' : status])));

    await apart('reorder', 'ignored').getByText('the revised plan has another order').waitFor();
  });

  test('can be taken back, by Reset and by moving everything to where it was', async () => {
    await open();
    await act('p4', 'up').click();
    await page.getByRole('button', { name: 'Reset' }).click();
    expect(await order()).toEqual(['p1', 'p2', 'p3', 'p4', 'p5']);
    await act('p4', 'up').click();
    await page.getByTestId('plan-order').waitFor();
    await act('p4', 'down').click();

    await page.getByTestId('plan-order').waitFor({ state: 'detached' });
    expect(server.control.posts).toEqual([]);
  });

  test('of a plan that changed meanwhile is laid over the new one, and sent only after it was looked at', async () => {
    await open();
    await act('p5', 'up').click();
    server.publish(makePlan([...without('p3'), ['p6', 'Clean up', 'pending']]));
    await page.getByTestId('plan-changed').getByText('Plan changed since you opened it – review').waitFor();
    expect(await order()).toEqual(['p1', 'p2', 'p5', 'p4', 'p6']);
    expect(await propose().getAttribute('aria-disabled')).toBe('true');
    await page.getByRole('button', { name: 'I have looked at it' }).click();
    await propose().click();
    await apart('reorder', 'proposed').waitFor();

    expect(server.control.posts.map(({ body }) => body.items)).toEqual([['p1', 'p2', 'p5', 'p4', 'p6']]);
  });

  test('of a plan that changed the moment it is sent is not sent either', async () => {
    await open();
    await act('p5', 'up').click();
    await propose().waitFor();
    server.publish(makePlan(without('p3')));
    await propose().click();
    await page.getByTestId('plan-changed').waitFor();

    expect(server.control.posts).toEqual([]);
  });

  test('goes on when an item it does not move is finished', async () => {
    await open();
    await act('p5', 'up').click();
    server.publish(makePlan(PLAN.map(([id, text, status]) => [id, text, id === 'p2' ? 'completed' : status])));
    await page.getByText('2/5 done').waitFor();
    await propose().click();

    await apart('reorder', 'proposed').waitFor();
  });
});

describe('nothing can be proposed', () => {
  const stopped = (kind: 'stop' | 'bar') => {
    const command = makeCommand({ kind });
    return { stop: { command, requestedAt: command.createdAt, by: ANNA, lastActivityAt: null } };
  };
  test.each([
    [
      'an agent that cannot change its plan',
      { capabilities: ['add_task' as const] },
      'Coder v12 did not say that it can do this.',
    ],
    [
      'a run only telemetry tells of',
      { runtime: null, agent: null, reason: 'Only telemetry is known of this run.' },
      'Only telemetry is known',
    ],
    ['a run that has ended', { ended: true }, 'The run has ended.'],
    ['a run that was stopped', stopped('stop'), 'The run was asked to stop.'],
    ['a run that is barred', stopped('bar'), 'Further actions of the run are refused.'],
  ])('to %s, with the reason', async (_of, control, reason) => {
    server.control.run(RUN_ID, control);
    await open();
    await page.getByTestId('plan-hint').getByText(reason).waitFor();

    await row('p5').waitFor();
    const buttons = box().locator('[data-action]');
    expect(await buttons.count()).toBe(10);
    expect(new Set(await buttons.evaluateAll((all) => all.map((one) => one.ariaDisabled)))).toEqual(new Set(['true']));
    expect(await act('p4', 'cancel').getAttribute('title')).toContain(reason);
    await act('p4', 'cancel').press('Enter');
    expect(server.control.posts).toEqual([]);
  });
});

const looks: PageOptions[] = [
  { theme: 'dark' },
  { theme: 'light', language: 'ru-RU' },
  { theme: 'dark', width: 390, height: 844, language: 'ru-RU' },
  { theme: 'light', width: 390, height: 844 },
];

test.each(looks)('no serious finding, nothing beyond the edge, targets for a thumb: %j', async (look) => {
  const createdAt = new Date(Date.now() - 60_000).toISOString();
  const late = makeCommand({ kind: 'task.cancel', payload: { items: ['p5'] }, createdAt });
  const asked = makeCommand({ kind: 'task.reorder', payload: { items: ['p1', 'p2', 'p5', 'p3', 'p4'] }, createdAt });
  server.control.run(RUN_ID, { tasks: [late, asked] });
  await open(look);
  await act('p4', 'up').click();
  const findings = await scan(page);
  if (process.env.SHOTS)
    await page.screenshot({
      path: `${process.env.SHOTS}/${look.theme}-${look.width ?? 1280}-${look.language ?? 'en'}.png`,
    });
  server.publish(makePlan([...without('p5'), ['p6', 'Clean up', 'pending']]));
  await page.getByTestId('plan-changed').waitFor();
  findings.push(...(await scan(page)));
  if (process.env.SHOTS)
    await page.screenshot({
      path: `${process.env.SHOTS}/${look.theme}-${look.width ?? 1280}-${look.language ?? 'en'}-changed.png`,
    });

  expect(findings).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(look.width ?? 1280);
  const sizes = await box()
    .locator('[data-action]')
    .evaluateAll((all) =>
      all.map((one) => one.getBoundingClientRect()).map(({ width, height }) => Math.min(width, height)),
    );
  expect(Math.min(...sizes)).toBeGreaterThanOrEqual(look.width ? 44 : 24);
  if (look.language)
    expect(await box().textContent()).toMatch(/Предложить отменить.*готово|готово.*Предложить отменить/);
});
