import type { TraceStore } from './trace-store.ts';
import type { Writer } from './writer.ts';

const TRACES_A_ROUND = 100;

/** Parts of the lease keeper. */
export interface LeaseOptions {
  store: TraceStore;
  /** A writer of its own: the traces it touches are silent, so nobody else holds them as a rule. */
  writer: Writer;
  /** How long a run may be silent, in milliseconds. */
  leaseMs: number;
  committed: () => void;
  report: (error: unknown) => void;
}

/** Gives up runs of which nothing was heard for a whole lease, so that nothing shows as running for ever. */
export class LeaseKeeper {
  readonly #options: LeaseOptions;
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();

  constructor(options: LeaseOptions) {
    this.#options = options;
  }

  start(): void {
    const everyMs = Math.min(30_000, this.#options.leaseMs / 2);
    this.#timer = setInterval(() => {
      this.#round = this.#round.then(() => this.#look()).catch(this.#options.report);
    }, everyMs).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#round;
  }

  async #look(): Promise<void> {
    const { store, writer, leaseMs, committed } = this.#options;
    const now = new Date();
    const silent = await store.silent(new Date(now.getTime() - leaseMs), TRACES_A_ROUND);
    if (silent.length === 0) return;
    await writer.giveUp(silent, now);
    committed();
  }
}
