import type { WakeBus } from '../bus/wake-bus.ts';
import { withCleanReports } from '../control/clean-reports.ts';
import type { ControlDesk } from '../control/control-desk.ts';
import type { ControlStore } from '../control/control-store.ts';
import type { Dispatcher } from '../control/dispatcher.ts';
import { AgentDesk } from '../control/runtimes/agent-desk.ts';
import { NOT_KEPT } from '../telemetry/not-captured.ts';
import type { Foundation } from './foundation.ts';

/** What the runtimes are wired with. */
export interface Wiring {
  foundation: Foundation;
  store: ControlStore;
  desk: ControlDesk;
  dispatcher: Dispatcher;
  bus: WakeBus;
}

/** What every runtime is given. */
export function hooks(name: string, { store, desk, dispatcher, bus }: Wiring) {
  return {
    store,
    desk: () => desk,
    returned: (target: string) => dispatcher.targetReturned(name, target),
    changed: () => bus.publish(),
  };
}

/** A desk for agents that speak the link. */
export function agentDesk(name: string, wiring: Wiring): AgentDesk {
  return new AgentDesk({ name, ...hooks(name, { ...wiring, store: agentsStore(wiring) }) });
}

/** What an agent says of its work is content; what the other runtimes report is made here. */
export function agentsStore({ foundation, store }: Wiring): ControlStore {
  return foundation.config.content === 'metadata' ? withCleanReports(store, () => NOT_KEPT) : store;
}
