import type { Approval, AuditPage } from '@signalbox/event-model';
import type { Page } from 'playwright-core';
import { TestAgent } from '../../../collector/src/testing/test-agent.ts';
import { AgentRun } from '../agent-spans.ts';
import { startRealCollector, type RealCollector } from '../real-collector.ts';
import { startBrowser, type TestBrowser } from './browser.ts';

let browser: TestBrowser;
let collector: RealCollector;
let page: Page;

beforeAll(async () => {
  [browser, collector] = await Promise.all([startBrowser(), startRealCollector()]);
  const first = await browser.open(collector.signInLink);
  await first.getByTestId('feed').waitFor();
  await first.close();
});
afterAll(async () => {
  await browser.close();
  await collector.stop();
});

const PHONE = { width: 390, height: 844 };
const inPage = <T>(path: string): Promise<T> =>
  page.evaluate(async (address) => (await (await fetch(address)).json()) as T, path);

let asked = 0;

async function ask(agent: TestAgent, traceId: string, more: Record<string, unknown> = {}): Promise<string> {
  const id = `request-${traceId}-${asked++}`;
  const args = { path: 'reports/iphone.md', copies: 2 };
  agent.send({ type: 'approval.request', id, traceId, action: 'publish_report', args, risk: 'high', ...more });
  await agent.until(() => agent.frames.some((frame) => frame.type === 'approval.stored' && frame.id === id));
  const stored = agent.frames.find((frame) => frame.type === 'approval.stored' && frame.id === id);
  return (stored as { approvalId: string }).approvalId;
}

test('an agent asks, a person approves on a phone, the agent obeys, and the card and the audit say so', async () => {
  const agent = new TestAgent(collector.api, 'coder');
  await agent.connect({ workflow: 'price-compare' });
  const run = new AgentRun(collector.http);
  await run.toolCall('search_shop', { model: 'phone 13' }, '{"price": 399}');
  const id = await ask(agent, run.traceId, { reason: 'the report is ready', question: 'Publish the report?' });

  page = await browser.open(`${collector.api}/a/signalbox-agents-app/approvals/${id}`, PHONE);
  await page.getByTestId('approval-card').getByText('Publish the report?').waitFor();
  await page.getByText('the report is ready').waitFor();
  await page.locator('[data-decision="approve"]').click();
  await page.getByText('Run publish_report on reports/iphone.md?').waitFor();
  await page.getByTestId('confirm').click();
  const order = await agent.command((command) => command.decision === 'approve');
  await page.locator('[data-step="delivered"][data-done="true"]').waitFor();
  expect(await page.locator('[data-step="effective"]').getAttribute('data-done')).toBe('false');
  agent.send({ type: 'command.report', commandId: order.id, state: 'acked' });
  await page.locator('[data-step="acked"][data-done="true"]').waitFor();
  agent.send({ type: 'command.report', commandId: order.id, state: 'effective', evidence: 'the tool ran' });
  await page.locator('[data-step="effective"][data-done="true"]').waitFor();

  expect(await page.getByTestId('trail').textContent()).toContain('the tool ran');
  expect((await inPage<Approval>(`/api/approvals/${id}`)).status).toBe('approved');
  const { entries } = await inPage<AuditPage>('/api/audit?limit=1000');
  const decided = entries.find((entry) => entry.action === 'approval.decided' && JSON.stringify(entry).includes(id));
  expect(decided?.actor.via).toBe('console');
  await page.close();
});

test('a run is stopped from the console: stopped is said only after the agent said it', async () => {
  const agent = new TestAgent(collector.api, 'runner');
  await agent.connect({ workflow: 'nightly' });
  const run = new AgentRun(collector.http);
  await run.toolCall('search_shop', { model: 'phone 14' }, '{"price": 499}');
  const runId = run.traceId.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  const id = await ask(agent, run.traceId);

  page = await browser.open(`${collector.api}/a/signalbox-agents-app/feed?run=${runId}`);
  await page.getByTestId('pending-banner').waitFor();
  await page.getByTestId('run-bar').getByTestId('stop').click();
  await page.getByTestId('stop-reach').getByText('publish_report').waitFor();
  await page.getByTestId('stop-confirm').click();
  const order = await agent.command((command) => command.kind === 'stop');
  const dialog = (phase: string) => page.locator(`[data-testid="stop-dialog"][data-phase="${phase}"]`);
  await dialog('requested').waitFor();
  agent.send({ type: 'command.report', commandId: order.id, state: 'acked', evidence: 'at the next step' });
  await dialog('acknowledged').waitFor();
  agent.send({ type: 'command.report', commandId: order.id, state: 'effective' });
  await dialog('stopped').waitFor();
  await page.goto(`${collector.api}/a/signalbox-agents-app/approvals/${id}`);
  await page.getByTestId('settled').getByText('Taken back').waitFor();

  expect(await page.locator('[data-decision]').count()).toBe(0);
  await page.close();
});

test('a task goes to the agent and back', async () => {
  const agent = new TestAgent(collector.api, 'tasked');
  await agent.connect();
  const run = new AgentRun(collector.http);
  await run.toolCall('search_shop', { model: 'phone 15' }, '{"price": 599}');
  const runId = run.traceId.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  agent.send({ type: 'run', traceId: run.traceId, state: 'started' });

  page = await browser.open(`${collector.api}/a/signalbox-agents-app/feed?run=${runId}`);
  await page.getByRole('button', { name: 'Add task' }).click();
  await page.locator('#task-text').fill('check the prices twice');
  await page.getByRole('button', { name: 'Propose task' }).click();
  const order = await agent.command((command) => command.kind === 'task.add');
  await page.locator('[data-testid="tasks"] li[data-state="seen"]').waitFor();
  agent.send({ type: 'command.report', commandId: order.id, state: 'acked' });
  await page.locator('[data-testid="tasks"] li[data-state="accepted"]').waitFor();

  expect(order.task?.text).toBe('check the prices twice');
  await page.close();
});

test('changes of a plan go to the agent and back, beside the plan as the agent tells it', async () => {
  const agent = new TestAgent(collector.api, 'planned');
  await agent.connect();
  const run = new AgentRun(collector.http);
  const plan = (current: string, ...ids: string[]) => {
    const todos = ids.map((id) => ({ id, content: `Step ${id}`, status: id === current ? 'in_progress' : 'pending' }));
    return run.toolCall('write_todos', { todos }, 'ok');
  };
  await plan('a', 'a', 'b', 'c', 'd');
  const runId = run.traceId.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  agent.send({ type: 'run', traceId: run.traceId, state: 'started' });
  const row = (id: string) => page.locator(`[data-testid="plan-box"] [data-item="${id}"]`);
  const told = (change: string, state: string) => page.locator(`[data-proposal="${change}"][data-state="${state}"]`);

  page = await browser.open(`${collector.api}/a/signalbox-agents-app/feed?run=${runId}`);
  await page.getByRole('button', { name: 'Plan', exact: true }).click();
  await row('c').locator('[data-action="cancel"]').click();
  const cancel = await agent.command(({ kind }) => kind === 'task.cancel');
  await row('c').locator('[data-state="seen"]').waitFor();
  agent.send({ type: 'command.report', commandId: cancel.id, state: 'refused', evidence: 'step c was promised' });
  await row('c').locator('[data-state="refused"]').getByText('step c was promised').waitFor();
  await row('d').locator('[data-action="up"]').click();
  await page.getByRole('button', { name: 'Propose this order' }).click();
  const reorder = await agent.command(({ kind }) => kind === 'task.reorder');
  agent.send({ type: 'command.report', commandId: reorder.id, state: 'acked' });
  await told('reorder', 'accepted').waitFor();
  await plan('b', 'a', 'b', 'd', 'c');
  agent.send({ type: 'command.report', commandId: reorder.id, state: 'effective' });
  await told('reorder', 'done').getByText('taken into the plan').waitFor();
  await page.waitForFunction(() => document.querySelector('[data-item="d"] + [data-item="c"]') !== null);

  expect([cancel.items, reorder.items]).toEqual([['c'], ['a', 'b', 'd', 'c']]);
  await page.close();
});

test('requests of the same kind are decided together, after one was extended; the agent hears of each', async () => {
  const agent = new TestAgent(collector.api, 'publisher');
  await agent.connect({ workflow: 'price-compare' });
  const run = new AgentRun(collector.http);
  await run.toolCall('search_shop', { model: 'phone 16' }, '{"price": 699}');
  const tame = { risk: 'low', affects: 'the public site', reversible: false, timeoutMs: 600_000 };
  const first = await ask(agent, run.traceId, { ...tame, args: { page: 1 } });
  await ask(agent, run.traceId, { ...tame, args: { page: 2 } });

  page = await browser.open(`${collector.api}/a/signalbox-agents-app/approvals/${first}`, PHONE);
  await page.getByTestId('reach').getByText('Affects, the agent says: the public site.').waitFor();
  await page.getByTestId('extend').click();
  const extension = await agent.command((command) => command.kind === 'extend');
  agent.send({ type: 'command.report', commandId: extension.id, state: 'effective' });
  await page.locator('[data-testid="extended"][data-state="effective"]').waitFor();
  await page.goto(`${collector.api}/a/signalbox-agents-app/approvals`);
  await page.getByTestId('policy-line').getByText('Built-in policy in force since').waitFor();
  await page.getByTestId('batch-offer').getByRole('button').click();
  await page.getByText('All 2 that are shown in full').click();
  await page.getByTestId('batch-approve').click();
  await page.getByText('2 decisions were taken.').waitFor();
  await agent.until(
    () => agent.frames.filter((frame) => frame.type === 'command' && frame.kind === 'decision').length === 2,
  );

  expect((await inPage<Approval>(`/api/approvals/${first}`)).status).toBe('approved');
  await page.close();
});

test('a run whose agent cannot stop is barred, which is not called stopped', async () => {
  const agent = new TestAgent(collector.api, 'deaf');
  await agent.connect({ workflow: 'deafness', capabilities: ['approve'] });
  const run = new AgentRun(collector.http);
  await run.toolCall('search_shop', { model: 'phone 17' }, '{"price": 799}');
  const id = await ask(agent, run.traceId);

  page = await browser.open(`${collector.api}/a/signalbox-agents-app/approvals/${id}`);
  await page.goto(`${collector.api}/a/signalbox-agents-app/feed`);
  await page.getByRole('button', { name: 'Stop many…' }).click();
  await page.locator('#stop-workflow').fill('deafness');
  await page.getByTestId('stop-preview').getByText('1 run now, and any that start until you confirm.').waitFor();
  await page.getByTestId('stop-many-confirm').click();
  await page
    .getByTestId('stop-result')
    .getByText(/^Barred · /)
    .waitFor();
  await page.goto(`${collector.api}/a/signalbox-agents-app/approvals/${id}`);
  await page.getByTestId('settled').getByText('Taken back with its run by').waitFor();
  await page.locator('[data-testid="stop"][data-phase="barred"]').getByText('Barred').waitFor();

  expect(await page.getByText('Stopped').count()).toBe(0);
  await page.close();
});
