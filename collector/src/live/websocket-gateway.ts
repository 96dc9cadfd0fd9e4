import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { EventFilter, LiveFrame } from '@signalbox/event-model';
import { WebSocketServer, type WebSocket } from 'ws';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { chooseRow } from './event-filter.ts';
import type { EventLog, Position } from './event-log.ts';
import type { EventTail } from './event-tail.ts';
import { LiveReader } from './live-reader.ts';

const MAX_INCOMING_BYTES = 64 * 1024;
const PING_EVERY_MS = 20_000;
/** Bytes waiting in a socket above which it gets nothing more until it has drained. */
const BUFFER_LIMIT = 1024 * 1024;
/** A socket that stays full this long is not read by anybody. */
const STALLED_MS = 30_000;
/** Grafana checks who may connect only when a socket opens; a bounded life makes it check again. */
const LIFE_MS = 15 * 60_000;

/** Private close codes: the client reconnects with its cursor after both. */
const CLOSE_RENEW = 4000;
const CLOSE_GOING_AWAY = 1012;

/** Parts of the gateway. */
export interface GatewayOptions {
  log: EventLog;
  tail: EventTail;
  /** Called with the number of open sockets whenever it changes. */
  clients(count: number): void;
}

interface Client {
  socket: WebSocket;
  reader: LiveReader;
  withText: boolean;
  fullSince: number | undefined;
}

/** Serves `/ws/events`: one {@link LiveReader} a socket. Who may connect is decided before. */
export class WebSocketGateway {
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: MAX_INCOMING_BYTES, perMessageDeflate: false });
  readonly #options: GatewayOptions;
  readonly #clients = new Set<Client>();
  #timer: NodeJS.Timeout | undefined;
  #unlisten: (() => void) | undefined;

  constructor(options: GatewayOptions) {
    this.#options = options;
  }

  start(): void {
    this.#unlisten = this.#options.tail.onAdvance(() => this.#pumpAll());
    this.#timer = setInterval(() => this.#keepAlive(), PING_EVERY_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#unlisten?.();
    for (const { socket } of this.#clients) socket.close(CLOSE_GOING_AWAY, 'the collector is stopping');
    setTimeout(() => this.#clients.forEach(({ socket }) => socket.terminate()), 500).unref();
    this.#server.close();
  }

  /** True when a reader searches texts, so the tail must read them. */
  get wantsText(): boolean {
    return [...this.#clients].some((client) => client.withText);
  }

  /** Takes over an upgrade request that has been let in. */
  accept(
    request: IncomingMessage,
    stream: Duplex,
    head: Buffer,
    asked: { cursor: string | undefined; filter: EventFilter },
  ): void {
    this.#server.handleUpgrade(request, stream, head, (socket) => {
      socket.on('error', () => socket.terminate());
      this.#open(socket, asked.cursor, asked.filter).catch(() => socket.close(1011, 'the database is not available'));
    });
  }

  async #open(socket: WebSocket, cursor: string | undefined, filter: EventFilter): Promise<void> {
    const { log, tail } = this.#options;
    const epoch = await log.epoch();
    const end = await log.end();
    const asked = cursor === undefined ? undefined : decodeCursor(epoch, cursor);
    const known = asked !== undefined && asked.xid < end.newestXid;
    const position: Position = known ? asked : end.position;
    const withText = filter.q !== undefined;
    const sink = this.#sinkFor(socket);
    const reader = new LiveReader({ epoch, log, tail, choose: chooseRow(filter), withText, sink }, position);
    const client: Client = { socket, reader, withText, fullSince: undefined };
    this.#track(client);
    sink.send({ type: 'hello', cursor: encodeCursor(epoch, position), serverTime: new Date().toISOString() });
    if (cursor !== undefined && !known) reader.resync('cursor_invalid');
    await reader.pump();
  }

  #track(client: Client): void {
    this.#clients.add(client);
    this.#options.clients(this.#clients.size);
    const renew = setTimeout(
      () => client.socket.close(CLOSE_RENEW, 'renew'),
      LIFE_MS * (0.9 + Math.random() * 0.1),
    ).unref();
    client.socket.on('close', () => {
      clearTimeout(renew);
      client.reader.close();
      this.#clients.delete(client);
      this.#options.clients(this.#clients.size);
    });
  }

  #sinkFor(socket: WebSocket): { send(frame: LiveFrame): void; readonly ready: boolean } {
    return {
      send: (frame) => {
        if (socket.readyState !== socket.OPEN) return;
        socket.send(JSON.stringify(frame), () => {
          if (socket.bufferedAmount < BUFFER_LIMIT) this.#pump(socket);
        });
      },
      get ready() {
        return socket.readyState === socket.OPEN && socket.bufferedAmount < BUFFER_LIMIT;
      },
    };
  }

  #pump(socket: WebSocket): void {
    for (const client of this.#clients) if (client.socket === socket) this.#pumpOne(client);
  }

  #pumpAll(): void {
    for (const client of this.#clients) this.#pumpOne(client);
  }

  #pumpOne(client: Client): void {
    // A reader that cannot read the database waits for the next advance; its position is unchanged.
    client.reader.pump().catch(() => undefined);
  }

  #keepAlive(): void {
    const now = Date.now();
    for (const client of this.#clients) {
      const full = client.socket.bufferedAmount >= BUFFER_LIMIT;
      client.fullSince = full ? (client.fullSince ?? now) : undefined;
      if (client.fullSince !== undefined && now - client.fullSince >= STALLED_MS) client.socket.terminate();
      else if (!full) client.socket.ping();
    }
  }
}
