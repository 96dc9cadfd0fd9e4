import type { PlanView } from '@signalbox/event-model';
import type { ControlApi } from './control-api.ts';

/** A late span may change a revision that is not the newest, which the mark does not show. */
const TRUSTED_MS = 30_000;

/** Reads the plan of a run again only once it was revised: the collector makes it from everything the run did. */
export class PlanReader {
  readonly #api: Pick<ControlApi, 'plan' | 'planMark'>;
  readonly #runId: string;
  readonly #now: () => number;
  #known: { mark: string; readAt: number; plan: PlanView } | null = null;

  constructor(api: Pick<ControlApi, 'plan' | 'planMark'>, runId: string, now: () => number) {
    this.#api = api;
    this.#runId = runId;
    this.#now = now;
  }

  /** The plan as it stands. */
  async read(signal?: AbortSignal): Promise<PlanView> {
    // Asked for first: what is revised between the two reads is then read once more, not missed.
    const mark = await this.#api.planMark(this.#runId, signal);
    const known = this.#known;
    if (known?.mark === mark && this.#now() - known.readAt < TRUSTED_MS) return known.plan;
    const plan = await this.#api.plan(this.#runId, signal);
    this.#known = { mark, readAt: this.#now(), plan };
    return plan;
  }
}
