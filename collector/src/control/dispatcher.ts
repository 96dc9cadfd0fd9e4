import type { Command } from '@signalbox/event-model';
import type { ControlStore } from './control-store.ts';
import type { Runtime } from './runtime.ts';

const POLL_MS = 500;
/** A delivered command that nobody reported on is sent again after this long. */
const REPEAT_MS = 5_000;

/** Parts of the dispatcher. */
export interface DispatcherOptions {
  store: ControlStore;
  runtimes: readonly Runtime[];
  /** Called after each change, so that readers look at once. */
  changed(): void;
  report(error: unknown): void;
}

/**
 * Brings commands to the runtimes that can reach their targets, until each has ended. Any number of collectors may do so
 * side by side: agents know a command by its id, so one that is handed over twice is carried out once.
 */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #sent = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #again = false;

  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer ??= setInterval(() => this.wake(), POLL_MS).unref();
  }

  /** Looks at once; calls while it looks make it look once more. */
  wake(): void {
    this.#again = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  /** Forgets what was sent to a target: it connected anew and gets everything that is open again. */
  targetReturned(runtime: string, target: string): void {
    for (const key of this.#sent.keys()) if (key.startsWith(`${runtime} ${target} `)) this.#sent.delete(key);
    this.wake();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      try {
        const expired = await this.#options.store.expireDue();
        if (expired > 0) this.#options.changed();
        for (const runtime of this.#options.runtimes) await this.#serve(runtime);
      } catch (error) {
        this.#options.report(error);
        return;
      }
    }
  }

  async #serve(runtime: Runtime): Promise<void> {
    const targets = runtime.targets();
    if (targets.length === 0) return;
    const open = await this.#options.store.openCommands(runtime.name, targets);
    this.#forget(runtime.name, open);
    for (const command of open) {
      const key = `${runtime.name} ${command.target.agent} ${command.id}`;
      const sent = this.#sent.get(key);
      if (sent !== undefined && (command.state === 'acked' || Date.now() - sent < REPEAT_MS)) continue;
      this.#sent.set(key, Date.now());
      await this.#deliver(runtime, command, key);
    }
  }

  async #deliver(runtime: Runtime, command: Command, key: string): Promise<void> {
    try {
      const report = await runtime.deliver(command);
      if (report === null) return;
      const { state, evidence, problem } = report;
      if (await this.#options.store.advance(command.id, state, evidence, problem)) this.#options.changed();
    } catch {
      // Not reachable after all: it stays queued, and the next look tries again.
      this.#sent.delete(key);
    }
  }

  #forget(runtime: string, open: readonly Command[]): void {
    const ids = new Set(open.map((command) => command.id));
    for (const key of this.#sent.keys())
      if (key.startsWith(`${runtime} `) && !ids.has(key.slice(key.lastIndexOf(' ') + 1))) this.#sent.delete(key);
  }
}
