import type {
  Approval,
  BatchDecisionRequest,
  Command,
  CommandState,
  DecisionRequest,
  PolicyState,
  RunControl,
  StopPreview,
} from '@signalbox/event-model';
import { advanced, ANNA, makeCommand, makeRunControl } from './stand-in-approvals.ts';

/** One change that was asked for. */
export interface SeenPost {
  path: string;
  body: Record<string, unknown>;
  headers: Record<string, unknown>;
}

type Answer = [status: number, body: unknown];

interface RefusalOptions {
  hint?: string;
  subject?: string;
  meanwhile?: () => void;
}

/** What the collector does with people's orders, in memory. Tests move commands on by hand. */
export class ControlStandIn {
  readonly approvals = new Map<string, Approval>();
  readonly runs = new Map<string, RunControl>();
  readonly posts: SeenPost[] = [];
  #commands = new Map<string, Command>();
  #refuse: Answer | null = null;
  #meanwhile: (() => void) | null = null;
  /** Null stands for a collector that does not tell its policy yet. */
  policy: PolicyState | null = null;
  /** Requests that change something get no answer at all. */
  offline = false;
  /** Holds answers to changes back until it resolves. */
  hold: Promise<void> | null = null;

  add(...approvals: Approval[]): void {
    for (const approval of approvals) this.approvals.set(approval.id, approval);
  }

  revise(id: string, change: Partial<Approval>): void {
    const known = this.approvals.get(id);
    if (!known) throw new Error(`no approval ${id}`);
    this.approvals.set(id, { ...known, ...change });
  }

  run(runId: string, change: Partial<RunControl>): void {
    this.runs.set(runId, { ...(this.runs.get(runId) ?? makeRunControl({ runId })), ...change });
  }

  /** The next change is answered with this problem; `meanwhile` is what happened just before it came. */
  refuseNext(status: number, code: string, detail: string, { meanwhile, ...more }: RefusalOptions = {}): void {
    this.#refuse = [status, { type: 'about:blank', title: detail, status, code, detail, ...more }];
    this.#meanwhile = meanwhile ?? null;
  }

  /** Moves the newest command of a kind on, of one run where it matters. */
  move(kind: Command['kind'], state: CommandState, evidence: string | null = null, runId: string | null = null): void {
    const command = [...this.#commands.values()].findLast(
      (candidate) => candidate.kind === kind && (runId === null || candidate.target.runId === runId),
    );
    if (!command) throw new Error(`no ${kind} was ordered`);
    this.#store(advanced(command, state, evidence));
  }

  read(url: URL): Answer | null {
    const [, what = '', id = '', sub] = url.pathname.slice(1).split('/');
    const answers: Record<string, () => Answer | null> = {
      approvals: () => (id === '' ? [200, this.#page(url.searchParams)] : found(this.approvals.get(id))),
      stop: () => [200, this.#preview()],
      policy: () => found(this.policy ?? undefined),
      commands: () => found(this.#commands.get(id)),
      runs: () => (sub === 'control' ? [200, this.runs.get(id) ?? makeRunControl({ runId: id })] : null),
    };
    return answers[what]?.() ?? null;
  }

  async change(path: string, body: Record<string, unknown>, headers: Record<string, unknown>): Promise<Answer | null> {
    this.posts.push({ path, body, headers });
    await this.hold;
    const refusal = this.#takeRefusal();
    if (refusal) return refusal;
    const [, what, id = '', sub] = path.slice(1).split('/');
    if (what === 'approvals' && id === 'decisions')
      return this.#decideTogether(body as unknown as BatchDecisionRequest);
    if (sub === 'extend') return this.#extend(id);
    if (sub === 'bar') return [202, this.#bar(id, body)];
    if (what === 'approvals') return this.#decide(id, body as unknown as DecisionRequest);
    if (what === 'stop') return [202, { results: [...this.runs.keys()].map((runId) => this.#stopOne(runId)) }];
    if (sub === 'stop') return [202, this.#stop(id, body)];
    if (sub === 'tasks') return [202, this.#order('task.add', id, body)];
    if (sub === 'plan')
      return [202, this.#order(`task.${body.change as 'cancel' | 'reorder'}`, id, { items: body.items })];
    return null;
  }

  #takeRefusal(): Answer | null {
    const refusal = this.#refuse;
    this.#refuse = null;
    if (refusal) this.#meanwhile?.();
    return refusal;
  }

  #page(params: URLSearchParams): { approvals: Approval[]; nextCursor: null } {
    const among = (name: string, value: string | null | undefined) =>
      !params.get(name) ||
      params
        .get(name)
        ?.split(',')
        .includes(value ?? '');
    const approvals = [...this.approvals.values()].filter(
      (approval) =>
        among('status', approval.status) &&
        among('run', approval.runId) &&
        among('decidedBy', approval.decidedBy?.login),
    );
    return { approvals: approvals.reverse(), nextCursor: null };
  }

  #decide(id: string, request: DecisionRequest): Answer {
    const approval = this.approvals.get(id);
    if (!approval) return found(undefined);
    const at = new Date().toISOString();
    const votes = [...approval.votes, { by: ANNA, at, decision: request.decision }];
    if (request.decision === 'approve' && votes.length < approval.votesNeeded) {
      this.revise(id, { votes });
      return [202, { command: null, approval: this.approvals.get(id) }];
    }
    const command = this.#order('decision', approval.runId ?? '', { ...request }, id);
    this.revise(id, {
      votes,
      command,
      status: request.decision === 'reject' ? 'rejected' : 'approved',
      decision: request.decision,
      decisionReason: request.reason ?? null,
      decidedAt: at,
      decidedBy: ANNA,
      editedArgs: request.args ?? null,
    });
    return [202, command];
  }

  #decideTogether({ items, decision, reason }: BatchDecisionRequest): Answer {
    const commands = items.map(({ id, shownHash }) => {
      const request = { decision, shownHash, ...(reason === undefined ? {} : { reason }), idempotencyKey: '' };
      return this.#decide(id, request)[1];
    });
    return [202, { commands }];
  }

  #extend(id: string): Answer {
    const approval = this.approvals.get(id);
    if (!approval) return found(undefined);
    const expiresAt = new Date(
      Date.parse(approval.expiresAt ?? '') + approval.mayExtend.minutes * 60_000,
    ).toISOString();
    this.revise(id, { expiresAt });
    return [202, this.#order('extend', approval.runId ?? '', {}, id)];
  }

  #bar(runId: string, payload: Record<string, unknown>): Command {
    const open = [...this.approvals.values()].filter((one) => one.runId === runId && one.status === 'pending');
    for (const { id } of open)
      this.revise(id, { status: 'withdrawn', decidedBy: ANNA, decidedAt: new Date().toISOString() });
    const ordered = this.#order('bar', runId, payload);
    const evidence = `open requests taken back: ${open.length}; later ones are refused`;
    const command = advanced(ordered, 'effective', evidence);
    this.#store(command);
    this.run(runId, { stop: { command, requestedAt: command.createdAt, by: ANNA, lastActivityAt: null } });
    return command;
  }

  #stop(runId: string, payload: Record<string, unknown>): Command {
    const command = this.#order('stop', runId, payload);
    const stop = { command, requestedAt: command.createdAt, by: ANNA, lastActivityAt: command.createdAt };
    this.run(runId, { stop: this.runs.get(runId)?.stop ?? stop });
    return command;
  }

  #preview(): StopPreview {
    const going = [...this.runs.values()].filter((run) => !run.ended);
    const runs = going.map(({ runId, agent, capabilities }) => {
      return { runId, workflow: 'price-compare', agent, canStop: capabilities.includes('stop') };
    });
    return { runs, truncated: false };
  }

  #stopOne(runId: string) {
    const can = this.runs.get(runId)?.capabilities.includes('stop');
    return { runId, command: can ? this.#stop(runId, {}) : this.#bar(runId, {}), problem: null };
  }

  #order(
    kind: Command['kind'],
    runId: string,
    payload: Record<string, unknown>,
    approvalId: string | null = null,
  ): Command {
    const made = makeCommand({ kind, payload });
    const command = { ...made, target: { ...made.target, runId, approvalId } };
    this.#store(command);
    return command;
  }

  /** A command stands in three places: by itself, at its approval and at its run. */
  #store(command: Command): void {
    this.#commands.set(command.id, command);
    const { approvalId, runId } = command.target;
    if (approvalId !== null && this.approvals.get(approvalId)?.command?.id === command.id)
      this.revise(approvalId, { command });
    const run = this.runs.get(runId ?? '');
    if (run?.stop?.command.id === command.id) this.run(run.runId, { stop: { ...run.stop, command } });
    if (command.kind.startsWith('task.') && runId !== null) this.#storeTask(runId, command);
  }

  #storeTask(runId: string, command: Command): void {
    const others = (this.runs.get(runId)?.tasks ?? []).filter((task) => task.id !== command.id);
    this.run(runId, { tasks: [...others, command] });
  }
}

function found(body: unknown): Answer {
  if (body !== undefined) return [200, body];
  const detail = 'There is nothing with this id.';
  return [404, { type: 'about:blank', title: detail, status: 404, code: 'not_found', detail }];
}
