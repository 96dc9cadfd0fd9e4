import type { AgentControl } from '../api/agent-port.ts';
import { toRecord } from '../bus/bus-record.ts';
import type { ControlDesk } from '../control/control-desk.ts';
import type { ControlStore } from '../control/control-store.ts';
import type { PolicySource } from '../control/policy-file.ts';
import { RunStarter } from '../control/run-starter.ts';
import type { Runtime } from '../control/runtime.ts';
import { AgUiRuntime } from '../control/runtimes/ag-ui/ag-ui-runtime.ts';
import { CAPABILITIES } from '../control/runtimes/ag-ui/presence.ts';
import type { RecordedEvent } from '../control/runtimes/ag-ui/run-recorder.ts';
import type { Consumer } from '../ingest/consumer.ts';
import type { Component } from '../lifecycle/component.ts';
import { createPostgresAgUiStore } from '../store/control/agui-runs.ts';
import type { LogRecord } from '../telemetry/records.ts';
import { traceIdOf } from '../telemetry/time.ts';
import type { Foundation } from './foundation.ts';

/** What the runtime is wired with. */
interface AgUiNeeds {
  store: ControlStore;
  desk: () => ControlDesk;
  /** Every runtime, to say who is there. */
  runtimes: readonly Runtime[];
  policy: PolicySource;
  consumer: Consumer;
  redact: (value: unknown) => unknown;
  redactOrder: (value: unknown) => unknown;
  returned: (target: string) => void;
  changed: () => void;
}

/** Agents behind AG-UI endpoints: the runtime, what starts their runs, and what keeps their streams. */
export function agUi({ config, database, report }: Foundation, needs: AgUiNeeds) {
  const runtime = new AgUiRuntime({
    ...needs,
    agents: config.aguiAgents,
    runs: createPostgresAgUiStore(database.control),
    toRecord: recordOf,
    keepsContent: config.content === 'full',
    idleMs: config.aguiIdleSeconds * 1000,
    report,
  });
  const starter = new RunStarter({
    ...needs,
    startable: { runtime: runtime.name, agents: runtime.targets(), capabilities: CAPABILITIES },
  });
  const agentControl: AgentControl = {
    agents: () => starter.agents(),
    startRun: (agentId, request, asker) => starter.start(agentId, request, asker),
  };
  const source: Component = {
    name: 'AG-UI agents',
    start: () => Promise.resolve(runtime.start()),
    stop: (deadlineMs) => runtime.stop(deadlineMs),
  };
  return { runtime, parts: { agentControl, sources: config.aguiAgents.length === 0 ? [] : [source] } };
}

/** The record an event would have become on the bus: both ways in meet in one mapping. */
function recordOf({ agent, threadId, runId, seq, atNs, event }: RecordedEvent): LogRecord {
  const entry = { id: '', workflowId: agent, agentId: agent, seq, threadId, runId, event };
  return { ...toRecord({ ...entry, traceId: traceIdOf(runId), spanId: null }, runId), timeNs: atNs };
}
