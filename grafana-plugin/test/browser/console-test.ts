import type { Page } from 'playwright-core';
import { sampleRun } from '../stand-in-events.ts';
import { startConsole, type TestConsole } from '../start-console.ts';
import { type PageOptions, startBrowser, type TestBrowser } from './browser.ts';

/** What the tests of a file work with: one browser, and for each test a console and a page of its own. */
export class ConsoleTest {
  #browser: TestBrowser | undefined;
  #server: TestConsole | undefined;
  #page: Page | undefined;

  /** Registers what has to happen around the tests of the file; `prepare` is called with each new console. */
  constructor(prepare: (server: TestConsole) => void = () => undefined) {
    beforeAll(async () => {
      this.#browser = await startBrowser();
    });
    afterAll(() => this.#browser?.close());
    beforeEach(async () => {
      this.#server = await startConsole({ events: sampleRun() });
      prepare(this.#server);
    });
    afterEach(async () => {
      await this.#page?.close();
      await this.#server?.stop();
    });
  }

  get server(): TestConsole {
    return present(this.#server);
  }

  get page(): Page {
    return present(this.#page);
  }

  /** Opens an address of the console in the page of the test. */
  async open(address: string, options: PageOptions = {}): Promise<Page> {
    this.#page = await present(this.#browser).open(this.server.address + address, options);
    return this.#page;
  }
}

function present<T>(part: T | undefined): T {
  if (part === undefined) throw new Error('only tests have a console, and a page once they opened one');
  return part;
}
