import type { Page } from 'playwright-core';
import { makeEvent, sampleRun } from '../stand-in-events.ts';
import { startConsole, type TestConsole } from '../start-console.ts';
import { startBrowser, type TestBrowser } from './browser.ts';

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

const row = (id: string) => page.locator(`[data-row-id="${id}"]`);
const chip = () => page.getByTestId('freshness');

async function openFeed(options: Parameters<TestBrowser['open']>[1] = {}, query = ''): Promise<void> {
  page = await browser.open(`${server.address}/a/signalbox-agents-app/feed${query}`, options);
  await page.locator('[data-row-id]').first().waitFor();
  await page.waitForFunction(
    () => document.querySelector('[data-testid="freshness"]')?.getAttribute('data-kind') === 'live',
  );
}

describe('the feed', () => {
  test('shows history, unknown types included, and goes to the feed from the root', async () => {
    page = await browser.open(server.address);

    await row('e13').waitFor();

    expect(new URL(page.url()).pathname).toBe('/a/signalbox-agents-app/feed');
    expect(await page.locator('[data-row-id]').count()).toBe(13);
    expect(await row('e10').textContent()).toContain('quantum leap');
  });

  test('shows a new event at once, with the measured lag', async () => {
    await openFeed();

    server.publish(makeEvent({ id: 'n1', type: 'tool_call', atMs: 60_000, summary: 'brand new call' }));

    await row('n1').waitFor();
    expect(await row('n1').textContent()).toContain('brand new call');
    await page.waitForFunction(() =>
      document.querySelector('[data-testid="freshness"]')?.textContent?.includes('lag 12 ms'),
    );
  });

  test('changes a running row in its place', async () => {
    await openFeed();
    expect(await row('e13').getAttribute('data-status')).toBe('in_progress');
    expect(await page.getByTestId('running').textContent()).toContain('Validator');

    server.revise('e13', { status: 'completed', endedAt: new Date().toISOString(), summary: 'checked 14 offers' });

    await page.locator('[data-row-id="e13"][data-status="completed"]').waitFor();
    expect(await page.locator('[data-row-id]').count()).toBe(13);
    await page.getByTestId('running').waitFor({ state: 'detached' });
  });

  test('takes a row away that turned out to be none', async () => {
    await openFeed();

    server.revise('e10', { removed: true });

    await row('e10').waitFor({ state: 'detached' });
  });

  test('pauses, counts what comes, and jumps to the latest', async () => {
    await openFeed();
    await chip().click();
    expect(await chip().getAttribute('data-kind')).toBe('paused');

    for (const n of [1, 2, 3])
      server.publish(makeEvent({ id: `p${n}`, type: 'tool_call', atMs: 61_000 + n, summary: `call ${n}` }));

    await page.getByText('Paused · 3 new').waitFor();
    expect(await row('p1').count()).toBe(0);
    await page.getByTestId('jump').click();
    await row('p3').waitFor();
    await page.waitForFunction(
      () => document.querySelector('[data-testid="freshness"]')?.getAttribute('data-kind') === 'live',
    );
  });

  test('goes on without a gap after the stream broke', async () => {
    await openFeed();

    server.dropStreams();
    await page.waitForFunction(
      () => document.querySelector('[data-testid="freshness"]')?.getAttribute('data-kind') === 'reconnecting',
    );
    server.publish(makeEvent({ id: 'g1', type: 'tool_call', atMs: 70_000, summary: 'sent while away' }));

    await row('g1').waitFor();
    await page.waitForFunction(
      () => document.querySelector('[data-testid="freshness"]')?.getAttribute('data-kind') === 'live',
    );
    expect(await row('g1').count()).toBe(1);
  });

  test('filters, keeps the filter in the address, and clears it where nothing fits', async () => {
    await openFeed();

    await page.getByRole('button', { name: /^Errors/ }).click();
    await row('e13').waitFor({ state: 'detached' });
    expect(await page.locator('[data-row-id]').count()).toBe(1);
    expect(page.url()).toContain('f.errors=1');

    await page.getByLabel('Search events').fill('nothing like this');
    await page.getByTestId('filtered-out').waitFor();
    await page.getByRole('button', { name: 'Clear the filter' }).click();
    await row('e13').waitFor();
  });

  test('is walked by keyboard', async () => {
    await openFeed();
    await row('e13').focus();

    await page.keyboard.press('[');
    await page.waitForFunction(() => document.activeElement?.getAttribute('data-row-id') === 'e08');
    await page.keyboard.press('Enter');
    await page.getByTestId('detail').getByText('HttpError', { exact: true }).waitFor();
    await page.keyboard.press('j');
    await page.waitForFunction(() => new URLSearchParams(location.search).get('event') === 'e09');
    await page.keyboard.press('Escape');
    await page.getByTestId('detail').waitFor({ state: 'detached' });
  });

  test('stays small in the document with many rows', async () => {
    const many = Array.from({ length: 400 }, (_, n) =>
      makeEvent({ id: `m${n}`, type: 'tool_call', atMs: 100_000 + n, summary: `call ${n}` }),
    );
    await openFeed();

    for (const event of many) server.publish(event);

    await row('m399').waitFor();
    expect(await page.locator('[data-row-id]').count()).toBeLessThan(60);
    expect(await page.getByTestId('feed-count').textContent()).toContain('413 events');
  });

  test('tells how to connect an agent while nothing has come', async () => {
    await server.stop();
    server = await startConsole();
    page = await browser.open(server.address);

    await page.getByText('OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318').waitFor();
    await page.getByText('0 rejected · 0 without a valid key').waitFor();
    await page.getByRole('button', { name: 'LangGraph / LangChain · Python' }).click();
    await page.getByText('pip install openinference-instrumentation-langchain').waitFor();
    server.publish(makeEvent({ id: 'first', type: 'user_input', atMs: 0, summary: 'hello' }));
    await row('first').waitFor();
  });
});

describe('ways to look', () => {
  const second = { runId: '11111111-16cd-43dd-8448-eb211c80319c', workflow: 'second-run' };

  test('groups by run, folds by mouse and keys, and keeps both in the address', async () => {
    await openFeed();
    server.publish(makeEvent({ id: 's1', type: 'tool_call', atMs: 90_000, summary: 'other run', extra: second }));
    await row('s1').waitFor();

    await page.getByRole('button', { name: 'By run' }).click();
    const heads = page.locator('[data-row-id^="run:"]');
    await heads.nth(1).waitFor();
    expect(await heads.nth(0).textContent()).toMatch(/price-compare.*1 error.*13 events/);
    await heads.nth(0).click();
    await row('e13').waitFor({ state: 'detached' });
    expect(new URL(page.url()).searchParams.get('group')).toBe('run');

    await page.reload();
    await row('s1').waitFor();
    expect(await row('e13').count()).toBe(0);
    await row('s1').focus();
    await page.keyboard.press('k');
    await page.waitForFunction(() => document.activeElement?.getAttribute('data-row-id')?.startsWith('run:1111'));
    await page.keyboard.press('Enter');
    await row('s1').waitFor({ state: 'detached' });
    await page.keyboard.press('k');
    await page.keyboard.press('Enter');
    await row('e13').waitFor();
  });

  test('hides events like one, shows only such, and takes it back', async () => {
    await openFeed({}, '?event=e06');
    const like = page.getByTestId('like-this');
    await like.locator('summary').click();

    await like.getByRole('button', { name: 'hide these · Type: Tool call' }).click();
    await row('e06').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Without Type: Tool call' }).click();
    await row('e06').waitFor();

    await like.getByRole('button', { name: 'only these · Type: Tool call' }).click();
    await row('e01').waitFor({ state: 'detached' });
    await row('e06').waitFor();
  });

  test('leaves out what was quick', async () => {
    await openFeed();

    await page.getByLabel('Shortest duration').selectOption('1000');

    await row('e01').waitFor({ state: 'detached' });
    expect(new URL(page.url()).searchParams.get('f.min')).toBe('1000');
    await row('e13').waitFor();
  });

  test('shows the columns that were chosen, and remembers them', async () => {
    await openFeed();
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('group', { name: 'Columns' }).getByLabel('Tokens').click();
    await page.getByRole('columnheader', { name: 'Tokens' }).waitFor({ state: 'detached' });

    await page.reload();
    await row('e13').waitFor();

    expect(await page.getByRole('columnheader', { name: 'Duration' }).count()).toBe(1);
    expect(await page.getByRole('columnheader', { name: 'Tokens' }).count()).toBe(0);
    await page.evaluate(() => localStorage.removeItem('signalbox.feed.columns'));
  });

  test('goes from hit to hit', async () => {
    for (const n of [1, 2])
      server.publish(makeEvent({ id: `h${n}`, type: 'tool_call', atMs: 70_000 + n, summary: `iPhone offer ${n}` }));
    await openFeed({}, '?q=iphone');
    await row('h2').waitFor();
    expect(await row('h2').locator('mark').textContent()).toBe('iPhone');
    await row('h2').focus();

    await page.keyboard.press('Shift+N');
    await page.waitForFunction(() => document.activeElement?.getAttribute('data-row-id') === 'h1');
    await page.keyboard.press('n');
    await page.waitForFunction(() => document.activeElement?.getAttribute('data-row-id') === 'h2');
  });
});

describe('the detail view', () => {
  test('opens by its address and shows typed values and what was taken out', async () => {
    await openFeed({}, '?event=e06');

    const detail = page.getByTestId('detail');
    await detail.getByText('limit:').waitFor();
    const text = await detail.textContent();
    expect(text).toContain('exact: true');
    expect(text).toContain('region: null');
    expect(text).toContain('redacted: api-key');
  });

  test('says in different words why content is not there', async () => {
    await openFeed({}, '?event=e07');
    const detail = page.getByTestId('detail');

    await detail.locator('[data-marker="truncated"]').getByText('2.1 MB').waitFor();
    await row('e11').click();
    await detail.locator('[data-marker="not-captured"]').waitFor();
    await row('e04').click();
    await detail.locator('[data-marker="binary"]').waitFor();
  });

  test('renders a hostile answer without running or loading anything of it', async () => {
    const asked: string[] = [];
    await openFeed({}, '?event=e04');
    page.on('request', (request) => asked.push(request.url()));

    await page.getByRole('radio', { name: 'Rendered' }).check({ force: true });
    await page.getByTestId('detail').locator('strong', { hasText: 'Bold' }).waitFor();

    const found = await page.getByTestId('detail').evaluate((element) => ({
      links: [...element.querySelectorAll('a')].map((link) => [link.getAttribute('href'), link.rel]),
      images: element.querySelectorAll('img, script, iframe').length,
      buttons: [...element.querySelectorAll('button')].filter((button) => button.textContent === 'Approve').length,
      hacked: 'hacked' in window,
    }));
    expect(found).toEqual({
      links: [['https://example.com', 'noopener noreferrer nofollow']],
      images: 0,
      buttons: 0,
      hacked: false,
    });
    expect(asked.filter((url) => url.includes('stolen'))).toEqual([]);
  });

  test('shows what is new in a conversation first, and output without colour codes', async () => {
    const said = (text: string) => ({
      role: 'user',
      name: null,
      parts: [{ kind: 'content' as const, content: { kind: 'text' as const, text } }],
    });
    const request = (id: string, atMs: number, texts: string[]) =>
      makeEvent({
        id,
        type: 'model_request',
        atMs,
        summary: id,
        extra: { model: 'tiny' },
        content: {
          kind: 'model_request',
          provider: null,
          parameters: {},
          messages: texts.map(said),
          tools: [],
          notCaptured: false,
        },
      });
    server.publish(request('q1', 80_000, ['first words', 'second words']));
    server.publish(request('q2', 81_000, ['first words', 'second words', 'third words', 'now']));
    const result = { kind: 'text' as const, text: '\u001b[31mred\u001b[0m words' };
    server.publish(
      makeEvent({
        id: 'ansi',
        type: 'tool_result',
        atMs: 82_000,
        summary: 'done',
        content: { kind: 'tool_result', callId: null, result, error: null },
      }),
    );
    await openFeed({}, '?event=q2&time=run');
    const detail = page.getByTestId('detail');

    await detail.getByText('New since the request before (1 of 3)').waitFor();
    expect(await detail.getByText('second words').count()).toBe(0);
    await detail.getByRole('button', { name: 'Show all 3 messages' }).click();
    await detail.getByText('second words').waitFor();
    expect(await row('q2').textContent()).toContain('+1 m 21 s');

    await row('ansi').click();
    await detail.getByText('red words', { exact: true }).waitFor();
  });

  test('follows the event it shows', async () => {
    await openFeed({}, '?event=e13');
    await page.getByTestId('detail').getByText('In progress').waitFor();

    server.revise('e13', { status: 'error' });

    await page.getByTestId('detail').getByText('Failed').waitFor();
  });
});

describe('everywhere', () => {
  test('loads with its own fonts, nothing missing and no console error', async () => {
    page = await browser.open('about:blank');
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('response', (answer) => {
      if (answer.status() >= 400) complaints.push(`${answer.status()} ${answer.url()}`);
    });

    await page.goto(`${server.address}/a/signalbox-agents-app/feed?event=e06`);
    await page.getByTestId('detail').getByText('limit:').waitFor();
    const loaded = await page.evaluate(async () => {
      await document.fonts.ready;
      return [...document.fonts].filter((font) => font.status === 'loaded').map((font) => font.family);
    });

    expect(new Set(loaded.map((name) => name.replaceAll('"', '')))).toEqual(new Set(['Inter', 'Roboto Mono']));
    expect(complaints).toEqual([]);
  });

  test('speaks Russian, with its plurals', async () => {
    await openFeed({ language: 'ru-RU' }, '?event=e09');

    await page.getByRole('heading', { name: 'Лента событий' }).waitFor();
    await page.getByText('13 событий').waitFor();
    await page.getByTestId('detail').getByText('Правка плана').waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('ru-RU');
  });

  test('works on a phone: nothing sticks out, the detail has the page to itself and leads back', async () => {
    await openFeed({ width: 390, height: 844 });
    const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(await overflow()).toBeLessThanOrEqual(0);

    await row('e08').click();
    await page.getByTestId('detail').waitFor();
    expect(await page.getByTestId('feed').isVisible()).toBe(false);
    expect(await overflow()).toBeLessThanOrEqual(0);

    await page.getByRole('button', { name: 'Back to the feed' }).click();
    await row('e08').waitFor();
  });

  test('signs out', async () => {
    await openFeed();

    await page.getByRole('button', { name: 'Sign out' }).click();

    await page.waitForURL('**/sign-in');
  });
});
