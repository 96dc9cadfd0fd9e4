import type { CommandRef, ControlStore } from './control-store.ts';
import type { DeliveryReport, Runtime } from './runtime.ts';

const POLL_MS = 500;
/** A delivered command that nobody reported on is sent again after this long. */
const REPEAT_MS = 5_000;
/** Commands handed to one target before the next look: a stop that comes meanwhile waits for no more than these. */
const MOST_AT_ONCE = 100;

/** Parts of the dispatcher. */
export interface DispatcherOptions {
  store: ControlStore;
  runtimes: readonly Runtime[];
  /** Called after each change, so that readers look at once. */
  changed(): void;
  report(error: unknown): void;
}

/**
 * Brings commands to the runtimes that can reach their targets, until each has ended. Every target has a lane of its own:
 * within it stops go first and the rest in order; a slow target holds up no other. Any number of collectors may do so side
 * by side: agents know a command by its id, so one that is handed over twice is carried out once.
 */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  /** When each command under way was last sent, by lane. */
  readonly #sent = new Map<string, Map<string, number>>();
  readonly #lanes = new Map<string, Promise<void>>();
  /** Busy lanes a look passed over. */
  readonly #passed = new Set<string>();
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
    this.#sent.delete(laneOf(runtime, target));
    this.wake();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#running;
    await Promise.all(this.#lanes.values());
  }

  async #run(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      try {
        const expired = await this.#options.store.expireDue();
        if (expired > 0) this.#options.changed();
        await Promise.all(this.#options.runtimes.map((runtime) => this.#look(runtime)));
      } catch (error) {
        this.#options.report(error);
        return;
      }
    }
  }

  async #look(runtime: Runtime): Promise<void> {
    const free = runtime.targets().filter((target) => this.#isFree(laneOf(runtime.name, target)));
    if (free.length === 0) return;
    const open = Map.groupBy(await this.#options.store.openRefs(runtime.name, free), ({ target }) => target);
    for (const target of free) {
      const lane = laneOf(runtime.name, target);
      const due = this.#due(lane, open.get(target) ?? []);
      if (due.length > 0) this.#open(lane, runtime, due);
    }
  }

  #isFree(lane: string): boolean {
    if (!this.#lanes.has(lane)) return true;
    this.#passed.add(lane);
    return false;
  }

  /** What is to be sent now; forgets what has ended. */
  #due(lane: string, open: readonly CommandRef[]): string[] {
    const known = this.#sent.get(lane);
    const sent = new Map(open.flatMap(({ id }) => (known?.has(id) ? [[id, known.get(id) ?? 0] as const] : [])));
    if (sent.size > 0) this.#sent.set(lane, sent);
    else this.#sent.delete(lane);
    const now = Date.now();
    return open
      .filter(({ id, state }) => {
        const at = sent.get(id);
        return at === undefined || (state !== 'acked' && now - at >= REPEAT_MS);
      })
      .map(({ id }) => id);
  }

  #open(lane: string, runtime: Runtime, due: readonly string[]): void {
    const work = this.#deliverAll(lane, runtime, due.slice(0, MOST_AT_ONCE))
      .catch((error: unknown) => this.#options.report(error))
      .finally(() => {
        this.#lanes.delete(lane);
        if (this.#passed.delete(lane) || due.length > MOST_AT_ONCE) this.wake();
      });
    this.#lanes.set(lane, work);
  }

  async #deliverAll(lane: string, runtime: Runtime, ids: readonly string[]): Promise<void> {
    const { store } = this.#options;
    const commands = new Map((await store.commands(ids)).map((command) => [command.id, command]));
    const steps: Promise<void>[] = [];
    for (const id of ids) {
      const command = commands.get(id);
      if (!command) continue;
      this.#mark(lane, id);
      try {
        const report = await runtime.deliver(command);
        // The next one need not wait for the ledger.
        if (report !== null) steps.push(this.#record(lane, id, report));
      } catch {
        // Not reachable after all: it stays queued, and the next look tries again.
        this.#sent.get(lane)?.delete(id);
      }
    }
    await Promise.all(steps);
  }

  async #record(lane: string, id: string, { state, evidence, problem }: DeliveryReport): Promise<void> {
    try {
      if (await this.#options.store.advance(id, state, evidence, problem)) this.#options.changed();
    } catch {
      this.#sent.get(lane)?.delete(id);
    }
  }

  #mark(lane: string, id: string): void {
    const sent = this.#sent.get(lane) ?? new Map<string, number>();
    this.#sent.set(lane, sent.set(id, Date.now()));
  }
}

function laneOf(runtime: string, target: string): string {
  return `${runtime} ${target}`;
}
