import type { ReportFrame } from './frames.ts';

const MOST_KNOWN = 10_000;

/** Commands this process has seen, with the last thing it said of each: none is carried out twice. */
export class CommandLog {
  readonly #tell: (report: ReportFrame) => void;
  readonly #known = new Map<string, ReportFrame>();

  constructor(tell: (report: ReportFrame) => void) {
    this.#tell = tell;
  }

  has(commandId: string): boolean {
    return this.#known.has(commandId);
  }

  /** The collector asks again because it missed the answer. */
  repeat(commandId: string): void {
    const last = this.#known.get(commandId);
    if (last) this.#tell(last);
  }

  report(commandId: string, state: ReportFrame['state'], evidence?: string): void {
    const frame: ReportFrame = {
      type: 'command.report',
      commandId,
      state,
      ...(evidence === undefined ? {} : { evidence: evidence.slice(0, 4000) }),
    };
    if (!this.#known.has(commandId)) this.#forgetOldest();
    this.#known.set(commandId, frame);
    this.#tell(frame);
  }

  #forgetOldest(): void {
    if (this.#known.size < MOST_KNOWN) return;
    for (const oldest of this.#known.keys()) {
      this.#known.delete(oldest);
      return;
    }
  }
}
