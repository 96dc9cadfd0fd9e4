import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { findChromium } from './chromium-path.ts';

/** How a page is opened. */
export interface PageOptions {
  width?: number;
  height?: number;
  theme?: 'dark' | 'light';
  language?: 'en-US' | 'ru-RU';
  /** Time goes on by itself, and can be moved on by the test: `page.clock`. */
  clock?: boolean;
}

/** A browser of the test's own, with a profile that is thrown away. */
export interface TestBrowser {
  open: (address: string, options?: PageOptions) => Promise<Page>;
  close: () => Promise<void>;
}

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts Chromium. */
export async function startBrowser(): Promise<TestBrowser> {
  const profile = mkdtempSync(path.join(tmpdir(), 'signalbox-browser-'));
  const { path: executablePath, libraries } = findChromium();
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    ...(libraries === undefined ? {} : { env: { ...process.env, LD_LIBRARY_PATH: libraries } }),
    args: FLAGS,
    locale: 'en-US',
    timezoneId: 'UTC',
    viewport: { width: 1280, height: 800 },
  });
  // Before the test's own time is over, so that what was waited for is named.
  context.setDefaultTimeout(12_000);
  return {
    open: (address, options = {}) => openPage(context, address, options),
    close: async () => {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

async function openPage(context: BrowserContext, address: string, options: PageOptions): Promise<Page> {
  const page = await context.newPage();
  await page.setViewportSize({ width: options.width ?? 1280, height: options.height ?? 800 });
  await page.addInitScript(
    ([theme, language]) => {
      localStorage.setItem('signalbox.theme', theme);
      localStorage.setItem('signalbox.language', language);
    },
    [options.theme ?? 'dark', options.language ?? 'en-US'] as const,
  );
  if (options.clock) await page.clock.install();
  await page.goto(address);
  return page;
}
