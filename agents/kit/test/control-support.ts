import { type Context, context, ROOT_CONTEXT, trace, TraceFlags } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { collector, eventually } from './support.ts';

context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());

/** The agent link of the collector. */
export const LINK = `${collector.api.replace('http', 'ws')}/agent`;

/** An approval, as people see it. */
export interface ApprovalView {
  id: string;
  runId: string | null;
  action: string;
  status: string;
  shownHash: string;
}

/** A command, as people see it. */
export interface CommandView {
  id: string;
  state: string;
  problem: string | null;
  history: { state: string; evidence: string | null }[];
}

/** A person at the console. */
export class Person {
  readonly #headers: Record<string, string>;

  private constructor(headers: Record<string, string>) {
    this.#headers = headers;
  }

  static async signIn(): Promise<Person> {
    const answer = await fetch(`${collector.api}/sign-in`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `password=${collector.password}`,
    });
    const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
    assert.notEqual(cookie, '', `signing in answered ${answer.status}`);
    const session = await fetch(`${collector.api}/api/session`, { headers: { cookie } });
    const { csrfToken } = (await session.json()) as { csrfToken: string };
    return new Person({ cookie, 'x-signalbox-csrf': csrfToken, 'content-type': 'application/json' });
  }

  async get<T>(path: string): Promise<T> {
    const answer = await fetch(`${collector.api}/api${path}`, { headers: this.#headers });
    assert.equal(answer.status, 200, path);
    return (await answer.json()) as T;
  }

  async post<T>(path: string, body: object): Promise<T> {
    const answer = await fetch(`${collector.api}/api${path}`, {
      method: 'POST',
      headers: this.#headers,
      body: JSON.stringify({ ...body, idempotencyKey: randomUUID() }),
    });
    const text = await answer.text();
    assert.equal(answer.status, 202, `${path}: ${text}`);
    return JSON.parse(text) as T;
  }

  /** The pending approval of a run, once it is there. */
  async pending(traceId: string): Promise<ApprovalView> {
    const read = async (): Promise<ApprovalView[]> =>
      (await this.get<{ approvals: ApprovalView[] }>(`/approvals?run=${runIdOf(traceId)}&status=pending`)).approvals;
    const [approval] = await eventually(read, (found) => found.length > 0);
    assert.ok(approval, 'no approval waits');
    return approval;
  }

  async decide(approval: ApprovalView, decision: string, more: object = {}): Promise<CommandView> {
    return this.post(`/approvals/${approval.id}/decision`, { decision, shownHash: approval.shownHash, ...more });
  }

  /** A command once it is in a state; fails with its history when it never comes there. */
  async settled(id: string, state: string): Promise<CommandView> {
    const read = (): Promise<CommandView> => this.get(`/commands/${id}`);
    const command = await eventually(read, (found) => found.state === state);
    assert.equal(command.state, state, JSON.stringify(command.history));
    return command;
  }

  stop(traceId: string, reason?: string): Promise<CommandView> {
    return this.post(`/runs/${runIdOf(traceId)}/stop`, reason === undefined ? {} : { reason });
  }

  addTask(traceId: string, text: string, more: object = {}): Promise<CommandView> {
    return this.post(`/runs/${runIdOf(traceId)}/tasks`, { text, ...more });
  }
}

/** A trace id as the id of its run. */
export const runIdOf = (traceId: string): string =>
  traceId.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

/** A new run: its trace id, and the context its work happens in. */
export function newRun(): { traceId: string; context: Context } {
  const traceId = randomBytes(16).toString('hex');
  const span = { traceId, spanId: randomBytes(8).toString('hex'), traceFlags: TraceFlags.SAMPLED };
  return { traceId, context: trace.setSpanContext(ROOT_CONTEXT, span) };
}

/** Resolves when the test holds, looked at every two milliseconds. */
export async function until(test: () => boolean, what: string, limitMs = 20_000): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!test()) {
    assert.ok(Date.now() < deadline, `${what} did not happen`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** The agent knows the collector, and the collector the run: orders for it are possible. */
export async function known(person: Person, traceId: string): Promise<void> {
  const read = (): Promise<{ online: boolean }> => person.get(`/runs/${runIdOf(traceId)}/control`);
  assert.equal((await eventually(read, (found) => found.online)).online, true);
}

/** A way to the collector that a test can break. */
export class BreakableLink {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isOpen = true;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async open(): Promise<BreakableLink> {
    const target = new URL(collector.api);
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const link = new BreakableLink(server);
    server.on('connection', (near) => {
      if (!link.#isOpen) return near.destroy();
      const far = connect(Number(target.port), target.hostname);
      near.pipe(far);
      far.pipe(near);
      for (const socket of [near, far]) {
        link.#sockets.add(socket);
        socket.on('error', () => undefined);
        socket.on('close', () => {
          link.#sockets.delete(socket);
          near.destroy();
          far.destroy();
        });
      }
    });
    return link;
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}/agent`;
  }

  /** Cuts every connection, in the middle of whatever it carries. */
  kill(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** Lets nobody through until `mend`. */
  cut(): void {
    this.#isOpen = false;
    this.kill();
  }

  mend(): void {
    this.#isOpen = true;
  }

  close(): void {
    this.cut();
    this.#server.close();
  }
}
