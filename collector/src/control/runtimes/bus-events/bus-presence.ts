import type { ControlStore } from '../../control-store.ts';
import { readPresence, type PresentAgent } from './presence-record.ts';

/** Name of the runtime. */
export const BUS_EVENTS = 'bus-events';

const SEEN_MS = 5_000;
const MOST_AGENTS = 1_000;

/** Parts of the presence. */
export interface BusPresenceOptions {
  store: Pick<ControlStore, 'agents' | 'seeAgent'>;
  /** Hashes of those agents whose presence key stands, by agent. */
  present: (agentIds: readonly string[]) => Promise<Map<string, Record<string, string>>>;
  /** An agent is back: everything open goes to it again. */
  returned: (agentId: string) => void;
}

/** Which agents on the bus keep their presence key. Only those that were heard of are looked for: a Redis is shared. */
export class BusPresence {
  readonly #options: BusPresenceOptions;
  readonly #known = new Set<string>();
  readonly #present = new Map<string, PresentAgent>();
  readonly #seenAt = new Map<string, number>();
  #isReminded = false;

  constructor(options: BusPresenceOptions) {
    this.#options = options;
  }

  agents(): string[] {
    return [...this.#present.keys()];
  }

  agent(agentId: string): PresentAgent | undefined {
    return this.#present.get(agentId);
  }

  /** An agent was heard of; true when it is there. */
  async meet(agentId: string): Promise<boolean> {
    if (!this.#known.has(agentId) && this.#known.size < MOST_AGENTS) this.#known.add(agentId);
    if (!this.#present.has(agentId)) await this.#look([agentId]);
    return this.#present.has(agentId);
  }

  /** Looks for all of them. */
  async look(): Promise<void> {
    if (!this.#isReminded) {
      for (const { target } of await this.#options.store.agents([BUS_EVENTS])) this.#known.add(target);
      this.#isReminded = true;
    }
    await this.#look([...this.#known]);
  }

  async #look(agentIds: readonly string[]): Promise<void> {
    if (agentIds.length === 0) return;
    const found = await this.#options.present(agentIds);
    for (const agentId of agentIds) {
      const fields = found.get(agentId);
      if (fields === undefined) this.#present.delete(agentId);
      else await this.#see(agentId, readPresence(agentId, fields));
    }
  }

  async #see(agentId: string, agent: PresentAgent): Promise<void> {
    const isNew = !this.#present.has(agentId);
    if (isNew || Date.now() - (this.#seenAt.get(agentId) ?? 0) > SEEN_MS) {
      const record = { runtime: BUS_EVENTS, target: agentId, client: 'AG-UI over the bus' };
      await this.#options.store.seeAgent({ ...record, ...agent });
      this.#seenAt.set(agentId, Date.now());
    }
    this.#present.set(agentId, agent);
    if (isNew) this.#options.returned(agentId);
  }
}
