import type { LiveFrame } from '@signalbox/event-model';
import type { LivePorts, SocketHandlers } from '../client/live-connection.ts';

/** One socket a connection opened. */
export interface FakeSocket {
  url: string;
  closed: boolean;
  send: (frame: LiveFrame) => void;
  break: () => void;
}

/** A network and a clock that do what a test says. */
export class FakeLivePorts implements LivePorts {
  readonly sockets: FakeSocket[] = [];
  #timers: { at: number; run: () => void }[] = [];
  #now = 1_000_000;
  probes = 0;
  probeResult: () => Promise<void> = () => Promise.resolve();

  openSocket = (url: string, handlers: SocketHandlers): { close: () => void } => {
    const socket: FakeSocket = {
      url,
      closed: false,
      send: (frame) => handlers.onMessage(JSON.stringify(frame)),
      break: () => handlers.onClose(),
    };
    this.sockets.push(socket);
    return { close: () => (socket.closed = true) };
  };

  probe = (): Promise<void> => {
    this.probes++;
    return this.probeResult();
  };

  schedule = (run: () => void, delayMs: number): (() => void) => {
    const timer = { at: this.#now + delayMs, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((candidate) => candidate !== timer);
    };
  };

  random = (): number => 0.5;

  now = (): number => this.#now;

  get last(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error('no socket was opened');
    return socket;
  }

  /** Lets time pass, with everything that was due and what it set off. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    await settle();
    for (;;) {
      const due = this.#timers.filter((timer) => timer.at <= end).sort((left, right) => left.at - right.at)[0];
      if (!due) break;
      this.#timers = this.#timers.filter((timer) => timer !== due);
      this.#now = Math.max(this.#now, due.at);
      due.run();
      await settle();
    }
    this.#now = end;
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}
