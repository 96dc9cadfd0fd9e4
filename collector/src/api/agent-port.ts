import type { RunStartRequest, StartableAgent } from '@signalbox/event-model';
import type { Asker, ControlRefusal, Ordered } from './control-port.ts';

/** What the routes about agents ask of control. Port between the API and the run starter. */
export interface AgentControl {
  agents(): Promise<StartableAgent[]>;
  startRun(agentId: string, request: RunStartRequest, asker: Asker): Promise<ControlRefusal | Ordered>;
}
