import { createHash } from 'node:crypto';
import { createServer, request as send, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Command } from '@signalbox/event-model';
import type { SpanRecord } from '../../../telemetry/records.ts';
import { nowNs, runIdOf } from '../../../telemetry/time.ts';
import type { ControlStore } from '../../control-store.ts';
import type { DeliveryReport, Runtime } from '../../runtime.ts';
import { AnswerReader } from './answer-reader.ts';
import { endSpan, newSpanId, startSpan, type OllamaCall } from './call-record.ts';

/** Parts of the gateway. */
export interface OllamaGatewayOptions {
  host: string;
  port: number;
  /** Base address of the Ollama server. */
  upstream: string;
  store: ControlStore;
  /** Hands spans to ingest; must not reject. */
  record: (spans: SpanRecord[]) => void;
  report: (error: unknown) => void;
}

const RUNTIME = 'ollama';
const MAX_REQUEST_BYTES = 64 * 1024 * 1024;
/** Calls of one workflow further apart than this are two runs. */
const RUN_GAP_MS = 10 * 60_000;
const ANSWERING = /^\/api\/(chat|generate)$/;

interface OpenCall {
  traceId: string;
  stop(by: string): void;
}

/**
 * Stands between agents and Ollama (`OLLAMA_HOST=http://collector:<port>/w/<workflow>` in the agent): it sees every call
 * the moment it begins, and can end it. What is no question to a model passes untouched.
 */
export class OllamaGateway implements Runtime {
  readonly name = RUNTIME;
  readonly #options: OllamaGatewayOptions;
  readonly #server: Server;
  readonly #open = new Set<OpenCall>();
  readonly #runs = new Map<string, { traceId: string; lastMs: number }>();
  readonly #known = new Map<string, number>();

  constructor(options: OllamaGatewayOptions) {
    this.#options = options;
    this.#server = createServer((incoming, response) => {
      this.#serve(incoming, response).catch((error: unknown) => {
        options.report(error);
        refuse(response, 502, 'the gateway could not pass the call on');
      });
    });
  }

  /** Listens; rejects with the system's error. */
  start(): Promise<{ host: string; port: number }> {
    const { host, port } = this.#options;
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => {
        this.#server.off('error', reject);
        resolve({ host, port: (this.#server.address() as AddressInfo).port });
      });
    });
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  /** Model calls under way now. */
  get active(): number {
    return this.#open.size;
  }

  targets(): string[] {
    return [...this.#known.keys()];
  }

  isOnline(target: string): boolean {
    return this.#known.has(target);
  }

  /** A stop ends what is open; whatever the run asks later is refused, also by the next gateway. */
  deliver(command: Command): Promise<DeliveryReport> {
    if (command.kind !== 'stop')
      return Promise.resolve({ state: 'refused', evidence: null, problem: 'The Ollama gateway can only stop.' });
    const own = [...this.#open].filter(({ traceId }) => traceId === command.target.agent);
    for (const call of own) call.stop(command.requestedBy.name);
    const evidence = `${own.length} open answers ended; later calls of the run are refused`;
    return Promise.resolve({ state: 'effective', evidence });
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { workflow, path } = splitPath(incoming);
    if (incoming.method !== 'POST' || !ANSWERING.test(path)) return this.#pass(incoming, response, path);
    const body = await bodyOf(incoming);
    if (body === null) return refuse(response, 413, 'the request is larger than 64 MiB');
    const call = this.#begin(incoming, workflow, body);
    if (call === null) return this.#pass(incoming, response, path, body);
    const { stop } = await this.#options.store.runLink(runIdOf(call.traceId));
    if (stop !== null) return refuse(response, 403, `stopped by operator ${stop.by.name}`);
    await this.#introduce(call);
    this.#options.record([startSpan(call)]);
    this.#ask(call, { incoming, response, path, body });
  }

  #begin(incoming: IncomingMessage, workflow: string, body: Buffer): OllamaCall | null {
    const asked = parseBody(body);
    if (asked === null) return null;
    const [, traceId, parentSpanId] =
      /^00-([0-9a-f]{32})-([0-9a-f]{16})-/.exec(String(incoming.headers.traceparent)) ?? [];
    return {
      traceId: traceId ?? this.#runOf(workflow),
      spanId: newSpanId(),
      parentSpanId: parentSpanId ?? null,
      workflow,
      session: workflow,
      startedNs: nowNs(),
      request: asked,
    };
  }

  /** Without a trace of the caller, calls of a workflow that follow each other are one run. */
  #runOf(workflow: string): string {
    const now = Date.now();
    const known = this.#runs.get(workflow);
    const goesOn = known !== undefined && now - known.lastMs < RUN_GAP_MS;
    const traceId = goesOn
      ? known.traceId
      : createHash('sha256').update(`${workflow} ${now}`).digest('hex').slice(0, 32);
    this.#runs.set(workflow, { traceId, lastMs: now });
    return traceId;
  }

  async #introduce({ traceId, workflow }: OllamaCall): Promise<void> {
    if (this.#known.has(traceId)) return;
    const { store } = this.#options;
    for (const [old, lastMs] of this.#known) if (Date.now() - lastMs > RUN_GAP_MS) this.#known.delete(old);
    const agent = { runtime: RUNTIME, target: traceId, name: workflow, workflow, client: 'Ollama gateway' };
    await store.seeAgent({ ...agent, capabilities: ['stop'] });
    await store.linkRun(RUNTIME, traceId, runIdOf(traceId), false);
    this.#known.set(traceId, Date.now());
  }

  #ask(call: OllamaCall, { incoming, response, path, body }: Passing & { body: Buffer }): void {
    const reader = new AnswerReader();
    const upstream = this.#forward(incoming, path, body.length);
    const open: OpenCall = {
      traceId: call.traceId,
      stop: (by) => {
        const error = `stopped by operator ${by}`;
        finish(error);
        if (response.headersSent) response.end(`${JSON.stringify({ error })}\n`);
        else refuse(response, 403, error);
        upstream.destroy();
      },
    };
    let isDone = false;
    const finish = (error: string | null): void => {
      if (isDone) return;
      isDone = true;
      this.#open.delete(open);
      this.#known.set(call.traceId, Date.now());
      this.#options.record([endSpan(call, reader.end(error), nowNs())]);
    };
    this.#open.add(open);
    upstream.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.on('data', (chunk: Buffer) => {
        reader.push(chunk);
        if (!isDone) response.write(chunk);
      });
      answer.on('end', () => {
        finish(null);
        response.end();
      });
      answer.on('error', () => finish('the answer broke off'));
    });
    upstream.on('error', () => {
      finish('Ollama cannot be reached');
      if (!response.headersSent) refuse(response, 502, 'Ollama cannot be reached');
      else response.end();
    });
    // The agent gave up: so does the model.
    response.on('close', () => {
      if (!isDone) upstream.destroy();
      finish('the caller hung up');
    });
    upstream.end(body);
  }

  /** Everything else: models, versions, pulls. */
  #pass(incoming: IncomingMessage, response: ServerResponse, path: string, body?: Buffer): void {
    const upstream = this.#forward(incoming, path, body?.length);
    upstream.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    upstream.on('error', () => {
      if (!response.headersSent) refuse(response, 502, 'Ollama cannot be reached');
      else response.end();
    });
    if (body) upstream.end(body);
    else incoming.pipe(upstream);
  }

  #forward(incoming: IncomingMessage, path: string, length: number | undefined) {
    const { search } = new URL(incoming.url ?? '/', 'http://gateway');
    const target = new URL(`${this.#options.upstream.replace(/\/+$/, '')}${path}${search}`);
    // What the gateway reads must not be compressed.
    const headers = { ...incoming.headers, host: target.host, 'accept-encoding': 'identity' };
    if (length !== undefined) {
      headers['content-length'] = String(length);
      delete headers['transfer-encoding'];
    }
    return send(target, { method: incoming.method, headers });
  }
}

interface Passing {
  incoming: IncomingMessage;
  response: ServerResponse;
  path: string;
}

/** `/w/<workflow>/api/…`, or the workflow in a header. */
function splitPath(incoming: IncomingMessage): { workflow: string; path: string } {
  const { pathname } = new URL(incoming.url ?? '/', 'http://gateway');
  const [, named, rest] = /^\/w\/([^/]{1,200})(\/.*)$/.exec(pathname) ?? [];
  const header = incoming.headers['x-signalbox-workflow'];
  const workflow = named === undefined ? (typeof header === 'string' ? header.slice(0, 200) : 'ollama') : decode(named);
  return { workflow, path: rest ?? pathname };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function parseBody(body: Buffer): OllamaCall['request'] | null {
  try {
    const { model, messages, prompt, tools, options } = JSON.parse(body.toString('utf8')) as Record<string, unknown>;
    return typeof model === 'string' ? { model, messages, prompt, tools, options } : null;
  } catch {
    return null;
  }
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer | null> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of incoming) {
    bytes += (part as Buffer).length;
    if (bytes > MAX_REQUEST_BYTES) return null;
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts);
}

function refuse(response: ServerResponse, status: number, error: string): void {
  if (response.headersSent) return void response.end();
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ error }));
}
