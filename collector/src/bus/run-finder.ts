import type { Redis } from 'ioredis';
import { readEntry, type BusEntry } from './bus-entry.ts';

const PAGE = 200;
const MAX_AGENTS = 10_000;
const RUNS_KEPT = 64;

interface Start {
  id: string;
  runId: string;
}

/**
 * AG-UI names the run in its first and last event only; those between belong to the latest run that the same agent of
 * the same workflow started before them. Collectors take turns at a stream and see some of its entries each, so each looks
 * the starts up in the stream itself: all of them come to the same answer.
 */
export class RunFinder {
  readonly #redis: Redis;
  readonly #stream: string;
  readonly #starts = new Map<string, Start[]>();
  #upTo = '-';

  constructor(redis: Redis, stream: string) {
    this.#redis = redis;
    this.#stream = stream;
  }

  /** The run of each entry; null where nothing tells. */
  async runsOf(entries: readonly BusEntry[]): Promise<(string | null)[]> {
    const unknown = entries.filter((entry) => entry.runId === null && entry.traceId === null);
    const last = unknown
      .map((entry) => entry.id)
      .sort(byStreamId)
      .at(-1);
    if (last !== undefined) await this.#readUpTo(last);
    return entries.map((entry) => entry.runId ?? (entry.traceId === null ? this.#runAt(entry) : null));
  }

  /** Forgets everything: the stream was made anew, and its ids may start again anywhere. */
  forget(): void {
    this.#starts.clear();
    this.#upTo = '-';
  }

  #runAt(entry: BusEntry): string | null {
    const starts = this.#starts.get(keyOf(entry)) ?? [];
    return starts.findLast((start) => byStreamId(start.id, entry.id) < 0)?.runId ?? null;
  }

  async #readUpTo(id: string): Promise<void> {
    while (this.#upTo === '-' || byStreamId(this.#upTo, id) < 0) {
      const from = this.#upTo === '-' ? '-' : `(${this.#upTo}`;
      const page = await this.#redis.xrange(this.#stream, from, id, 'COUNT', PAGE);
      for (const [at, fields] of page) {
        this.#upTo = at;
        if (fields.some((text) => text.includes('RUN_STARTED'))) this.#note(readEntry(at, fields).entry);
      }
      if (page.length < PAGE) this.#upTo = this.#upTo === '-' || byStreamId(this.#upTo, id) < 0 ? id : this.#upTo;
    }
  }

  #note(entry: BusEntry | undefined): void {
    if (entry?.event.type !== 'RUN_STARTED' || entry.runId === null) return;
    const key = keyOf(entry);
    const starts = [...(this.#starts.get(key) ?? []), { id: entry.id, runId: entry.runId }];
    // Re-inserting moves the agent to the young end.
    this.#starts.delete(key);
    this.#starts.set(key, starts.slice(-RUNS_KEPT));
    const oldest = this.#starts.size > MAX_AGENTS ? this.#starts.keys().next().value : undefined;
    if (oldest !== undefined) this.#starts.delete(oldest);
  }
}

/** One agent of one workflow. */
export function keyOf({ workflowId, agentId }: Pick<BusEntry, 'workflowId' | 'agentId'>): string {
  return `${workflowId}\0${agentId}`;
}

/** Orders the ids of a stream. */
export function byStreamId(a: string, b: string): number {
  const [aMs = '0', aSeq = '0'] = a.split('-');
  const [bMs = '0', bSeq = '0'] = b.split('-');
  return Number(aMs) - Number(bMs) || Number(aSeq) - Number(bSeq);
}
