import { WebSocket } from 'ws';
import type { ControlSettings } from './control-options.ts';
import { type DownFrame, type HelloFrame, readFrame, type UpFrame } from './frames.ts';

const FIRST_DELAY_MS = 200;
const LONGEST_DELAY_MS = 10_000;
const HANDSHAKE_MS = 5000;
/** The collector answers a hello at once, unless its database is away. */
const WELCOME_MS = 10_000;
/** A busy collector must have the time to hear the last reports; one that is away is not waited for. */
const CLOSE_MS = 3000;
const CLOSE_REPLACED = 4001;
/** The same close code, when the collector heard nothing for a while: after sleep, or a blocked event loop. */
const FELL_SILENT = 'no heartbeat';
const CLIENT = '@signalbox/kit 0.1.0 (Node)';

/** Whom the socket tells. */
export interface SocketEvents {
  /** The collector knows the agent: everything open may be said. */
  welcomed(): void;
  received(frame: DownFrame): void;
  lost(): void;
}

/**
 * One lasting link to the collector. It dials again after every loss, with growing, jittered pauses, and says at most
 * once why it does not get through. None of it keeps the process alive.
 */
export class AgentSocket {
  readonly #settings: ControlSettings;
  readonly #events: SocketEvents;
  #agentId: string;
  #socket: WebSocket | undefined;
  #welcomed = false;
  #attempts = 0;
  #refusedStatus: number | undefined;
  #warned = new Set<string>();
  #redial: NodeJS.Timeout | undefined;
  #heartbeat: NodeJS.Timeout | undefined;
  #answered = true;
  #closed = false;

  constructor(settings: ControlSettings, events: SocketEvents) {
    this.#settings = settings;
    this.#events = events;
    this.#agentId = settings.agentId;
  }

  /** The id the collector knows this process by. */
  get agentId(): string {
    return this.#agentId;
  }

  get isOpen(): boolean {
    return this.#welcomed && this.#socket?.readyState === WebSocket.OPEN;
  }

  dial(): void {
    if (this.#closed) return;
    this.#refusedStatus = undefined;
    try {
      this.#listen(this.#open());
    } catch (error) {
      this.#warn('address', error instanceof Error ? error.message : String(error));
    }
  }

  /** False when there is no link; the caller keeps what it wanted to say. */
  send(frame: UpFrame): boolean {
    if (!this.isOpen) return false;
    this.#socket?.send(JSON.stringify(frame));
    return true;
  }

  /** Says goodbye; resolves when the collector has, or after three seconds. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#redial);
    clearInterval(this.#heartbeat);
    const socket = this.#socket;
    if (!socket || socket.readyState === WebSocket.CLOSED) return;
    await new Promise<void>((resolve) => {
      const limit = setTimeout(() => socket.terminate(), CLOSE_MS);
      socket.once('close', () => {
        clearTimeout(limit);
        resolve();
      });
      socket.close(1000, 'the agent is done');
    });
  }

  #open(): WebSocket {
    const options = {
      headers: this.#settings.headers,
      handshakeTimeout: HANDSHAKE_MS,
      perMessageDeflate: false,
      // `localhost` may mean ::1 first, where nobody listens.
      autoSelectFamily: true,
    };
    const socket = new WebSocket(this.#settings.url, options);
    socket.on('upgrade', (response) => response.socket.unref());
    return socket;
  }

  #listen(socket: WebSocket): void {
    this.#socket = socket;
    const limit = setTimeout(() => socket.terminate(), HANDSHAKE_MS + WELCOME_MS).unref();
    socket.on('open', () => socket.send(JSON.stringify(this.#hello())));
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      const frame = isBinary ? undefined : readFrame(data.toString());
      if (frame?.type === 'welcome') {
        clearTimeout(limit);
        this.#welcome(socket, frame.heartbeatSeconds);
      } else if (frame) this.#events.received(frame);
    });
    socket.on('pong', () => (this.#answered = true));
    socket.on('unexpected-response', (request, response) => {
      this.#refusedStatus = response.statusCode;
      request.destroy();
      socket.terminate();
    });
    socket.on('error', (error: Error & { code?: string }) => {
      if (this.#refusedStatus === undefined) this.#warn('away', error.code ?? error.message);
    });
    socket.on('close', (code: number, reason: Buffer) => {
      clearTimeout(limit);
      if (socket === this.#socket) this.#lost(code, reason.toString());
    });
  }

  #hello(): HelloFrame {
    const { name, workflow, capabilities } = this.#settings;
    return {
      type: 'hello',
      protocol: 1,
      agentId: this.#agentId,
      name,
      client: CLIENT,
      capabilities,
      ...(workflow === undefined ? {} : { workflow }),
    };
  }

  #welcome(socket: WebSocket, heartbeatSeconds: number): void {
    this.#attempts = 0;
    this.#welcomed = true;
    this.#answered = true;
    clearInterval(this.#heartbeat);
    this.#heartbeat = setInterval(() => {
      // A link that answers no ping is dead, though nobody said so.
      if (!this.#answered) return socket.terminate();
      this.#answered = false;
      this.send({ type: 'heartbeat' });
      if (socket.readyState === WebSocket.OPEN) socket.ping();
    }, heartbeatSeconds * 1000).unref();
    this.#events.welcomed();
  }

  #lost(code: number, reason: string): void {
    clearInterval(this.#heartbeat);
    const was = this.#welcomed;
    this.#welcomed = false;
    this.#socket = undefined;
    if (was) this.#events.lost();
    if (this.#closed) return;
    if (code === CLOSE_REPLACED && reason !== FELL_SILENT) this.#renounceId();
    if (this.#refusedStatus !== undefined) this.#warnRefused(this.#refusedStatus);
    this.#redial = setTimeout(() => this.dial(), this.#delay()).unref();
  }

  /** Another process has the same id. Both going on under it would throw each other out for ever. */
  #renounceId(): void {
    const own = `${this.#settings.agentId}#${process.pid}`;
    this.#agentId = this.#agentId === own ? `${own}-${Math.random().toString(36).slice(2, 8)}` : own;
  }

  #delay(): number {
    const grown = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** this.#attempts++);
    // A refused key does not become right by asking often.
    return this.#refusedStatus === undefined ? grown * (0.5 + Math.random() / 2) : LONGEST_DELAY_MS;
  }

  #warnRefused(status: number): void {
    const hint = status === 401 || status === 403 ? '; set SIGNALBOX_AGENT_KEY to an ingest key of the collector' : '';
    this.#warn('refused', `it answered ${status}${hint}`);
  }

  #warn(kind: string, reason: string): void {
    if (this.#closed || this.#warned.has(kind)) return;
    this.#warned.add(kind);
    const address = this.#settings.url.replace(/\/\/[^/@]*@/, '//');
    process.emitWarning(
      `Signalbox cannot control this agent over ${address} (${reason}). The agent works on; this is said once.`,
      'SignalboxWarning',
    );
  }
}
