import { once } from 'node:events';
import type { EventRow, LiveFrame } from '@signalbox/event-model';
import { WebSocket } from 'ws';

/** A reader of `/ws/events` that remembers everything, and where it stands. */
export class LiveClient {
  readonly rows: EventRow[] = [];
  readonly frames: LiveFrame[] = [];
  readonly lags: number[] = [];
  cursor: string | undefined;
  readonly #base: string;
  readonly #headers: Record<string, string>;
  readonly #query: string;
  #socket: WebSocket | undefined;
  #waiting: { done: () => boolean; resolve: () => void }[] = [];

  constructor(base: string, key: string, query = '') {
    this.#base = base.replace(/^http/, 'ws');
    this.#headers = { authorization: `Bearer ${key}` };
    this.#query = query;
  }

  /** Connects at the last cursor; resolves at `hello`. */
  async connect(): Promise<void> {
    const cursor = this.cursor === undefined ? '' : `cursor=${this.cursor}&`;
    const socket = new WebSocket(`${this.#base}/ws/events?${cursor}${this.#query}`, { headers: this.#headers });
    this.#socket = socket;
    socket.on('message', (data: Buffer) => this.#take(JSON.parse(data.toString()) as LiveFrame, socket));
    socket.on('error', () => undefined);
    const before = this.frames.length;
    await once(socket, 'open');
    await this.until(() => this.frames.slice(before).some((frame) => frame.type === 'hello'));
  }

  /** Breaks the connection without a word. */
  disconnect(): void {
    this.#socket?.removeAllListeners('message');
    this.#socket?.terminate();
    this.#socket = undefined;
  }

  /** Resolves as soon as `done` holds; looked at after each frame. */
  until(done: () => boolean): Promise<void> {
    if (done()) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ done, resolve }));
  }

  #take(frame: LiveFrame, socket: WebSocket): void {
    if (socket !== this.#socket) return;
    this.frames.push(frame);
    if (frame.type === 'events') {
      this.rows.push(...frame.rows);
      if (frame.rows.length > 0) this.lags.push(frame.lagMs);
    }
    this.cursor = frame.cursor;
    const ready = this.#waiting.filter(({ done }) => done());
    this.#waiting = this.#waiting.filter((each) => !ready.includes(each));
    for (const { resolve } of ready) resolve();
  }
}
