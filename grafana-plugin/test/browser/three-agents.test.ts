import type { Page } from 'playwright-core';
import { sampleRun } from '../stand-in-events.ts';
import { startConsole, type TestConsole } from '../start-console.ts';
import { startBrowser, type TestBrowser } from './browser.ts';

const FEED = '/a/signalbox-agents-app/feed';
const AGENTS = [
  ['0af76519-0000-4000-8000-000000000001', 'Obeys'],
  ['0af76519-0000-4000-8000-000000000002', 'Late'],
  ['0af76519-0000-4000-8000-000000000003', 'Deaf'],
] as const;
const [[obeys], [late], [deaf]] = AGENTS;

let browser: TestBrowser;
let server: TestConsole;
let page: Page;

beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(async () => browser.close());
beforeEach(async () => {
  server = await startConsole({ events: sampleRun() });
  for (const [runId, agent] of AGENTS) server.control.run(runId, { runId, agent });
});
afterEach(async () => {
  await page.close();
  await server.stop();
});

const result = (agent: string) => page.getByTestId('stop-results').locator('tbody tr', { hasText: agent });

async function says(agent: string, words: string): Promise<void> {
  await result(agent).getByTestId('stop-result').getByText(words, { exact: true }).waitFor();
}

test('three agents are stopped at once: each is told as far as it really is', async () => {
  page = await browser.open(server.address + FEED, { clock: true });
  await page.getByRole('button', { name: 'Stop many…' }).click();
  await page.locator('#stop-workflow').fill('price-compare');
  await page.getByText('3 runs now, and any that start until you confirm.').waitFor();
  await page.getByTestId('stop-many-confirm').click();
  for (const [, agent] of AGENTS) await says(agent, 'Stopping…');

  for (const state of ['delivered', 'acked', 'effective'] as const) server.control.move('stop', state, null, obeys);
  server.control.move('stop', 'delivered', null, late);
  server.control.move('stop', 'delivered', null, deaf);
  await says('Obeys', 'Stopped');
  expect(await result('Late').textContent()).toContain('Stopping…');

  await page.clock.fastForward(10_000);
  await says('Late', 'Agent has not answered');
  await says('Deaf', 'Agent has not answered');
  server.control.move('stop', 'acked', 'after this tool call', late);
  await says('Late', 'Stopping…');
  await page.clock.fastForward(60_000);
  expect(await result('Late').textContent()).not.toContain('Stopped');
  server.control.move('stop', 'effective', null, late);
  await says('Late', 'Stopped');

  await page.clock.fastForward(600_000);
  expect(await result('Deaf').textContent()).toContain('Agent has not answered');
  expect(await result('Deaf').textContent()).not.toContain('Stopped');
});

test('on the page of the deaf one nothing is called stopped, and what holds is said', async () => {
  page = await browser.open(`${server.address}${FEED}?run=${deaf}`, { clock: true });
  await page.getByTestId('run-bar').getByTestId('stop').click();
  await page.getByTestId('stop-confirm').click();
  const dialog = (phase: string) => page.locator(`[data-testid="stop-dialog"][data-phase="${phase}"]`);
  await dialog('requested').waitFor();
  server.control.move('stop', 'delivered', null, deaf);
  await page.clock.fastForward(10_000);
  await dialog('unanswered').getByText('its open requests are taken back, further ones are refused').waitFor();
  await page.getByTestId('stop-again').click();
  await dialog('requested').waitFor();
  await page.clock.fastForward(10_000);
  await dialog('unanswered').waitFor();

  expect(await dialog('unanswered').textContent()).toMatch(/Stoppednot yet, asked \d+/);
  await page.getByRole('button', { name: 'Close', exact: true }).last().click();
  expect(await page.getByTestId('run-bar').textContent()).not.toMatch(/[Ss]topped/);
});
