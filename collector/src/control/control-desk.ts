import { createHash } from 'node:crypto';
import type {
  Approval,
  Command,
  DecisionRequest,
  MayDecide,
  RunControl,
  StopRequest,
  TaskRequest,
} from '@signalbox/event-model';
import { canonicalJson } from '../mapping/reading/coerce.ts';
import { runIdOf } from '../telemetry/time.ts';
import type { ApprovalDraft, ApprovalQuery, ControlStore, Refusal, RunLink, StoredApproval } from './control-store.ts';
import {
  isApprover,
  mayDecide,
  maySteer,
  riskOf,
  timeLimitMs,
  votesNeeded,
  type Asker,
  type Matter,
} from './policy.ts';
import type { PolicySource } from './policy-file.ts';
import type { Runtime } from './runtime.ts';
import { newestFirst, NO_CHANNEL, toObserved } from './observed-approvals.ts';
import type { RunFacts } from './run-facts.ts';
import { shownHash } from './shown-hash.ts';

/** A request as a runtime hands it over. */
export type IncomingApproval = Omit<ApprovalDraft, 'shownHash' | 'votesNeeded' | 'risk'> & { risk: string | null };

/** Parts of the desk. */
export interface ControlDeskOptions {
  store: ControlStore;
  runtimes: readonly Runtime[];
  policy: PolicySource;
  facts: RunFacts;
  /** Takes secrets out of what a runtime or a person says, before anything stores it. */
  redact: (value: unknown) => unknown;
  /** Called after each change: the dispatcher and the readers look at once. */
  changed: () => void;
}

/** Why an order is not possible at all. */
export interface Impossible {
  refused: 'forbidden' | 'capability_missing' | 'not_allowed' | 'no_runtime';
  reason: string;
  who?: string[];
}

/** An order to the agent of a run. */
interface Order {
  kind: 'stop' | 'task.add' | 'task.cancel' | 'task.reorder';
  capability: keyof typeof WORDS;
  payload: Record<string, unknown>;
  request: { reason?: string; idempotencyKey: string };
}

type OrderOutcome = Refusal | Impossible | { command: Command; replayed: boolean };

/** Everything people and runtimes do to approvals, runs and plans. The one place where the policy is asked. */
export class ControlDesk {
  readonly #options: ControlDeskOptions;

  constructor(options: ControlDeskOptions) {
    this.#options = options;
  }

  /** A runtime's request: weighed, stored, shown. */
  async open(request: IncomingApproval): Promise<StoredApproval> {
    const { store, policy, redact } = this.#options;
    const args = redact(request.args);
    const text = (value: string | null): string | null => (value === null ? null : String(redact(value)));
    const risk = riskOf(policy.current, request);
    const { approval, isNew } = await store.openApproval({
      ...request,
      args,
      question: text(request.question),
      reason: text(request.reason),
      risk,
      votesNeeded: votesNeeded(policy.current, risk),
      shownHash: shownHash(request.action, args),
      timeoutMs: timeLimitMs(policy.current, risk, request.timeoutMs),
    });
    if (isNew) this.#options.changed();
    return approval;
  }

  async withdraw(ref: { runtime: string; target: string; externalId: string }, reason: string): Promise<void> {
    await this.#options.store.withdraw(ref, String(this.#options.redact(reason)));
    this.#options.changed();
  }

  /** Newest first; those that only telemetry shows stand among them. */
  async approvals(query: ApprovalQuery, asker: Asker): Promise<Approval[]> {
    const { store, facts } = this.#options;
    const wantsObserved = query.decidedBy === undefined && (query.status?.includes('observed') ?? true);
    const [stored, observed] = await Promise.all([
      store.approvals(query),
      wantsObserved ? facts.observed(query) : Promise.resolve([]),
    ]);
    return [...(await this.#shown(stored, asker)), ...observed.map(toObserved)].sort(newestFirst).slice(0, query.limit);
  }

  async approval(id: string, asker: Asker): Promise<Approval | null> {
    const stored = await this.#options.store.approval(id);
    if (stored) return (await this.#shown([stored], asker))[0] ?? null;
    const only = { id, runId: undefined, workflow: undefined, after: undefined, limit: 1 };
    const [observed] = await this.#options.facts.observed(only);
    return observed ? toObserved(observed) : null;
  }

  /** A person's decision. */
  async decide(
    id: string,
    request: DecisionRequest,
    asker: Asker,
  ): Promise<Refusal | Impossible | { command: Command; replayed: boolean } | { vote: Approval }> {
    const { store, policy, redact } = this.#options;
    const stored = await store.approval(id);
    if (!stored) return isApprover(policy.current, asker) ? this.#unanswerable(id, asker) : NO_APPROVER;
    const may = await this.#mayDecide(stored, asker);
    if (!may.allowed) return { refused: 'forbidden', reason: may.reason ?? 'You may not decide this.', who: may.who };
    const fault = stored.status === 'pending' ? await this.#faultIn(stored, request) : null;
    if (fault !== null) return { refused: 'not_allowed', reason: fault };
    const outcome = await store.decide({
      approvalId: id,
      decision: request.decision,
      reason: request.reason === undefined ? null : String(redact(request.reason)),
      args: redact(request.args),
      answer: redact(request.answer),
      shownHash: request.shownHash,
      by: asker.principal,
      idempotencyKey: request.idempotencyKey,
      requestHash: requestHash('decision', id, request),
    });
    if ('command' in outcome || 'vote' in outcome) this.#options.changed();
    if (!('vote' in outcome)) return outcome;
    const [vote] = await this.#shown([outcome.vote], asker);
    return vote ? { vote } : { refused: 'not_found' };
  }

  /** Why an approval cannot be answered like this; null when it can. */
  async #faultIn(stored: StoredApproval, request: DecisionRequest): Promise<string | null> {
    if (!stored.allowedDecisions.includes(request.decision))
      return `This request can be answered with ${stored.allowedDecisions.join(', ')}, not with ${request.decision}.`;
    return (await this.#runtimeOf(stored.runtime)?.faultIn?.(stored.externalId, request)) ?? null;
  }

  /** Nothing of this id can be answered: it is only observed, or not there. */
  async #unanswerable(id: string, asker: Asker): Promise<Refusal | Impossible> {
    const reason = (await this.approval(id, asker))?.mayDecide.reason;
    return typeof reason === 'string' ? { refused: 'no_runtime', reason } : { refused: 'not_found' };
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
      stop: stopOf(link, run?.lastSeenAt ?? null),
      tasks: commands.filter((command) => command.kind.startsWith('task.')),
      maySteer: maySteer(policy.current, asker, workflowOf(link, run)),
    };
  }

  #channel(link: RunLink): Pick<RunControl, 'runtime' | 'agent' | 'online' | 'capabilities' | 'reason'> {
    const { agent } = link;
    if (agent === null) return { runtime: null, agent: null, online: false, capabilities: [], reason: NO_CHANNEL };
    const online = this.#isOnline(link);
    const reason = online ? null : `${agent.name} is not connected now; orders wait for it.`;
    return { runtime: agent.runtime, agent: agent.name, online, capabilities: agent.capabilities, reason };
  }

  /** Whether the asker may steer runs of a workflow, or of any. */
  maySteer(asker: Asker, workflow: string | null): MayDecide {
    return maySteer(this.#options.policy.current, asker, workflow);
  }

  /** Orders a run to stop. It is barred from then on, whatever its agent does. */
  stop(runId: string, request: StopRequest, asker: Asker) {
    const payload = { ...(request.reason === undefined ? {} : { reason: this.#options.redact(request.reason) }) };
    return this.#order(runId, { kind: 'stop', capability: 'stop', payload, request }, asker);
  }

  /** Proposes a task to a run's agent. */
  addTask(runId: string, request: TaskRequest, asker: Asker) {
    const { text, after, note } = request;
    const payload = this.#options.redact({
      text,
      ...(after === undefined ? {} : { after }),
      ...(note === undefined ? {} : { note }),
    });
    return this.#order(
      runId,
      { kind: 'task.add', capability: 'add_task', payload: payload as Record<string, unknown>, request },
      asker,
    );
  }

  /** Proposes another order of the plan, or to leave items out. */
  changePlan(
    runId: string,
    request: { kind: 'task.cancel' | 'task.reorder'; items: string[]; idempotencyKey: string },
    asker: Asker,
  ) {
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

  #runtimeOf(name: string): Runtime | undefined {
    return this.#options.runtimes.find((each) => each.name === name);
  }

  #isOnline({ agent }: RunLink): boolean {
    if (agent === null) return false;
    const runtime = this.#runtimeOf(agent.runtime);
    // Another collector may hold the agent's connection; it says so by seeing the agent again and again.
    return runtime?.isOnline(agent.target) === true || Date.now() - Date.parse(agent.seenAt) < ONLINE_MS;
  }

  async #shown(stored: readonly StoredApproval[], asker: Asker): Promise<Approval[]> {
    const events = await this.#options.facts.requestEvents(stored.flatMap((approval) => approval.keys));
    return Promise.all(
      stored.map(async (approval) => {
        const shown: Partial<StoredApproval> & Omit<StoredApproval, 'target' | 'externalId' | 'keys'> = { ...approval };
        delete shown.target;
        delete shown.externalId;
        delete shown.keys;
        const eventId = approval.keys.map((key) => events.get(key)).find((id) => id !== undefined) ?? null;
        return { ...shown, eventId, mayDecide: await this.#mayDecide(approval, asker) };
      }),
    );
  }

  async #mayDecide(approval: StoredApproval, asker: Asker): Promise<MayDecide> {
    const run = approval.runId === null ? null : await this.#options.facts.run(approval.runId);
    const matter: Matter = {
      action: approval.action,
      workflow: run?.workflow ?? approval.workflow,
      risk: approval.risk,
      startedBy: run?.user ?? null,
    };
    return mayDecide(this.#options.policy.current, asker, matter);
  }
}

function workflowOf({ agent }: RunLink, run: { workflow: string | null } | null): string | null {
  return run?.workflow ?? agent?.workflow ?? null;
}

function stopOf({ stop }: RunLink, lastActivityAt: string | null): RunControl['stop'] {
  return stop === null ? null : { command: stop.command, requestedAt: stop.at, by: stop.by, lastActivityAt };
}

const NO_APPROVER: Impossible = { refused: 'forbidden', reason: 'You may not decide about approvals here.' };
const ONLINE_MS = 15_000;
const WORDS = { stop: 'stop', add_task: 'take tasks', plan: 'change its plan' };

/** The same key may only repeat the same question. */
export function requestHash(kind: string, subject: string, request: object): string {
  const asked: { idempotencyKey?: string } = { ...request };
  delete asked.idempotencyKey;
  return createHash('sha256').update(canonicalJson({ kind, subject, asked })).digest('hex');
}

/** UUID form of an agent's trace id; null when it is none. */
export function runIdFrom(traceId: string | null | undefined): string | null {
  return typeof traceId === 'string' && /^[0-9a-f]{32}$/.test(traceId) ? runIdOf(traceId) : null;
}
