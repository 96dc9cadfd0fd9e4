import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const FOLDER = path.resolve(import.meta.dirname, '..', '..', '..', 'agents', 'reference');

/** A thread of the LangGraph Server API, as far as tests look. */
export interface Thread {
  thread_id: string;
  status: string;
  values: { todo?: { id: string; text: string; status: string }[] } | null;
  interrupts?: Record<string, { id: string; value: unknown }[]>;
}

/** The reference agent in a process of its own, with its scripted model. */
export class ReferenceAgent {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(url: string, child: ChildProcess) {
    this.url = url;
    this.#child = child;
  }

  static async start(port: number, otlp: string, thinkMs: number): Promise<ReferenceAgent> {
    const child = spawn(process.execPath, ['src/main.ts', '--port', String(port), '--think', String(thinkMs)], {
      cwd: FOLDER,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        PATH: process.env['PATH'],
        OTEL_EXPORTER_OTLP_ENDPOINT: otlp,
        HOME: process.env['HOME'],
        LOG_LEVEL: 'error',
      },
    });
    let output = '';
    await new Promise<void>((resolve, reject) => {
      child.stdout.on('data', (data: Buffer) => {
        output += data.toString();
        if (/^\{"url"/m.test(output)) resolve();
      });
      child.once('exit', (code) => reject(new Error(`the reference agent ended with ${code}: ${output}`)));
    });
    return new ReferenceAgent(`http://127.0.0.1:${port}`, child);
  }

  async call<T>(apiPath: string, body?: unknown): Promise<T> {
    const answer = await fetch(`${this.url}${apiPath}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${apiPath} answered ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  /** Starts a run on a thread of its own; returns the thread. */
  async run(text = 'Write the price report for the phone.'): Promise<string> {
    const { thread_id: thread } = await this.call<Thread>('/threads', {});
    await this.call(`/threads/${thread}/runs`, {
      assistant_id: 'reference',
      input: { messages: [{ role: 'user', content: text }] },
    });
    return thread;
  }

  thread(id: string): Promise<Thread> {
    return this.call(`/threads/${id}`);
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }
}
