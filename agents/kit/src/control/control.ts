import { type Context, context as contexts, isValidTraceId, trace } from '@opentelemetry/api';
import { randomUUID } from 'node:crypto';
import { type ApprovalRequest, approvalDecided, approvalRequested, type Decision } from '../approval-events.ts';
import { type EventOptions, jsonText } from '../emit-event.ts';
import { AgentSocket } from './agent-socket.ts';
import { Approvals, type Verdict } from './approvals.ts';
import { CommandLog } from './command-log.ts';
import { type ControlOptions, type ControlSettings, readControlSettings } from './control-options.ts';
import type { ApprovalRequestFrame, DownFrame } from './frames.ts';
import { Outbox } from './outbox.ts';
import { type Checkpoint, Runs, type StopHandler } from './runs.ts';

const LONGEST_TEXT = 10_000;
const LONGEST_ACTION = 500;
const NOTHING: Checkpoint = { tasks: [], proposals: [] };

/** How an action is put before people. */
export interface ApproveOptions extends EventOptions {
  /** Names the request. Give one that survives a restart, and a restarted agent finds its decision. */
  id?: string;
  reason?: string;
  question?: string;
  risk?: NonNullable<ApprovalRequest['risk']>;
  /** What the action reaches, in words: "12 hosts of prod-eu". */
  affects?: string;
  /** Whether it can be undone. */
  reversible?: boolean;
  /** `approve` and `reject` unless said. */
  allowedDecisions?: Decision[];
  /** How long to wait, at most 24 hours; then the answer is `expired`. */
  timeoutMs?: number;
  /** Gives the request up. */
  signal?: AbortSignal;
  /** The run it belongs to; that of the active span unless said. */
  traceId?: string;
}

/** What became of a request. */
export interface Approval<Args> {
  id: string;
  /** `expired`: nobody decided, the run was stopped, or the request was given up. */
  decision: Decision | 'expired';
  /** True for `approve` and `edit`: the action may be done, with `args`. */
  approved: boolean;
  /** What to do it with: as asked, or as a person edited it. */
  args: Args;
  /** What a person answered instead, on `respond`. */
  answer: unknown;
  reason: string | undefined;
  /** Login of the person. */
  by: string | undefined;
}

/** The way people steer this agent. Nothing here throws for want of a collector. */
export interface Control {
  /** Waits for a person to decide on an action. */
  approve<Args>(action: string, args: Args, options?: ApproveOptions): Promise<Approval<Args>>;
  /** Throws a `StoppedError` when the run was stopped; else gives the tasks and proposals that came since the last one. */
  checkpoint(traceId?: string): Checkpoint;
  /** Aborted when a person stops the run. */
  signal(traceId?: string): AbortSignal;
  /** Calls back when a person stops a run of this agent; answers what takes the handler off again. */
  onStop(handler: StopHandler): () => void;
  /** Turns a task or proposal down, until the next checkpoint or half a second after it was given. */
  refuse(taskId: string, reason: string): boolean;
  /** A run begins; the `ControlSpanProcessor` and the first `approve` or `checkpoint` in it say so by themselves. */
  runStarted(traceId: string): void;
  /** A run ends, once for each time it was started. */
  runEnded(traceId: string): void;
  /** True while the collector hears this agent. */
  readonly isConnected: boolean;
  /** The id the collector knows this process by: another one when the configured id is taken. */
  readonly agentId: string;
  /** Gives up what waits, says goodbye and never rejects. */
  close(): Promise<void>;
}

class AgentControl implements Control {
  readonly #runs: Runs;
  readonly #settings: ControlSettings;
  readonly #socket: AgentSocket;
  readonly #outbox: Outbox;
  readonly #log: CommandLog;
  readonly #approvals: Approvals;
  readonly #atExit = (): void => void this.close();

  constructor(settings: ControlSettings) {
    this.#settings = settings;
    this.#socket = new AgentSocket(settings, {
      welcomed: () => this.#outbox.restart([...this.#runs.states(), ...this.#approvals.states()]),
      received: (frame) => this.#receive(frame),
      lost: () => this.#outbox.pause(),
    });
    this.#outbox = new Outbox(this.#socket);
    this.#log = new CommandLog((report) => this.#outbox.tell(report));
    this.#runs = new Runs({ log: this.#log, say: (saying) => this.#outbox.say(saying) });
    this.#approvals = new Approvals({
      log: this.#log,
      claimWithinMs: settings.claimWithinMs,
      isOnline: () => this.isConnected,
      say: (saying) => this.#outbox.say(saying),
      tell: (frame) => this.#outbox.tell(frame),
    });
    // A process that ends on data it has not read resets its connection, and what it said last goes down with it.
    process.once('beforeExit', this.#atExit);
    this.#socket.dial();
  }

  get isConnected(): boolean {
    return this.#socket.isOpen;
  }

  get agentId(): string {
    return this.#socket.agentId;
  }

  async approve<Args>(action: string, args: Args, options: ApproveOptions = {}): Promise<Approval<Args>> {
    const { signal, timeoutMs = this.#settings.timeoutMs, ...given } = options;
    const context = options.context ?? contexts.active();
    const traceId = traceIdOf(options.traceId, context);
    const request = { ...given, id: options.id ?? randomUUID(), action, context };
    if (traceId !== undefined) this.#runs.begin(traceId);
    const expiresAt = new Date(Date.now() + timeoutMs);
    approvalRequested({ ...request, arguments: args, expiresAt });

    const verdict = await this.#verdict(frameOf(request, args, traceId), timeoutMs, signal);
    const approval = approvalOf(request.id, args, verdict);
    approvalDecided({ ...spoken(given), context, id: request.id, ...statementOf(approval) });
    if (verdict.commandId !== undefined) {
      this.#log.report(verdict.commandId, 'effective', `approve() returned ${approval.decision} to the agent`);
    }
    return approval;
  }

  checkpoint(traceId?: string): Checkpoint {
    const run = traceIdOf(traceId, contexts.active());
    return run === undefined ? NOTHING : this.#runs.checkpoint(run);
  }

  signal(traceId?: string): AbortSignal {
    const run = traceIdOf(traceId, contexts.active());
    return run === undefined ? new AbortController().signal : this.#runs.signal(run);
  }

  onStop(handler: StopHandler): () => void {
    return this.#runs.onStop(handler);
  }

  runStarted(traceId: string): void {
    this.#runs.rootStarted(traceId);
  }

  runEnded(traceId: string): void {
    this.#runs.rootEnded(traceId);
  }

  refuse(taskId: string, reason: string): boolean {
    return this.#runs.refuse(taskId, reason);
  }

  async close(): Promise<void> {
    process.removeListener('beforeExit', this.#atExit);
    this.#approvals.close();
    this.#runs.close();
    await this.#socket.close();
  }

  async #verdict(frame: ApprovalRequestFrame, timeoutMs: number, signal: AbortSignal | undefined): Promise<Verdict> {
    const stop = frame.traceId === undefined ? undefined : this.#runs.stopOf(frame.traceId);
    if (stop) return { decision: 'expired', reason: `The run was stopped by ${stop.by}.`, by: stop.by };
    if (signal?.aborted) return { decision: 'expired', reason: 'the agent gave the request up' };
    const giveUp = (): void => this.#approvals.withdraw(frame.id, 'the agent gave the request up');
    signal?.addEventListener('abort', giveUp, { once: true });
    try {
      return await this.#approvals.ask(frame, timeoutMs);
    } finally {
      signal?.removeEventListener('abort', giveUp);
    }
  }

  #receive(frame: DownFrame): void {
    if (frame.type === 'approval.stored') this.#approvals.stored(frame.id);
    else if (frame.type === 'problem') {
      if (frame.id !== undefined) this.#approvals.failed(frame.id, frame.detail);
    } else if (frame.type === 'command') {
      if (frame.kind === 'decision') this.#approvals.take(frame);
      else if (frame.kind === 'extend') this.#approvals.extend(frame);
      else if (this.#log.has(frame.id)) this.#log.repeat(frame.id);
      else this.#runs.take(frame);
    }
  }
}

/**
 * Connects this agent to the collector's agent link, so that people can approve, stop and add tasks. Never throws; the
 * connection is made, and made again, in the background.
 */
export function connectControl(options: ControlOptions = {}): Control {
  return new AgentControl(readControlSettings(options, process.env));
}

/** The run that is meant: the one given, else that of the span in the context. */
function traceIdOf(given: string | undefined, context: Context): string | undefined {
  const traceId = given ?? trace.getSpanContext(context)?.traceId;
  return traceId !== undefined && isValidTraceId(traceId) ? traceId : undefined;
}

function frameOf(
  request: ApproveOptions & { id: string; action: string },
  args: unknown,
  traceId: string | undefined,
): ApprovalRequestFrame {
  const { id, action, question, reason, risk, affects, reversible, allowedDecisions } = request;
  return {
    type: 'approval.request',
    id,
    action: action.slice(0, LONGEST_ACTION),
    args: JSON.parse(jsonText(args) ?? 'null') as unknown,
    ...(traceId === undefined ? {} : { traceId }),
    ...(question === undefined ? {} : { question: question.slice(0, LONGEST_TEXT) }),
    ...(reason === undefined ? {} : { reason: reason.slice(0, LONGEST_TEXT) }),
    ...(risk === undefined ? {} : { risk }),
    ...(affects === undefined ? {} : { affects: affects.slice(0, LONGEST_TEXT) }),
    ...(reversible === undefined ? {} : { reversible }),
    ...(allowedDecisions === undefined ? {} : { allowedDecisions }),
  };
}

function approvalOf<Args>(id: string, args: Args, verdict: Verdict): Approval<Args> {
  const { decision, reason, by, answer } = verdict;
  return {
    id,
    decision,
    approved: decision === 'approve' || decision === 'edit',
    args: decision === 'edit' ? (verdict.args as Args) : args,
    answer: decision === 'respond' ? answer : undefined,
    reason,
    by,
  };
}

function spoken({ agentName, conversationId, toolName }: EventOptions): EventOptions {
  return {
    ...(agentName === undefined ? {} : { agentName }),
    ...(conversationId === undefined ? {} : { conversationId }),
    ...(toolName === undefined ? {} : { toolName }),
  };
}

/** The vocabulary has no word for a lapse: it is a "no" that nobody spoke. */
function statementOf({ decision, reason, by, args, answer }: Approval<unknown>) {
  return {
    decision: decision === 'expired' ? ('reject' as const) : decision,
    ...(decision === 'expired' ? { automatic: true } : {}),
    ...(by === undefined ? {} : { by }),
    ...(reason === undefined ? {} : { reason }),
    ...(decision === 'edit' ? { answer: args } : decision === 'respond' ? { answer } : {}),
  };
}
