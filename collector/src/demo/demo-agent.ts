import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';

const EVERY_SECONDS = 20;
const THINK_MS = 1200;
const RESTART_AFTER_MS = 5_000;

/** Where the demo's agent runs. */
export interface DemoAgentOptions {
  /** The reference agent's folder. */
  folder: string;
  port: number;
  /** Base address of OTLP/HTTP. */
  endpoint: () => string;
  key: string | undefined;
  /** What the agent may see of this process's environment. */
  environment: Record<string, string>;
  say: (text: string) => void;
  report: (error: unknown) => void;
}

/** Keeps the reference agent running beside the collector: a run every now and then, which waits for approval. */
export class DemoAgent {
  readonly #options: DemoAgentOptions;
  #child: ChildProcess | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: DemoAgentOptions) {
    this.#options = options;
  }

  start(): void {
    const { folder, port, endpoint, key, environment, say, report } = this.#options;
    if (!existsSync(path.join(folder, 'node_modules'))) {
      say('The demo agent is not installed here, so there is nothing to approve; the recordings play.');
      return;
    }
    const args = [
      'src/main.ts',
      '--port',
      String(port),
      '--think',
      String(THINK_MS),
      '--every',
      String(EVERY_SECONDS),
      '--with-parent',
    ];
    const child = spawn(process.execPath, args, {
      cwd: folder,
      // The open pipe is what ends the agent should the collector be killed.
      stdio: ['pipe', 'ignore', 'ignore'],
      env: {
        ...environment,
        OTEL_EXPORTER_OTLP_ENDPOINT: endpoint(),
        ...(key === undefined ? {} : { OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer ${key}` }),
      },
    });
    this.#child = child;
    child.once('error', report);
    child.once('exit', () => {
      if (!this.#stopped) this.#timer = setTimeout(() => this.start(), RESTART_AFTER_MS).unref();
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    // It keeps nothing that a later start needs, and its own shutdown waits for exports to a collector that is stopping.
    child.kill('SIGKILL');
    await ended;
  }
}
