/** How long an approval of one click can be taken back before it is sent. */
export const UNDO_MS = 5000;
/** A timer that fires this late was asleep with its page: sending then would be later than was shown. */
const LATE_MS = 2000;

/** Why an order was not sent: taken back, its card was closed, its page slept, or something came up meanwhile. */
export type Unsent = { kind: 'undone' | 'closed' | 'late' } | { kind: 'blocked'; why: string };

/** An order as it is between the click and being sent; a new object after every change. */
export interface Held {
  /** When it is sent, in milliseconds since the epoch; null while nothing is held. */
  until: number | null;
  unsent: Unsent | null;
}

/** What holding needs of its surroundings. */
export interface HeldPorts {
  /** Where an order is remembered over a reload of the page; browsers may forbid it. */
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | null;
  /** Runs a function later and returns how to call it off. */
  schedule: (run: () => void, delayMs: number) => () => void;
  now: () => number;
}

/**
 * One order that is held back for as long as it can be undone. It is sent as shown and when shown, or never: when its
 * card goes away, with the page or without it, it is not sent, and whoever opens the card again is told so.
 */
export class HeldOrder {
  readonly #ports: HeldPorts;
  readonly #key: string;
  readonly #listeners = new Set<() => void>();
  #held: Held = { until: null, unsent: null };
  #owner: string | null = null;
  #told = false;
  #callOff: () => void = () => undefined;

  constructor(id: string, ports: HeldPorts) {
    this.#ports = ports;
    this.#key = `signalbox.held.${id}`;
    if (this.#store((storage) => storage.getItem(this.#key)) === null) return;
    this.#held = { until: null, unsent: { kind: 'closed' } };
  }

  /** For `useSyncExternalStore`. What the last reader has seen was told. */
  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    if (this.#held.unsent !== null) this.#tell();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0 && this.#told) this.dismiss();
    };
  };

  /** For `useSyncExternalStore`. */
  getSnapshot = (): Held => this.#held;

  /** Sends it after the time to undo; one that is held already stays as it is. `owner` is the card that holds it. */
  start(owner: string, send: () => void): void {
    if (this.#held.until !== null) return;
    const until = this.#ports.now() + UNDO_MS;
    this.#owner = owner;
    this.#store((storage) => storage.setItem(this.#key, '1'));
    this.#callOff = this.#ports.schedule(() => {
      const late = this.#ports.now() > until + LATE_MS;
      this.#end(late ? { kind: 'late' } : null);
      if (!late) send();
    }, UNDO_MS);
    this.#set({ until, unsent: null });
  }

  /** Takes it back. */
  undo(): void {
    if (this.#held.until !== null) this.#end({ kind: 'undone' });
  }

  /** It could not be decided any more, so it is not sent. */
  block(why: string): void {
    if (this.#held.until !== null) this.#end({ kind: 'blocked', why });
  }

  /** The card went away. */
  close(owner: string): void {
    if (this.#held.until !== null && this.#owner === owner) this.#end({ kind: 'closed' });
  }

  /** The person was told why it was not sent. */
  dismiss(): void {
    if (this.#held.until === null && this.#held.unsent !== null) this.#set({ until: null, unsent: null });
  }

  #end(unsent: Unsent | null): void {
    this.#callOff();
    if (unsent?.kind !== 'closed') this.#store((storage) => storage.removeItem(this.#key));
    this.#set({ until: null, unsent });
  }

  /** Somebody sees why it was not sent: after a reload it is not told again. */
  #tell(): void {
    this.#told = true;
    this.#store((storage) => storage.removeItem(this.#key));
  }

  #set(held: Held): void {
    this.#held = held;
    this.#told = this.#listeners.size > 0 && held.unsent !== null;
    for (const listener of this.#listeners) listener();
  }

  #store<T>(act: (storage: NonNullable<HeldPorts['storage']>) => T): T | null {
    try {
      return this.#ports.storage && act(this.#ports.storage);
    } catch {
      return null;
    }
  }
}
