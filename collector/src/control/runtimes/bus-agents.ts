import type { AgentDownFrame, AgentHello } from '@signalbox/event-model';
import { readAgentFrame } from '../agent-frames.ts';
import type { ControlStore } from '../control-store.ts';
import type { AgentDesk, AgentSession } from './agent-desk.ts';

/** Parts of the bus's side of the agent desk. */
export interface BusAgentsOptions {
  desk: AgentDesk;
  store: Pick<ControlStore, 'agent'>;
  /** Appends a frame to an agent's stream. */
  send: (agentId: string, frame: AgentDownFrame) => Promise<void>;
}

/**
 * Agents that speak over the bus. They have no connection of their own, and their frames may reach any collector: one that
 * did not see the hello takes it from the database.
 */
export class BusAgents {
  readonly #options: BusAgentsOptions;
  readonly #sessions = new Map<string, AgentSession>();

  constructor(options: BusAgentsOptions) {
    this.#options = options;
  }

  /** One frame. Rejects when the database or Redis is away; the frame then comes again. */
  async take(agentId: string, value: unknown): Promise<void> {
    const { desk, send } = this.#options;
    const read = readAgentFrame(value);
    if ('problem' in read) {
      const id = read.id === null ? {} : { id: read.id };
      return send(agentId, { type: 'problem', code: 'bad_frame', detail: read.problem, ...id });
    }
    const { frame } = read;
    if (frame.type === 'hello') return this.#join({ ...frame, agentId });
    if (!desk.isOnline(agentId) && !(await this.#rejoin(agentId))) {
      const detail = 'Nobody here knows the agent: it must send a hello first.';
      return send(agentId, { type: 'problem', code: 'no_hello', detail });
    }
    await desk.take(agentId, frame);
  }

  async #join(hello: AgentHello): Promise<void> {
    const { agentId } = hello;
    const session: AgentSession = {
      send: (frame) => this.#options.send(agentId, frame),
      end: () => {
        this.#options.desk.leave(agentId, session);
        this.#sessions.delete(agentId);
      },
    };
    this.#sessions.set(agentId, session);
    await this.#options.desk.join(hello, session);
  }

  async #rejoin(agentId: string): Promise<boolean> {
    const known = await this.#options.store.agent(this.#options.desk.name, agentId);
    if (known === null) return false;
    const { name, workflow, client, capabilities } = known;
    await this.#join({
      type: 'hello',
      protocol: 1,
      agentId,
      name,
      capabilities,
      ...(workflow === null ? {} : { workflow }),
      ...(client === null ? {} : { client }),
    });
    return true;
  }
}
