import type { AgentCommand, AgentDownFrame, AgentFrame, AgentHello, Command, Decision } from '@signalbox/event-model';
import { traceIdOf } from '../../telemetry/time.ts';
import type { ControlDesk } from '../control-desk.ts';
import { runIdFrom } from '../control-desk.ts';
import type { ControlStore } from '../control-store.ts';
import { asKept } from '../kept-answer.ts';
import type { DeliveryReport, Runtime } from '../runtime.ts';

/** Seconds between an agent's heartbeats; three missed ones end its session. */
export const HEARTBEAT_SECONDS = 5;

/** A connection to one agent, whatever carries it. */
export interface AgentSession {
  /** Rejects when the frame surely did not leave. */
  send(frame: AgentDownFrame): void | Promise<void>;
  /** Ends it: the same agent connected anew, or was not heard of. */
  end(reason: 'replaced' | 'silent'): void;
}

/** Parts of the agent desk. */
export interface AgentDeskOptions {
  /** Name of the runtime: `agent-link`, `bus`. */
  name: string;
  store: ControlStore;
  desk: () => Pick<ControlDesk, 'open' | 'withdraw'>;
  /** An agent is back: everything open goes to it again. */
  returned(target: string): void;
  /** Something about commands changed. */
  changed(): void;
}

interface Connected {
  hello: AgentHello;
  session: AgentSession;
  seenAt: number;
}

const DEFAULT_DECISIONS: Decision[] = ['approve', 'reject'];

/** Agents that dial in: who is here, what they ask, what they report, and the way commands take to them. */
export class AgentDesk implements Runtime {
  readonly name: string;
  readonly #options: AgentDeskOptions;
  readonly #agents = new Map<string, Connected>();

  constructor(options: AgentDeskOptions) {
    this.name = options.name;
    this.#options = options;
  }

  targets(): string[] {
    return [...this.#agents.keys()];
  }

  isOnline(target: string): boolean {
    return this.#agents.has(target);
  }

  /** Takes an agent in; one that was connected before under the same id is let go. */
  async join(hello: AgentHello, session: AgentSession): Promise<void> {
    const before = this.#agents.get(hello.agentId);
    await this.#options.store.seeAgent(this.#record(hello));
    this.#agents.set(hello.agentId, { hello, session, seenAt: Date.now() });
    before?.session.end('replaced');
    await session.send({ type: 'welcome', heartbeatSeconds: HEARTBEAT_SECONDS, serverTime: Date.now() });
    this.#options.returned(hello.agentId);
  }

  /** The session is over; another one of the same agent stays. */
  leave(agentId: string, session: AgentSession): void {
    if (this.#agents.get(agentId)?.session === session) this.#agents.delete(agentId);
  }

  /** Ends sessions that fell silent. */
  dropSilent(now: number): void {
    for (const { session, seenAt } of this.#agents.values())
      if (now - seenAt > 3 * HEARTBEAT_SECONDS * 1000) session.end('silent');
  }

  /**
   * One frame of an agent that has joined. It may have left since: what it did before counts. Rejects when the database is
   * away: the agent sends it again.
   */
  async take(agentId: string, frame: AgentFrame): Promise<void> {
    const agent = this.#agents.get(agentId);
    if (agent) agent.seenAt = Date.now();
    switch (frame.type) {
      case 'hello':
        return;
      case 'heartbeat':
        return agent && this.#options.store.seeAgent(this.#record(agent.hello));
      case 'run':
        return this.#run(agentId, frame);
      case 'approval.request':
        return agent && this.#request(agent, frame);
      case 'approval.withdraw':
        return this.#withdraw(agentId, frame);
      case 'command.report':
        return this.#report(agentId, frame);
    }
  }

  async #run(agentId: string, frame: Extract<AgentFrame, { type: 'run' }>): Promise<void> {
    const runId = runIdFrom(frame.traceId);
    if (runId !== null) await this.#options.store.linkRun(this.name, agentId, runId, frame.state === 'ended');
  }

  async #withdraw(agentId: string, frame: Extract<AgentFrame, { type: 'approval.withdraw' }>): Promise<void> {
    const request = { runtime: this.name, target: agentId, externalId: frame.id };
    await this.#options.desk().withdraw(request, frame.reason ?? 'The agent no longer asks.');
  }

  async #report(agentId: string, frame: Extract<AgentFrame, { type: 'command.report' }>): Promise<void> {
    const { commandId: id, state, evidence = null } = frame;
    const reporter = { runtime: this.name, target: agentId };
    const report = { id, state, evidence, problem: refusalOf(frame), reporter };
    if (await this.#options.store.take(report)) this.#options.changed();
  }

  async deliver(command: Command): Promise<DeliveryReport | null> {
    const agent = this.#agents.get(command.target.agent);
    if (!agent) throw new Error('the agent is not connected here');
    await agent.session.send(toFrame(command));
    return { state: 'delivered', evidence: `sent to ${agent.hello.name}` };
  }

  async #request(agent: Connected, frame: Extract<AgentFrame, { type: 'approval.request' }>): Promise<void> {
    const { agentId, name, workflow } = agent.hello;
    const runId = runIdFrom(frame.traceId);
    if (runId !== null) await this.#options.store.linkRun(this.name, agentId, runId, false);
    const approval = await this.#options.desk().open({
      runtime: this.name,
      target: agentId,
      externalId: frame.id,
      traceId: frame.traceId ?? null,
      workflow: workflow ?? null,
      agent: name,
      action: frame.action,
      args: frame.args,
      question: frame.question ?? null,
      reason: frame.reason ?? null,
      risk: frame.risk ?? null,
      affects: frame.affects ?? null,
      reversible: frame.reversible ?? null,
      allowedDecisions: frame.allowedDecisions ?? DEFAULT_DECISIONS,
      timeoutMs: frame.timeoutMs ?? null,
      keys: [`approval:${frame.id}`],
    });
    const { id: approvalId, expiresAt } = approval;
    await agent.session.send({ type: 'approval.stored', id: frame.id, approvalId, expiresAt });
    // An agent that asks again after its answer was lost must get it again, whatever it said about the command.
    if (approval.command !== null) await agent.session.send(toFrame(approval.command));
  }

  #record(hello: AgentHello) {
    const { agentId, name, workflow, client, capabilities } = hello;
    return {
      runtime: this.name,
      target: agentId,
      name,
      workflow: workflow ?? null,
      client: client ?? null,
      capabilities,
    };
  }
}

function refusalOf(frame: Extract<AgentFrame, { type: 'command.report' }>): string | null {
  return frame.state === 'refused' ? (frame.evidence ?? 'The agent refused it.') : null;
}

/** A command as an agent gets it. */
export function toFrame(command: Command): AgentCommand {
  const { payload, target, requestedBy } = asKept(command);
  const reason = textIn(payload, 'reason');
  return {
    type: 'command',
    id: command.id,
    kind: command.kind,
    traceId: target.runId === null ? null : traceIdOf(target.runId),
    by: requestedBy.login,
    ...(reason === undefined ? {} : { reason }),
    ...orderOf(asKept(command)),
  };
}

function orderOf({ id, kind, payload }: Command): Partial<AgentCommand> {
  if (kind === 'decision' || kind === 'extend') return answerOf(kind, payload);
  if (kind === 'task.add') {
    const [after, note] = [textIn(payload, 'after'), textIn(payload, 'note')];
    const task = { id, text: textIn(payload, 'text') ?? '' };
    return { task: { ...task, ...(after === undefined ? {} : { after }), ...(note === undefined ? {} : { note }) } };
  }
  return Array.isArray(payload['items']) ? { items: payload['items'].map(String) } : {};
}

/** About a request the agent made. */
function answerOf(kind: 'decision' | 'extend', payload: Record<string, unknown>): Partial<AgentCommand> {
  const approval = textIn(payload, 'request') ?? '';
  if (kind === 'extend') {
    const until = Date.parse(textIn(payload, 'until') ?? '');
    return { approval, waitMs: Math.max(1, until - Date.now()) };
  }
  return {
    approval,
    decision: (textIn(payload, 'decision') ?? 'reject') as Decision | 'expired',
    ...('args' in payload ? { args: payload['args'] } : {}),
    ...('answer' in payload ? { answer: payload['answer'] } : {}),
  };
}

function textIn(payload: Record<string, unknown>, key: string): string | undefined {
  const value = payload[key];
  return typeof value === 'string' ? value : undefined;
}
