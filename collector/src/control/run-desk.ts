import type { Command, MayDecide, RunControl, StopPreview, StopRequest, TaskRequest } from '@signalbox/event-model';
import type { ControlDeskOptions, Impossible } from './control-desk.ts';
import type { Refusal, RunLink } from './control-store.ts';
import { NO_CHANNEL } from './observed-approvals.ts';
import { maySteer, type Asker } from './policy.ts';
import { requestHash } from './request-hash.ts';
import type { RunFact } from './run-facts.ts';

/** An order to the agent of a run. */
interface Order {
  kind: 'stop' | 'task.add' | 'task.cancel' | 'task.reorder';
  capability: keyof typeof WORDS;
  payload: Record<string, unknown>;
  request: { reason?: string; idempotencyKey: string };
}

type OrderOutcome = Refusal | Impossible | { command: Command; replayed: boolean };

const ONLINE_MS = 15_000;
const WORDS = { stop: 'stop', add_task: 'take tasks', plan: 'change its plan' };
const GOING_ON = new Set(['in_progress', 'waiting', 'lost']);
/** Runtime of a run nothing connects to. */
const NO_RUNTIME = 'none';

/** Everything people do to runs and plans: who may, whether the agent can, and the order itself. */
export class RunDesk {
  readonly #options: Pick<
    ControlDeskOptions,
    'store' | 'runtimes' | 'policy' | 'facts' | 'redact' | 'redactOrder' | 'changed'
  >;

  constructor(options: ControlDeskOptions) {
    this.#options = options;
  }

  /** What can be done with a run. */
  async control(runId: string, asker: Asker): Promise<RunControl> {
    const { store, facts, policy } = this.#options;
    const [link, run, commands] = await Promise.all([
      store.runLink(runId),
      facts.run(runId),
      store.commandsOfRun(runId),
    ]);
    return {
      runId,
      ...this.#channel(link),
      ended: hasEnded(link, run),
      stop: stopOf(link, run?.lastSeenAt ?? null),
      tasks: commands.filter((command) => command.kind.startsWith('task.')),
      maySteer: maySteer(policy.current, asker, workflowOf(link, run)),
    };
  }

  /** Whether the asker may steer runs of a workflow, or of any. */
  maySteer(asker: Asker, workflow: string | null): MayDecide {
    return maySteer(this.#options.policy.current, asker, workflow);
  }

  /** Runs a stop of a workflow, or of everything, would reach now. */
  runsToStop(workflow: string | null): Promise<StopPreview> {
    return this.#options.store.runsToStop(workflow);
  }

  /** Orders a run to stop. It is barred from then on, whatever its agent does. */
  stop(runId: string, request: StopRequest, asker: Asker): Promise<OrderOutcome> {
    const payload = this.#reasonOf(request);
    return this.#order(runId, { kind: 'stop', capability: 'stop', payload, request }, asker);
  }

  /** What can be enforced on any run, whatever its agent can do: its requests are refused from now on. */
  async bar(runId: string, request: StopRequest, asker: Asker): Promise<OrderOutcome> {
    const { store, facts, policy, changed } = this.#options;
    const [link, run] = await Promise.all([store.runLink(runId), facts.run(runId)]);
    const may = maySteer(policy.current, asker, workflowOf(link, run));
    if (!may.allowed) return { refused: 'forbidden', reason: may.reason ?? 'You may not steer runs.', who: may.who };
    const { agent } = link;
    if (agent === null && run === null) return { refused: 'not_found' };
    const payload = this.#reasonOf(request);
    const outcome = await store.order({
      kind: 'bar',
      runtime: agent?.runtime ?? NO_RUNTIME,
      target: agent?.target ?? '',
      runId,
      payload,
      by: asker.principal,
      reason: payload.reason ?? null,
      idempotencyKey: request.idempotencyKey,
      requestHash: requestHash('bar', runId, request),
    });
    if ('command' in outcome) changed();
    return outcome;
  }

  /** Proposes a task to a run's agent. */
  addTask(runId: string, request: TaskRequest, asker: Asker): Promise<OrderOutcome> {
    const { text, after, note } = request;
    const payload = this.#options.redactOrder({
      text,
      ...(after === undefined ? {} : { after }),
      ...(note === undefined ? {} : { note }),
    }) as Record<string, unknown>;
    return this.#order(runId, { kind: 'task.add', capability: 'add_task', payload, request }, asker);
  }

  /** Proposes another order of the plan, or to leave items out. */
  changePlan(
    runId: string,
    request: { kind: 'task.cancel' | 'task.reorder'; items: string[]; idempotencyKey: string },
    asker: Asker,
  ): Promise<OrderOutcome> {
    const { kind, items } = request;
    return this.#order(runId, { kind, capability: 'plan', payload: { items }, request }, asker);
  }

  async #order(runId: string, order: Order, asker: Asker): Promise<OrderOutcome> {
    const { store, facts, policy, redact } = this.#options;
    const [link, run] = await Promise.all([store.runLink(runId), facts.run(runId)]);
    const may = maySteer(policy.current, asker, workflowOf(link, run));
    if (!may.allowed) return { refused: 'forbidden', reason: may.reason ?? 'You may not steer runs.', who: may.who };
    const { agent } = link;
    if (agent === null) return run === null ? { refused: 'not_found' } : { refused: 'no_runtime', reason: NO_CHANNEL };
    if (!agent.capabilities.includes(order.capability)) {
      const reason = `${agent.name} did not say that it can ${WORDS[order.capability]}.`;
      return { refused: 'capability_missing', reason };
    }
    const { reason, idempotencyKey } = order.request;
    const outcome = await store.order({
      kind: order.kind,
      runtime: agent.runtime,
      target: agent.target,
      runId,
      payload: order.payload,
      by: asker.principal,
      reason: reason === undefined ? null : String(redact(reason)),
      idempotencyKey,
      requestHash: requestHash(order.kind, runId, order.request),
    });
    if ('command' in outcome) this.#options.changed();
    return outcome;
  }

  #reasonOf({ reason }: StopRequest): { reason?: string } {
    return reason === undefined ? {} : { reason: String(this.#options.redact(reason)) };
  }

  #channel(link: RunLink): Pick<RunControl, 'runtime' | 'agent' | 'online' | 'capabilities' | 'reason'> {
    const { agent } = link;
    if (agent === null) return { runtime: null, agent: null, online: false, capabilities: [], reason: NO_CHANNEL };
    const online = this.#isOnline(link);
    const reason = online ? null : `${agent.name} is not connected now; orders wait for it.`;
    return { runtime: agent.runtime, agent: agent.name, online, capabilities: agent.capabilities, reason };
  }

  #isOnline({ agent }: RunLink): boolean {
    if (agent === null) return false;
    const runtime = this.#options.runtimes.find((each) => each.name === agent.runtime);
    // Another collector may hold the agent's connection; it says so by seeing the agent again and again.
    return runtime?.isOnline(agent.target) === true || Date.now() - Date.parse(agent.seenAt) < ONLINE_MS;
  }
}

/** An agent that says its run goes on is believed; else telemetry tells. What fell silent may still be at work. */
function hasEnded({ agent, ended }: RunLink, run: RunFact | null): boolean {
  if (ended) return true;
  const saysSo = agent?.runtime === 'agent-link' || agent?.runtime === 'bus';
  return !saysSo && run !== null && !GOING_ON.has(run.status);
}

function workflowOf({ agent }: RunLink, run: RunFact | null): string | null {
  return run?.workflow ?? agent?.workflow ?? null;
}

function stopOf({ stop }: RunLink, lastActivityAt: string | null): RunControl['stop'] {
  return stop === null ? null : { command: stop.command, requestedAt: stop.at, by: stop.by, lastActivityAt };
}
