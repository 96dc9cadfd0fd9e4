import { randomUUID } from 'node:crypto';
import type { Capability, Command, RunStartRequest, StartableAgent } from '@signalbox/event-model';
import type { Impossible } from './control-desk.ts';
import type { AgentRecord, ControlStore, Refusal } from './control-store.ts';
import type { PolicySource } from './policy-file.ts';
import { maySteer, type Asker } from './policy.ts';
import type { Runtime } from './runtime.ts';
import { requestHash } from './request-hash.ts';

/** Parts of the starter. */
export interface RunStarterOptions {
  store: ControlStore;
  runtimes: readonly Runtime[];
  /** The runtime that starts runs, and the agents it knows. */
  startable: { runtime: string; agents: readonly string[]; capabilities: Capability[] };
  policy: PolicySource;
  redactOrder: (value: unknown) => unknown;
  changed: () => void;
}

/** Runtimes whose targets are agents; those of the others are threads and workflows. */
const AGENT_RUNTIMES = ['agent-link', 'bus'];
const SEEN_MS = 15_000;

/** Starts runs of agents for people. */
export class RunStarter {
  readonly #options: RunStarterOptions;

  constructor(options: RunStarterOptions) {
    this.#options = options;
  }

  /** Agents runs can be started of, then those that connected, by name. */
  async agents(): Promise<StartableAgent[]> {
    const { store, startable } = this.#options;
    const { runtime, capabilities } = startable;
    const others = await store.agents(AGENT_RUNTIMES);
    const own = startable.agents.map((name): StartableAgent => {
      return { id: name, name, runtime, capabilities, online: this.#isOnline(runtime, name), canStart: true };
    });
    return [...own, ...others.map((agent) => this.#connected(agent))];
  }

  async start(
    agentId: string,
    request: RunStartRequest,
    asker: Asker,
  ): Promise<Refusal | Impossible | { command: Command; replayed: boolean }> {
    const { store, startable, policy, redactOrder, changed } = this.#options;
    const agent = startable.agents.find((name) => name === agentId);
    const may = maySteer(policy.current, asker, agent ?? null);
    if (!may.allowed) return { refused: 'forbidden', reason: may.reason ?? 'You may not start runs.', who: may.who };
    if (agent === undefined) return this.#unstartable(agentId);
    const { text, sessionId, idempotencyKey } = request;
    const outcome = await store.order({
      kind: 'run.start',
      runtime: startable.runtime,
      target: agent,
      runId: randomUUID(),
      payload: redactOrder({ text, ...(sessionId === undefined ? {} : { sessionId }) }) as Record<string, unknown>,
      by: asker.principal,
      reason: null,
      idempotencyKey,
      requestHash: requestHash('run.start', agent, request),
    });
    if ('command' in outcome) changed();
    return outcome;
  }

  async #unstartable(agentId: string): Promise<Refusal | Impossible> {
    const other = (await this.agents()).find(({ id }) => id === agentId);
    if (other === undefined) return { refused: 'not_found' };
    return { refused: 'capability_missing', reason: `${other.name} starts its runs itself.` };
  }

  #connected({ runtime, target, name, capabilities, seenAt }: AgentRecord): StartableAgent {
    const online = this.#isOnline(runtime, target) || Date.now() - Date.parse(seenAt) < SEEN_MS;
    return { id: `${runtime}:${target}`, name, runtime, capabilities, online, canStart: false };
  }

  #isOnline(runtime: string, target: string): boolean {
    return this.#options.runtimes.some((each) => each.name === runtime && each.isOnline(target));
  }
}
