import { comparePositions, type EventLog, type LoggedEvent, type Position } from './event-log.ts';

/** Events kept in memory, so that readers near the end need no query of their own. */
const RING_LIMIT = 5000;
const PAGE = 1000;
/** Without a wake-up the end is looked for this often, so a lost wake-up costs a quarter second at the most. */
const POLL_MS = 250;
/** Two looks are never closer than this; a burst of commits shares one query. */
const LOOK_APART_MS = 10;

/** Follows the end of the event log once for all readers of this collector. */
export class EventTail {
  readonly #log: EventLog;
  readonly #listeners = new Set<() => void>();
  readonly #wantsText: () => boolean;
  #ring: LoggedEvent[] = [];
  /** Place before the ring's first event, and of its last. */
  #start: Position | undefined;
  #end: Position | undefined;
  #stopped = false;
  #loop: Promise<void> | undefined;
  #wake: () => void = () => undefined;
  #woken = false;

  constructor(log: EventLog, wantsText: () => boolean) {
    this.#log = log;
    this.#wantsText = wantsText;
  }

  async start(): Promise<void> {
    const { position } = await this.#log.end();
    this.#start = position;
    this.#end = position;
    this.#loop = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake();
    await this.#loop;
  }

  /** Says that something was committed. */
  wake(): void {
    this.#woken = true;
    this.#wake();
  }

  /** Place of the newest event seen. */
  get end(): Position | undefined {
    return this.#end;
  }

  /** Calls `listener` after each advance; returns the way to end it. */
  onAdvance(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Events after `position` if memory reaches back that far, else undefined. */
  after(position: Position, limit: number): readonly LoggedEvent[] | undefined {
    if (!this.#start || comparePositions(position, this.#start) < 0) return undefined;
    let low = 0;
    let high = this.#ring.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const event = this.#ring[middle];
      if (event && comparePositions(event.position, position) <= 0) low = middle + 1;
      else high = middle;
    }
    return this.#ring.slice(low, low + limit);
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      this.#woken = false;
      // The database may be away for a while; readers keep their place and the next look finds what came.
      const more = await this.#advance().catch(() => false);
      if (!more && !this.#stopped) await this.#pause();
    }
  }

  async #advance(): Promise<boolean> {
    const from = this.#end;
    if (!from) return false;
    const events = await this.#log.after(from, { limit: PAGE, withText: this.#wantsText() });
    const last = events.at(-1);
    if (!last) return false;
    this.#end = last.position;
    this.#ring.push(...events);
    if (this.#ring.length > RING_LIMIT) {
      const dropped = this.#ring.splice(0, this.#ring.length - RING_LIMIT);
      this.#start = dropped.at(-1)?.position ?? this.#start;
    }
    for (const listener of this.#listeners) listener();
    return events.length === PAGE;
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const soon = (): void => {
        clearTimeout(poll);
        setTimeout(resolve, LOOK_APART_MS);
      };
      const poll = setTimeout(resolve, POLL_MS);
      this.#wake = soon;
      if (this.#woken || this.#stopped) soon();
    });
  }
}
