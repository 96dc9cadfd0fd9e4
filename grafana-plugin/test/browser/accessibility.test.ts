import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { sampleRun } from '../stand-in-events.ts';
import { startConsole, type TestConsole } from '../start-console.ts';
import { type PageOptions, startBrowser, type TestBrowser } from './browser.ts';

const axeSource = readFileSync(createRequire(__filename).resolve('axe-core/axe.min.js'), 'utf8');

let browser: TestBrowser;
let server: TestConsole;

beforeAll(async () => {
  browser = await startBrowser();
  server = await startConsole({ events: sampleRun() });
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

interface Finding {
  id: string;
  impact: string | null;
  nodes: { html: string }[];
}

async function scan(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  const findings = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run: () => Promise<{ violations: Finding[] }> } };
    return (await axe.run()).violations;
  });
  return findings
    .filter((finding) => finding.impact === 'serious' || finding.impact === 'critical')
    .map((finding) => `${finding.id}: ${finding.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
}

const looks: PageOptions[] = [
  { theme: 'dark' },
  { theme: 'light' },
  { theme: 'dark', width: 390, height: 844, language: 'ru-RU' },
  { theme: 'light', width: 390, height: 844 },
];

test.each(looks)('no serious finding: %j', async (look) => {
  const page = await browser.open(`${server.address}/a/signalbox-agents-app/feed`, look);
  await page.locator('[data-row-id="e13"]').waitFor();
  const list = await scan(page);

  await page.locator('[data-row-id="e09"]').click();
  await page.getByTestId('detail').locator('li').first().waitFor();
  const detail = await scan(page);

  expect([...list, ...detail]).toEqual([]);
  await page.close();
});
