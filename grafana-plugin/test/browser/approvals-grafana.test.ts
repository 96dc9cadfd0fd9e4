import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { packageFolder, react19Folder } from '../../build/paths.ts';
import { CollectorStandIn } from '../collector-stand-in.ts';
import { GrafanaProxy } from '../grafana-proxy.ts';
import { APPROVAL_ID, makeApproval } from '../stand-in-approvals.ts';
import { RUN_ID, sampleRun } from '../stand-in-events.ts';
import { startBrowser, type TestBrowser } from './browser.ts';

const SECOND = '5b4b8f6e-0f57-4f5c-9d0e-3a1d2a7c9b22';
const SECRETS = { readKey: 'read-key-of-the-test', proxySecret: 'proxy-secret-of-the-test' };

const newest = existsSync(path.join(react19Folder, 'node_modules'));
const hosts: ('react18' | 'react19')[] = newest ? ['react18', 'react19'] : ['react18'];

let browser: TestBrowser;
beforeAll(async () => {
  if (newest)
    execFileSync(process.execPath, [path.join(packageFolder, 'build', 'build.ts'), 'react19'], { stdio: 'pipe' });
  browser = await startBrowser();
});
afterAll(async () => browser.close());

describe.each(hosts)('through the proxy of Grafana, on %s', (host) => {
  let collector: CollectorStandIn;
  let pages: CollectorStandIn;
  let grafana: GrafanaProxy;
  let page: Page;

  beforeEach(async () => {
    collector = await new CollectorStandIn({ events: sampleRun(), readKey: SECRETS.readKey }).start();
    collector.control.add(makeApproval());
    pages = await new CollectorStandIn({ host }).start();
  });
  afterEach(async () => {
    await page.close();
    await Promise.all([grafana.stop(), collector.stop(), pages.stop()]);
  });

  async function open(address: string, role: 'Viewer' | 'Editor' = 'Editor'): Promise<void> {
    const secureJsonData = { ...SECRETS };
    const settings = { collectorUrl: collector.address, secureJsonData, pages: pages.address, role };
    grafana = await new GrafanaProxy(settings).start();
    page = await browser.open(grafana.address + address, { clock: true });
    await page.getByTestId('approval-card').waitFor();
  }

  test.each([
    ['page', `/a/signalbox-agents-app/approvals/${APPROVAL_ID}?signalbox-base=proxy`],
    ['inbox', '/a/signalbox-agents-app/approvals?signalbox-base=proxy'],
    ['panel', '/a/signalbox-approvals-panel'],
  ])('the %s decides, with keys the browser never has', async (_name, address) => {
    await open(address);

    await page.locator('[data-decision="reject"]').click();
    await page.getByRole('button', { name: 'Not now' }).click();
    await page.getByTestId('confirm').click();
    await page.getByTestId('settled').getByText('Rejected by Anna').waitFor();

    const [post] = collector.control.posts;
    expect(post?.path).toBe(`/api/approvals/${APPROVAL_ID}/decision`);
    expect(post?.headers).toMatchObject({
      authorization: `Bearer ${SECRETS.readKey}`,
      'x-signalbox-proxy': SECRETS.proxySecret,
    });
    expect(post?.headers.cookie).toBeUndefined();
  });

  test('a stop and a task go their own routes, a stop of many too', async () => {
    await open(`/a/signalbox-agents-app/approvals/${APPROVAL_ID}?signalbox-base=proxy`);

    await page.getByTestId('stop').click();
    await page.getByTestId('stop-confirm').click();
    await page.locator('[data-testid="stop-dialog"][data-phase="requested"]').waitFor();
    const proxy = `${grafana.address}/api/plugin-proxy/signalbox-agents-app`;
    const many = await fetch(`${proxy}/api/stop`, { method: 'POST', body: '{"everything":true}' });

    expect(many.status).toBe(202);
    expect(collector.control.posts.map((post) => post.path)).toEqual([`/api/runs/${RUN_ID}/stop`, '/api/stop']);
  });

  test('a batch, an extension, a bar and what is read before go the same routes', async () => {
    collector.control.policy = { source: 'default', since: new Date().toISOString(), problem: null };
    collector.control.run(RUN_ID, { capabilities: ['approve'] });
    collector.control.add(makeApproval({ id: SECOND }));
    await open(`/a/signalbox-agents-app/approvals?id=${APPROVAL_ID}&signalbox-base=proxy`);

    await page.getByTestId('policy-line').waitFor();
    await page.getByTestId('extend').click();
    await page.getByTestId('extended').waitFor();
    await page.getByTestId('batch-offer').getByRole('button').click();
    await page.getByText('All 2 that are shown in full').click();
    await page.getByTestId('batch-approve').click();
    await page.getByText('2 decisions were taken.').waitFor();
    await page.goto(`${grafana.address}/a/signalbox-agents-app/approvals/${APPROVAL_ID}?signalbox-base=proxy`);
    await page.getByTestId('stop').click();
    await page.locator('[data-testid="stop-confirm"][data-kind="bar"]').click();
    await page.locator('[data-testid="stop-dialog"][data-phase="barred"]').waitFor();
    const preview = await fetch(`${grafana.address}/api/plugin-proxy/signalbox-agents-app/api/stop?workflow=x`);

    expect(preview.status).toBe(200);
    expect(collector.control.posts.map((post) => post.path)).toEqual([
      `/api/approvals/${APPROVAL_ID}/extend`,
      '/api/approvals/decisions',
      `/api/runs/${RUN_ID}/bar`,
    ]);
  });

  test('a Viewer is turned away by Grafana, and told so', async () => {
    await open(`/a/signalbox-agents-app/approvals/${APPROVAL_ID}?signalbox-base=proxy`, 'Viewer');

    await page.locator('[data-decision="approve"]').click();
    await page.getByTestId('held').waitFor();
    await page.clock.fastForward(5000);
    await page.locator('[data-testid="refusal"][data-kind="forbidden"]').getByText('You may not decide this').waitFor();

    expect(collector.control.posts).toEqual([]);
  });
});
