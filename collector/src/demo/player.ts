import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { renew, toSteps, type RecordedRequest, type Step } from './recording.ts';

const PAUSE_MS = 4000;
const RETRY_MS = 1000;

/** Where and with what key the demo sends. */
export interface DemoOptions {
  /** Folder of the recordings. */
  folder: string;
  /** Base address of OTLP/HTTP. */
  endpoint: () => string;
  key: string | undefined;
  report: (error: unknown) => void;
}

/** Plays recorded agent runs at their real pace, one after the other, until stopped. */
export class DemoPlayer {
  readonly #options: DemoOptions;
  readonly #abort = new AbortController();
  #playing: Promise<void> | undefined;

  constructor(options: DemoOptions) {
    this.#options = options;
  }

  start(): void {
    this.#playing = this.#play().catch((error: unknown) => {
      if (!this.#abort.signal.aborted) this.#options.report(error);
    });
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#playing;
  }

  async #play(): Promise<void> {
    const recordings = loadRecordings(this.#options.folder);
    for (let round = 0; !this.#abort.signal.aborted; round++) {
      for (const [name, recording] of recordings) await this.#playOne(`${name} ${round} ${Date.now()}`, recording);
    }
  }

  async #playOne(name: string, { steps, startNs }: { steps: Step[]; startNs: bigint }): Promise<void> {
    const startMs = Date.now();
    const round = { name, shiftNs: BigInt(startMs) * 1_000_000n - startNs };
    for (const step of steps) {
      await this.#until(startMs + step.atMs);
      await this.#send(step.path, renew(step.body, round));
    }
    await this.#until(Date.now() + PAUSE_MS);
  }

  async #send(target: string, body: string): Promise<void> {
    const headers = {
      'content-type': 'application/json',
      ...(this.#options.key ? { authorization: `Bearer ${this.#options.key}` } : {}),
    };
    for (;;) {
      const request = { method: 'POST', headers, body, signal: this.#abort.signal };
      const answer = await fetch(`${this.#options.endpoint()}${target}`, request).catch(
        (error: unknown) => error as Error,
      );
      this.#abort.signal.throwIfAborted();
      if (!(answer instanceof Error) && answer.status < 500) return;
      await this.#until(Date.now() + RETRY_MS);
    }
  }

  #until(timeMs: number): Promise<void> {
    const { signal } = this.#abort;
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(timer);
        reject(new Error('stopped'));
      };
      const timer = setTimeout(
        () => {
          signal.removeEventListener('abort', stop);
          resolve();
        },
        Math.max(0, timeMs - Date.now()),
      );
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
    });
  }
}

function loadRecordings(folder: string): [string, { steps: Step[]; startNs: bigint }][] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json') && name !== 'expected.json')
    .map((name): [string, RecordedRequest[]] => {
      const file = JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as {
        requests: Partial<RecordedRequest>[];
      };
      return [name, file.requests.filter((request): request is RecordedRequest => request.body !== undefined)];
    })
    .map(([name, requests]): [string, { steps: Step[]; startNs: bigint }] => [name, toSteps(requests)])
    .filter(([, { steps }]) => steps.length > 0);
}
