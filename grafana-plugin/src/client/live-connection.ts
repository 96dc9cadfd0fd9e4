import type { EventFilter, LiveFrame } from '@signalbox/event-model';
import { backoffMs } from './backoff.ts';
import { filterToParams } from './event-query.ts';
import { type CollectorError, toCollectorError } from './problem.ts';

/** Where a live connection stands. */
export type ConnectionState =
  | { kind: 'connecting' }
  | { kind: 'live' }
  /** `retryAt` is in milliseconds since the epoch. */
  | { kind: 'reconnecting'; retryAt: number; error: CollectorError | null }
  | { kind: 'denied'; error: CollectorError }
  | { kind: 'closed' };

/** What happens on one socket. */
export interface SocketHandlers {
  onMessage: (text: string) => void;
  onClose: () => void;
}

/** What a live connection needs from its surroundings. */
export interface LivePorts {
  openSocket: (url: string, handlers: SocketHandlers) => { close: () => void };
  /** Asks the collector over HTTP before a reconnect: renews the session and tells why a socket cannot be opened. */
  probe: () => Promise<void>;
  /** Runs a function later and returns how to call it off. */
  schedule: (run: () => void, delayMs: number) => () => void;
  random: () => number;
  now: () => number;
}

/** What a live connection tells its owner. */
export interface LiveListener {
  /** `continued` is false when the stream did not go on from an earlier cursor, so history must be read (again). */
  onFrame: (frame: LiveFrame, continued: boolean) => void;
  onState: (state: ConnectionState) => void;
}

const DENIED_RETRY_MS = 30_000;
/** A proxy may accept a socket and pass nothing on; a stream that has not said hello by then is none. */
const HELLO_WITHIN_MS = 10_000;

/**
 * Keeps one stream of events open. After a break it goes on from the last cursor, so nothing is lost and nothing is
 * asked for twice; when the server cannot go on from there, the owner gets a `resync` frame and the stream starts anew.
 */
export class LiveConnection {
  readonly #url: string;
  readonly #filter: EventFilter;
  readonly #ports: LivePorts;
  readonly #listener: LiveListener;
  #cursor: string | null = null;
  #continued = false;
  #attempt = 0;
  #socket: { close: () => void } | null = null;
  #cancelRetry: (() => void) | null = null;
  #cancelHello: (() => void) | null = null;
  #closed = false;

  constructor(options: { base: string; filter: EventFilter; ports: LivePorts; listener: LiveListener }) {
    this.#url = `${options.base}/ws/events`;
    this.#filter = options.filter;
    this.#ports = options.ports;
    this.#listener = options.listener;
  }

  open(): void {
    this.#listener.onState({ kind: 'connecting' });
    this.#connect();
  }

  close(): void {
    this.#closed = true;
    this.#cancelRetry?.();
    this.#cancelHello?.();
    this.#socket?.close();
    this.#socket = null;
    this.#listener.onState({ kind: 'closed' });
  }

  /** Skips the waiting time, for example when the network has come back. */
  retryNow(): void {
    if (this.#closed || !this.#cancelRetry) return;
    this.#cancelRetry();
    this.#cancelRetry = null;
    void this.#reconnect();
  }

  #connect(): void {
    const params = filterToParams(this.#filter);
    this.#continued = this.#cursor !== null;
    if (this.#cursor) params.set('cursor', this.#cursor);
    const query = params.size > 0 ? `?${params}` : '';
    const socket = this.#ports.openSocket(this.#url + query, {
      onMessage: (text) => {
        if (this.#socket === socket) this.#receive(text);
      },
      onClose: () => {
        if (this.#socket === socket) this.#lost(null);
      },
    });
    this.#socket = socket;
    this.#cancelHello = this.#ports.schedule(() => {
      socket.close();
      this.#lost(null);
    }, HELLO_WITHIN_MS);
  }

  #receive(text: string): void {
    const frame = parseFrame(text);
    if (!frame) return;
    if (frame.type === 'resync') {
      this.#cursor = null;
      this.#listener.onFrame(frame, this.#continued);
      this.#socket?.close();
      this.#lost(null);
      return;
    }
    this.#cursor = frame.cursor;
    if (frame.type === 'hello') {
      this.#attempt = 0;
      this.#cancelHello?.();
      this.#listener.onState({ kind: 'live' });
    }
    this.#listener.onFrame(frame, this.#continued);
  }

  #lost(error: CollectorError | null): void {
    this.#socket = null;
    this.#cancelHello?.();
    if (this.#closed) return;
    this.#attempt++;
    const denied = error?.kind === 'denied';
    const delayMs = denied ? DENIED_RETRY_MS : backoffMs(this.#attempt, this.#ports.random);
    this.#listener.onState(
      denied ? { kind: 'denied', error } : { kind: 'reconnecting', retryAt: this.#ports.now() + delayMs, error },
    );
    this.#cancelRetry = this.#ports.schedule(() => {
      this.#cancelRetry = null;
      void this.#reconnect();
    }, delayMs);
  }

  async #reconnect(): Promise<void> {
    try {
      await this.#ports.probe();
    } catch (error) {
      if (!this.#closed) this.#lost(toCollectorError(error));
      return;
    }
    if (!this.#closed) this.#connect();
  }
}

function parseFrame(text: string): LiveFrame | null {
  try {
    const frame = JSON.parse(text) as LiveFrame;
    return typeof frame?.type === 'string' && typeof frame.cursor === 'string' ? frame : null;
  } catch {
    return null;
  }
}
