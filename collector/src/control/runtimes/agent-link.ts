import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { AgentDownFrame, AgentFrame } from '@signalbox/event-model';
import { WebSocketServer, type WebSocket } from 'ws';
import { MAX_FRAME_BYTES, readAgentFrame } from '../agent-frames.ts';
import type { AgentDesk, AgentSession } from './agent-desk.ts';
import { HEARTBEAT_SECONDS } from './agent-desk.ts';

const CLOSE_GOING_AWAY = 1012;
const CLOSE_REPLACED = 4001;
const CLOSE_SILENT = 4002;
const CLOSE_BAD = 4400;
const HELLO_WITHIN_MS = 10_000;
/** Frames not yet taken, above which the socket is not read. */
const MOST_WAITING = 500;

/** The agent link: a WebSocket each agent dials at `/agent`. Who may connect is decided before. */
export class AgentLink {
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES, perMessageDeflate: false });
  readonly #desk: AgentDesk;
  readonly #report: (error: unknown) => void;
  readonly #sockets = new Set<WebSocket>();
  #timer: NodeJS.Timeout | undefined;

  constructor(desk: AgentDesk, report: (error: unknown) => void) {
    this.#desk = desk;
    this.#report = report;
  }

  start(): void {
    this.#timer ??= setInterval(() => this.#desk.dropSilent(Date.now()), HEARTBEAT_SECONDS * 1000).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    for (const socket of this.#sockets) socket.close(CLOSE_GOING_AWAY, 'the collector is stopping');
    setTimeout(() => this.#sockets.forEach((socket) => socket.terminate()), 500).unref();
    this.#server.close();
  }

  /** Takes over an upgrade that was let in. Agents of different credentials never share an id. */
  accept(request: IncomingMessage, stream: Duplex, head: Buffer, credential: string): void {
    this.#server.handleUpgrade(request, stream, head, (socket) => {
      this.#sockets.add(socket);
      new Connection(socket, { desk: this.#desk, credential, report: this.#report });
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }
}

interface ConnectionParts {
  desk: AgentDesk;
  credential: string;
  report: (error: unknown) => void;
}

/**
 * One socket: frames are taken one after the other, in the order they came. Reports only begin in that order: their
 * ledger takes many at once, and nothing an agent says depends on an earlier report being stored.
 */
class Connection implements AgentSession {
  readonly #socket: WebSocket;
  readonly #parts: ConnectionParts;
  #agentId: string | undefined;
  #queue: Promise<void> = Promise.resolve();
  #waiting = 0;

  constructor(socket: WebSocket, parts: ConnectionParts) {
    this.#socket = socket;
    this.#parts = parts;
    const limit = setTimeout(() => {
      if (this.#agentId === undefined) socket.close(CLOSE_BAD, 'no hello');
    }, HELLO_WITHIN_MS).unref();
    socket.on('error', () => socket.terminate());
    socket.on('message', (data, isBinary) => this.#receive(data as Buffer, isBinary));
    socket.on('close', () => {
      clearTimeout(limit);
      if (this.#agentId !== undefined) parts.desk.leave(this.#agentId, this);
    });
  }

  send(frame: AgentDownFrame): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  end(reason: 'replaced' | 'silent'): void {
    if (reason === 'silent') this.#socket.close(CLOSE_SILENT, 'no heartbeat');
    else this.#socket.close(CLOSE_REPLACED, 'the agent connected again');
  }

  #receive(data: Buffer, isBinary: boolean): void {
    const read = isBinary ? { problem: 'frames are JSON texts', id: null } : readAgentFrame(parse(data));
    if ('problem' in read) {
      this.send({
        type: 'problem',
        code: 'bad_frame',
        detail: read.problem,
        ...(read.id === null ? {} : { id: read.id }),
      });
      return;
    }
    this.#waiting += 1;
    if (this.#waiting >= MOST_WAITING) this.#socket.pause();
    this.#queue = this.#queue.then(() => this.#begin(read.frame));
  }

  #begin(frame: AgentFrame): Promise<void> | undefined {
    const taken = this.#take(frame).finally(() => {
      this.#waiting -= 1;
      if (this.#waiting < MOST_WAITING && this.#socket.isPaused) this.#socket.resume();
    });
    return frame.type === 'command.report' ? undefined : taken;
  }

  async #take(frame: AgentFrame): Promise<void> {
    const { desk, credential, report } = this.#parts;
    try {
      if (frame.type === 'hello') {
        if (this.#agentId !== undefined) return;
        this.#agentId = `${credential}/${frame.agentId}`;
        await desk.join({ ...frame, agentId: this.#agentId }, this);
      } else if (this.#agentId === undefined) this.#socket.close(CLOSE_BAD, 'the first frame must be a hello');
      else await desk.take(this.#agentId, frame);
    } catch (error) {
      // Not stored, so not taken: the agent connects again and repeats whatever was not answered.
      report(error);
      this.#socket.close(1013, 'the database is not available');
    }
  }
}

function parse(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString('utf8'));
  } catch {
    return undefined;
  }
}
