import type { UpFrame } from './frames.ts';

/** The collector takes frames one by one and cuts off agents with a thousand waiting; a reconnect stays below. */
const BURST = 300;
const REFILL = 30;
const REFILL_MS = 100;
const MOST_LASTING = 2000;

/** What the outbox needs of the link. */
export interface Link {
  readonly isOpen: boolean;
  /** False when it could not be handed over. */
  send(frame: UpFrame): boolean;
}

/** A frame, or what makes it at the moment it is sent; undefined when there is nothing to say any more. */
export type Saying = UpFrame | (() => UpFrame | undefined);

/**
 * Everything that waits to be sent, no faster than the collector takes it. What describes a state is dropped with the
 * link, because the next link begins by saying all of it; what happened once lasts until it was sent.
 */
export class Outbox {
  readonly #link: Link;
  #states: Saying[] = [];
  #lasting: UpFrame[] = [];
  #tokens = BURST;
  #timer: NodeJS.Timeout | undefined;

  constructor(link: Link) {
    this.#link = link;
  }

  /** Says how things stand. */
  say(saying: Saying): void {
    this.#states.push(saying);
    this.pump();
  }

  /** Says what happened, now or after the next reconnect. Beyond the limit the oldest is given up. */
  tell(frame: UpFrame): void {
    if (this.#lasting.length >= MOST_LASTING) this.#lasting.shift();
    this.#lasting.push(frame);
    this.pump();
  }

  /** A link is there: the states first, then what waited. */
  restart(states: Saying[]): void {
    this.#states = states;
    this.#tokens = BURST;
    this.pump();
  }

  /** The link is gone. */
  pause(): void {
    this.#states = [];
  }

  /** Sends what may be sent now. */
  pump(): void {
    // A state must not be asked for when it cannot be told: asking may mark it as told.
    if (!this.#link.isOpen) return this.pause();
    while (this.#tokens > 0) {
      const queue = this.#states.length > 0 ? this.#states : this.#lasting;
      const next = queue[0];
      if (next === undefined) break;
      const frame = typeof next === 'function' ? next() : next;
      if (frame !== undefined && !this.#link.send(frame)) return this.pause();
      queue.shift();
      if (frame !== undefined) this.#tokens -= 1;
    }
    this.#refillLater();
  }

  #refillLater(): void {
    if (this.#timer !== undefined || this.#tokens >= BURST) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#tokens = Math.min(BURST, this.#tokens + REFILL);
      this.pump();
    }, REFILL_MS).unref();
  }
}
