import path from 'node:path';
import type { AgentControl } from '../api/agent-port.ts';
import type { Control } from '../api/control-port.ts';
import type { BusListener } from '../bus/stream-reader.ts';
import type { WakeBus } from '../bus/wake-bus.ts';
import { ANCHOR_FILE, AuditAnchorFile } from '../control/audit-anchor.ts';
import type { AuditDraft } from '../control/audit-entry.ts';
import { cleanJson } from '../control/clean-json.ts';
import { withCleanReports } from '../control/clean-reports.ts';
import { ControlDesk, type ControlDeskOptions } from '../control/control-desk.ts';
import { Dispatcher } from '../control/dispatcher.ts';
import { followPolicy, type PolicySource } from '../control/policy-file.ts';
import type { Policy } from '../control/policy.ts';
import { RunDesk } from '../control/run-desk.ts';
import type { ControlStore } from '../control/control-store.ts';
import { AgentLink } from '../control/runtimes/agent-link.ts';
import { OllamaGateway } from '../control/runtimes/ollama/ollama-gateway.ts';
import { LangGraphRuntime } from '../control/runtimes/langgraph/langgraph-runtime.ts';
import type { Runtime } from '../control/runtime.ts';
import { Webhook } from '../control/webhook.ts';
import type { Consumer } from '../ingest/consumer.ts';
import type { Component } from '../lifecycle/component.ts';
import { listening, type Address } from '../lifecycle/listening.ts';
import { StartError } from '../lifecycle/start-error.ts';
import { createPostgresControlStore, createPostgresWebhookStore } from '../store/control/postgres-control-store.ts';
import { createPostgresRunFacts } from '../store/control/run-facts.ts';
import { keepEmails } from '../redaction/personal/identity-names.ts';
import type { Keep } from '../redaction/span.ts';
import { agUi } from './ag-ui.ts';
import { busAgents } from './bus-agents.ts';
import type { Foundation } from './foundation.ts';
import { agentDesk, hooks, type Wiring } from './wiring.ts';

/** Control, composed. */
export interface ControlParts {
  control: Control;
  agentControl: AgentControl;
  link: AgentLink;
  /** Where the Ollama gateway listens, once started; undefined when there is none. */
  ollamaAddress: () => Address | undefined;
  components: Component[];
  /** Follows what agents say on the bus. */
  busListener: BusListener;
  /** What brings telemetry in, and must stop before the way to the database does. */
  sources: Component[];
  /** Writes a try to sign in to the console into the audit. */
  signInTried: (way: 'link' | 'password', right: boolean) => Promise<void>;
}

const SYSTEM = { login: 'signalbox', name: 'Signalbox', via: 'system' } as const;
const POLICY_EVERY_MS = 1_000;

/** What control needs of the rest. */
export interface ControlNeeds {
  bus: WakeBus;
  redact: (text: string, keep?: Keep) => string;
  consoleUrl: () => string;
  consumer: Consumer;
}

/** Approvals, commands, audit and the runtimes that carry decisions to agents. */
export function composeControl(
  foundation: Foundation,
  { bus, redact, consoleUrl, consumer }: ControlNeeds,
): ControlParts {
  const { config, report } = foundation;
  const { control: pool, urgent } = foundation.database;
  const store = createPostgresControlStore(pool);
  const urgentStore = createPostgresControlStore(urgent);
  const policy = policyOf(foundation, (changed) => void store.audit(policyEntry(config, changed)).catch(report));
  const runtimes: Runtime[] = [];
  const changed = (): void => {
    dispatcher.wake();
    bus.publish();
  };
  const parts: ControlDeskOptions = {
    store,
    runtimes,
    policy,
    facts: createPostgresRunFacts(pool),
    redact: (value) => cleanJson(value, redact),
    redactOrder: (value) => cleanJson(value, (text) => redact(text, keepEmails)),
    changed,
  };
  const desk = new ControlDesk(parts);
  const stops = new RunDesk({ ...parts, store: urgentStore, facts: createPostgresRunFacts(urgent) });
  const dispatcher: Dispatcher = new Dispatcher({ store: urgentStore, runtimes, changed: () => bus.publish(), report });
  const wiring: Wiring = { foundation, store: withCleanReports(store, redact), desk, dispatcher, bus };
  const agents = agentDesk('agent-link', wiring);
  const langgraph = new LangGraphRuntime({ ...hooks('langgraph', wiring), urls: config.langgraphUrls, report });
  const overBus = busAgents(wiring);
  const ollama = ollamaGateway(wiring, consumer);
  const startable = agUi(foundation, { ...hooks('ag-ui', wiring), ...parts, consumer });
  runtimes.push(agents, langgraph, ...overBus.runtimes, ...ollama.runtimes, startable.runtime);
  bus.onWake(() => dispatcher.wake());
  const link = new AgentLink(agents, report);
  const anchor = new AuditAnchorFile(path.join(config.dataDir, ANCHOR_FILE), () => store.auditHead(), report);
  return {
    ...{ control: controlPort(desk, { runs: new RunDesk(parts), stops }, { store, policy }), link },
    ollamaAddress: ollama.address,
    ...startable.parts,
    busListener: overBus.listener,
    components: [
      ...components({ anchor, dispatcher, link, langgraph, policy }),
      ...overBus.components,
      ...ollama.components,
      ...webhook(foundation, consoleUrl),
    ],
    signInTried: (way, right) => store.audit(signInEntry(way, right)),
  };
}

/** The gateway in front of Ollama, where one is wanted. */
function ollamaGateway({ foundation, store }: Wiring, consumer: Consumer) {
  const { config, report } = foundation;
  if (config.ollamaGatewayPort === undefined) return { runtimes: [], components: [], address: () => undefined };
  const gateway = new OllamaGateway({
    host: config.host,
    port: config.ollamaGatewayPort,
    upstream: config.ollamaHost,
    store,
    record: (spans) => void consumer.consume({ spans, logs: [], metrics: [] }).catch(report),
    report,
  });
  const what = { name: 'the Ollama gateway', setting: 'SIGNALBOX_OLLAMA_GATEWAY_PORT', port: config.ollamaGatewayPort };
  const component = listening(what, gateway);
  return { runtimes: [gateway], components: [component], address: () => component.address() };
}

/** Tells of waiting approvals, where somebody wants to be told. */
function webhook({ config, database, report }: Foundation, consoleUrl: () => string): Component[] {
  if (config.webhook === undefined) return [];
  const sender = new Webhook({
    ...config.webhook,
    publicUrl: () => config.publicUrl ?? consoleUrl(),
    store: createPostgresWebhookStore(database.control),
    report,
  });
  return [{ name: 'webhook', start: () => Promise.resolve(sender.start()), stop: () => sender.stop() }];
}

function policyEntry({ policyFile = '' }: Foundation['config'], policy: Policy): AuditDraft {
  return {
    actor: SYSTEM,
    action: 'policy.changed',
    subject: { file: path.basename(policyFile) },
    detail: { ...policy },
  };
}

function signInEntry(way: 'link' | 'password', right: boolean): AuditDraft {
  const actor = { login: 'admin', name: 'Administrator', via: 'console' } as const;
  return { actor, action: right ? 'sign_in' : 'sign_in.refused', subject: { way } };
}

function policyOf({ config, log }: Foundation, changed: (policy: Policy) => void): PolicySource {
  try {
    return followPolicy(config.policyFile, {
      changed,
      broken: (problem) => log.warn(`the policy file has a mistake, the policy before it holds on: ${problem}`),
    });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StartError(`SIGNALBOX_POLICY_FILE ${config.policyFile ?? ''} cannot be used: ${reason}.`, { cause });
  }
}

function controlPort(
  desk: ControlDesk,
  { runs, stops }: { runs: RunDesk; stops: RunDesk },
  { store, policy }: { store: ControlStore; policy: PolicySource },
): Control {
  return {
    approvals: (query, asker) => desk.approvals(query, asker),
    approval: (id, asker) => desk.approval(id, asker),
    decide: (id, request, asker) => desk.decide(id, request, asker),
    decideAll: (request, asker) => desk.decideAll(request, asker),
    extend: (id, request, asker) => desk.extend(id, request, asker),
    control: (runId, asker) => runs.control(runId, asker),
    stop: (runId, request, asker) => stops.stop(runId, request, asker),
    bar: (runId, request, asker) => stops.bar(runId, request, asker),
    addTask: (runId, request, asker) => runs.addTask(runId, request, asker),
    changePlan: (runId, request, asker) => runs.changePlan(runId, request, asker),
    maySteer: (asker, workflow) => runs.maySteer(asker, workflow),
    runsToStop: (workflow) => runs.runsToStop(workflow),
    command: (id) => store.command(id),
    auditPage: (after, limit) => store.auditPage(after, limit),
    policy: () => ({ source: policy.source, since: policy.since.toISOString(), problem: policy.problem }),
  };
}

interface Started {
  anchor: AuditAnchorFile;
  dispatcher: Dispatcher;
  link: AgentLink;
  langgraph: LangGraphRuntime;
  policy: PolicySource;
}

function components({ anchor, dispatcher, link, langgraph, policy }: Started): Component[] {
  let timer: NodeJS.Timeout | undefined;
  return [
    { name: 'audit heads', start: async () => Promise.resolve(anchor.start()), stop: () => anchor.stop() },
    {
      name: 'policy',
      start: () => Promise.resolve(void (timer = setInterval(() => policy.refresh(), POLICY_EVERY_MS).unref())),
      stop: () => Promise.resolve(clearInterval(timer)),
    },
    { name: 'commands', start: () => Promise.resolve(dispatcher.start()), stop: () => dispatcher.stop() },
    { name: 'LangGraph servers', start: () => Promise.resolve(langgraph.start()), stop: () => langgraph.stop() },
    { name: 'agent link', start: () => Promise.resolve(link.start()), stop: () => Promise.resolve(link.stop()) },
  ];
}
