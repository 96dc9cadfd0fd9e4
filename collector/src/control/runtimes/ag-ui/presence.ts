import net from 'node:net';
import type { Capability } from '@signalbox/event-model';
import type { ControlStore } from '../../control-store.ts';

/** Name of the runtime. */
export const RUNTIME = 'ag-ui';

const LOOK_EVERY_MS = 5_000;
const CONNECT_MS = 1_000;
/** What every agent can do: the protocol has no other verbs, and no way to ask. */
export const CAPABILITIES: Capability[] = ['approve', 'edit', 'respond', 'stop', 'add_task'];

/** An agent as the settings name it. */
export interface AgUiAgent {
  name: string;
  url: string;
}

/** Parts of the presence. */
export interface PresenceOptions {
  agents: readonly AgUiAgent[];
  store: Pick<ControlStore, 'seeAgent'>;
  report: (error: unknown) => void;
}

/**
 * Which agents can be reached. The protocol has no way to ask, so a connection is opened and closed again, without a
 * request.
 */
export class Presence {
  readonly #options: PresenceOptions;
  readonly #online = new Set<string>();
  readonly #known = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();

  constructor(options: PresenceOptions) {
    this.#options = options;
  }

  start(): void {
    this.#looking = this.#look();
    this.#timer = setInterval(() => {
      this.#looking = this.#looking.then(() => this.#look());
    }, LOOK_EVERY_MS).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  isOnline(name: string): boolean {
    return this.#online.has(name);
  }

  /** Makes an agent known, so that runs can be linked to it, reachable or not. */
  async introduce(name: string): Promise<void> {
    if (this.#known.has(name)) return;
    await this.#see(name);
  }

  async #look(): Promise<void> {
    await Promise.all(this.#options.agents.map((agent) => this.#lookAt(agent)));
  }

  async #lookAt({ name, url }: AgUiAgent): Promise<void> {
    if (await answers(new URL(url))) this.#online.add(name);
    else this.#online.delete(name);
    try {
      if (this.isOnline(name)) await this.#see(name);
      else await this.introduce(name);
    } catch (error) {
      this.#options.report(error);
    }
  }

  async #see(name: string): Promise<void> {
    await this.#options.store.seeAgent({
      runtime: RUNTIME,
      target: name,
      name,
      workflow: name,
      client: 'AG-UI',
      capabilities: CAPABILITIES,
    });
    this.#known.add(name);
  }
}

function answers(url: URL): Promise<boolean> {
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  return new Promise((resolve) => {
    const socket = net.connect({ host: url.hostname.replace(/^\[|\]$/g, ''), port, timeout: CONNECT_MS });
    const end = (isOpen: boolean) => (): void => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.once('connect', end(true)).once('timeout', end(false)).once('error', end(false));
  });
}
