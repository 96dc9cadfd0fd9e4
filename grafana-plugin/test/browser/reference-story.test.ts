import type { ApprovalPage, AuditPage, RunControl, RunPage } from '@signalbox/event-model';
import type { Page } from 'playwright-core';
import { freePort } from '../../../collector/src/lifecycle/free-port.ts';
import { ReferenceAgent, type Thread } from '../../../collector/src/testing/reference-agent.ts';
import { AlertReceiver } from '../alert-receiver.ts';
import { startRealCollector, type RealCollector } from '../real-collector.ts';
import { eventually } from '../eventually.ts';
import { startBrowser, type TestBrowser } from './browser.ts';

jest.setTimeout(60_000);

const PHONE = { width: 390, height: 844 };
const alerts = new AlertReceiver();
let browser: TestBrowser;
let collector: RealCollector;
let agent: ReferenceAgent;

beforeAll(async () => {
  const [port, webhook] = await Promise.all([freePort(), alerts.start()]);
  [browser, collector] = await Promise.all([
    startBrowser(),
    startRealCollector({
      SIGNALBOX_LANGGRAPH_URLS: `http://127.0.0.1:${port}`,
      SIGNALBOX_WEBHOOK_URL: webhook,
      SIGNALBOX_WEBHOOK_SECRET: 'secret-of-the-alerts-of-the-tests',
    }),
  ]);
  agent = await ReferenceAgent.start(port, collector.http, 150);
  const first = await browser.open(collector.signInLink);
  await first.getByTestId('feed').waitFor();
  await first.close();
});
afterAll(async () => {
  await agent.stop();
  await browser.close();
  await collector.stop();
  await alerts.stop();
});

const inPage = <T>(page: Page, path: string): Promise<T> =>
  page.evaluate(async (address) => (await (await fetch(address)).json()) as T, path);

async function threadThat(id: string, fits: (thread: Thread) => boolean): Promise<Thread> {
  return eventually(async () => {
    const thread = await agent.thread(id);
    return fits(thread) ? thread : undefined;
  });
}

/** The alert about one action of a thread. */
async function alertOf(page: Page, thread: string, action: string) {
  const approval = await eventually(async () => {
    const { approvals } = await inPage<ApprovalPage>(page, '/api/approvals?status=pending&limit=100');
    return approvals.find((each) => each.sessionId === thread && each.action === action);
  });
  return { approval, alert: await alerts.alert(({ approvalId }) => approvalId === approval.id) };
}

/** Opens what the alert links to and approves it; where a name is to be typed, it is typed. */
const approve = async (page: Page, url: string): Promise<void> => {
  await page.goto(url);
  await page.locator('[data-decision="approve"]').click();
  await page.getByTestId('confirm').waitFor();
  const label = page.getByText(/^Type .+ to go on$/);
  if (await label.isVisible()) {
    const [, name = ''] = /^Type (.+) to go on$/.exec((await label.textContent()) ?? '') ?? [];
    await page.getByLabel(`Type ${name} to go on`).fill(name);
  }
  await page.getByTestId('confirm').click();
  await page.getByTestId('settled').waitFor();
};

test('from the alert on a phone to the audit: the reference agent asks, a person approves, it goes on to its end', async () => {
  const page = await browser.open(`${collector.api}/a/signalbox-agents-app/approvals`, PHONE);
  const thread = await agent.run();
  await threadThat(thread, ({ status }) => status === 'interrupted');
  const publish = await alertOf(page, thread, 'publish_report');
  const remove = await alertOf(page, thread, 'delete_drafts');

  await approve(page, publish.alert.url);
  await approve(page, remove.alert.url);
  await page.locator('[data-step="effective"][data-done="true"]').waitFor();
  const done = await threadThat(thread, ({ status }) => status === 'idle');

  expect(publish.alert.text).toContain('publish_report');
  expect(JSON.stringify(publish.alert)).not.toContain('customers');
  expect(done.values?.todo?.map(({ status }) => status)).not.toContain('pending');
  const { entries } = await inPage<AuditPage>(page, '/api/audit?limit=1000');
  const decided = entries.filter(({ action, subject }) => {
    return (
      action === 'approval.decided' && [publish.approval.id, remove.approval.id].includes(String(subject['approval']))
    );
  });
  expect(decided.map(({ actor }) => actor.via)).toEqual(['console', 'console']);
  await page.close();
});

test('a task a person adds is done by the reference agent, and a stop stops it', async () => {
  const page = await browser.open(`${collector.api}/a/signalbox-agents-app/approvals`);
  const thread = await agent.run();
  await threadThat(thread, ({ status }) => status === 'interrupted');
  const publish = await alertOf(page, thread, 'publish_report');
  const remove = await alertOf(page, thread, 'delete_drafts');

  await page.goto(`${collector.api}/a/signalbox-agents-app/feed?run=${publish.approval.runId ?? ''}`);
  await page.getByRole('button', { name: 'Add task' }).click();
  await page.locator('#task-text').fill('check the prices twice');
  await page.getByRole('button', { name: 'Propose task' }).click();
  await page.locator('[data-testid="tasks"] li').waitFor();
  await approve(page, publish.alert.url);
  await approve(page, remove.alert.url);
  const done = await threadThat(thread, ({ values }) =>
    Boolean(values?.todo?.some(({ text, status }) => text === 'check the prices twice' && status === 'completed')),
  );
  expect(done.values?.todo?.map(({ text }) => text)).toContain('check the prices twice');

  const second = await agent.run();
  const run = await runOf(page, second);
  await page.goto(`${collector.api}/a/signalbox-agents-app/feed?run=${run}`);
  await page.getByTestId('run-bar').getByTestId('stop').click();
  await page.getByTestId('stop-confirm').click();
  await page.locator('[data-testid="stop-dialog"][data-phase="stopped"]').waitFor();
  const runs = await agent.call<{ status: string }[]>(`/threads/${second}/runs`);

  expect(runs.filter(({ status }) => status === 'running' || status === 'pending')).toEqual([]);
  await page.close();
});

/** The run of a thread, once telemetry told of it and its server can be told to stop it. */
async function runOf(page: Page, thread: string): Promise<string> {
  const run = await eventually(async () => {
    const { runs } = await inPage<RunPage>(page, '/api/runs?limit=100');
    return runs.find(({ sessionId }) => sessionId === thread);
  });
  await eventually(async () => {
    const { capabilities } = await inPage<RunControl>(page, `/api/runs/${run.id}/control`);
    return capabilities.includes('stop') ? true : undefined;
  });
  return run.id;
}
