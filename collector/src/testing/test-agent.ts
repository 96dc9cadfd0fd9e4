import type { AgentCommand, AgentDownFrame, AgentFrame, Capability } from '@signalbox/event-model';
import { WebSocket } from 'ws';

/** An agent that speaks the link by hand, so that a test says every frame itself. */
export class TestAgent {
  readonly frames: AgentDownFrame[] = [];
  readonly #url: string;
  readonly #id: string;
  #socket: WebSocket | undefined;
  #waiting: { test: () => boolean; resolve: () => void }[] = [];

  constructor(api: string, id: string) {
    this.#url = `${api.replace('http', 'ws')}/agent`;
    this.#id = id;
  }

  async connect(
    options: { capabilities?: Capability[]; headers?: Record<string, string>; workflow?: string } = {},
  ): Promise<void> {
    const socket = new WebSocket(this.#url, { headers: options.headers ?? {} });
    this.#socket = socket;
    socket.on('message', (data: Buffer) => {
      this.frames.push(JSON.parse(data.toString()) as AgentDownFrame);
      this.#waiting = this.#waiting.filter(({ test, resolve }) => !test() || (resolve(), false));
    });
    await new Promise<void>((resolve, reject) => socket.once('open', () => resolve()).once('error', reject));
    this.send({
      type: 'hello',
      protocol: 1,
      agentId: this.#id,
      name: this.#id,
      capabilities: options.capabilities ?? ['approve', 'edit', 'respond', 'stop', 'add_task', 'plan'],
      ...(options.workflow === undefined ? {} : { workflow: options.workflow }),
    });
    const before = this.frames.length;
    await this.until(() => this.frames.slice(before).some((frame) => frame.type === 'welcome'));
  }

  send(frame: AgentFrame): void {
    this.#socket?.send(JSON.stringify(frame));
  }

  /** Resolves when the test holds, looked at after every frame. */
  until(test: () => boolean): Promise<void> {
    return test() ? Promise.resolve() : new Promise((resolve) => this.#waiting.push({ test, resolve }));
  }

  /** The first command that fits, once it is here. */
  async command(fits: (command: AgentCommand) => boolean): Promise<AgentCommand> {
    const find = (): AgentCommand | undefined =>
      this.frames.find((frame): frame is AgentCommand => frame.type === 'command' && fits(frame));
    await this.until(() => find() !== undefined);
    return find() as AgentCommand;
  }

  /** Breaks the connection as a killed process does. */
  kill(): void {
    this.#socket?.terminate();
  }
}
