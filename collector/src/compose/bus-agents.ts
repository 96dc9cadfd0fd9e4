import { AgentBoard } from '../bus/agent-board.ts';
import { AgentChannel } from '../bus/agent-channel.ts';
import type { BusListener } from '../bus/stream-reader.ts';
import type { Runtime } from '../control/runtime.ts';
import { HEARTBEAT_SECONDS } from '../control/runtimes/agent-desk.ts';
import { BusAgents } from '../control/runtimes/bus-agents.ts';
import { BusEventsRuntime } from '../control/runtimes/bus-events/bus-events-runtime.ts';
import { BUS_EVENTS } from '../control/runtimes/bus-events/bus-presence.ts';
import type { Component } from '../lifecycle/component.ts';
import { agentDesk, agentsStore, hooks, type Wiring } from './wiring.ts';

/** Agents over Redis, composed. */
export interface BusAgentParts {
  runtimes: Runtime[];
  components: Component[];
  /** Follows what agents say in events. */
  listener: BusListener;
}

const NOBODY_LISTENS: BusListener = { remind: () => undefined, heard: () => Promise.resolve() };

/** Agents over Redis, where there is one. */
export function busAgents(wiring: Wiring): BusAgentParts {
  const { config, report } = wiring.foundation;
  if (config.redisUrl === undefined) return { runtimes: [], components: [], listener: NOBODY_LISTENS };
  const desk = agentDesk('bus', wiring);
  const agents = new BusAgents({ desk, store: wiring.store, send: (agentId, frame) => channel.send(agentId, frame) });
  const channel: AgentChannel = new AgentChannel({
    url: config.redisUrl,
    prefix: config.busPrefix,
    claimAfterMs: config.busClaimSeconds * 1000,
    take: (agentId, frame) => agents.take(agentId, frame),
    report,
  });
  let timer: NodeJS.Timeout | undefined;
  const start = (): Promise<void> => {
    channel.start();
    timer = setInterval(() => desk.dropSilent(Date.now()), HEARTBEAT_SECONDS * 1000).unref();
    return Promise.resolve();
  };
  const stop = (): Promise<void> => {
    clearInterval(timer);
    return channel.stop();
  };
  const events = busEvents(wiring, config.redisUrl);
  return {
    runtimes: [desk, events.runtime],
    components: [{ name: 'agents on the bus', start, stop }, events.component],
    listener: events.runtime,
  };
}

/** Agents that tell of themselves in events, and keep a presence key. */
function busEvents(wiring: Wiring, url: string): { runtime: BusEventsRuntime; component: Component } {
  const { config, report } = wiring.foundation;
  const board = new AgentBoard({ url, prefix: config.busPrefix, report });
  const store = agentsStore(wiring);
  const runtime = new BusEventsRuntime({ ...hooks(BUS_EVENTS, { ...wiring, store }), board, report });
  const start = (): Promise<void> => {
    board.start();
    return Promise.resolve(runtime.start());
  };
  const stop = async (): Promise<void> => {
    await runtime.stop();
    board.stop();
  };
  return { runtime, component: { name: 'agents that tell over the bus', start, stop } };
}
