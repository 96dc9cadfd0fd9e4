import type { Decision } from '../approval-events.ts';
import type { CommandLog } from './command-log.ts';
import type { ApprovalRequestFrame, CommandFrame, UpFrame } from './frames.ts';
import type { Saying } from './outbox.ts';

/** The collector keeps no request longer, and takes no longer frame. */
const LONGEST_MS = 86_400_000;
const LARGEST_FRAME = 1024 * 1024;
const MOST_OVER = 1000;
const MOST_UNCLAIMED = 1000;
/** A decision of the last moment, or the collector's own word that time is up, may still be on its way. */
const LAST_WORD_MS = 3000;

/** How a request ended. */
export interface Verdict {
  decision: Decision | 'expired';
  args?: unknown;
  answer?: unknown;
  reason?: string | undefined;
  by?: string | undefined;
  /** The command that brought it; absent when the agent gave up by itself. */
  commandId?: string;
}

/** Parts of the requests. */
export interface ApprovalsOptions {
  log: CommandLog;
  claimWithinMs: number;
  isOnline(): boolean;
  say(saying: Saying): void;
  tell(frame: UpFrame): void;
}

interface Waiting {
  frame: ApprovalRequestFrame;
  deadline: number;
  isStored: boolean;
  timer: NodeJS.Timeout;
  promise: Promise<Verdict>;
  resolve(verdict: Verdict): void;
}

/** Requests that wait for a person, by their id. */
export class Approvals {
  readonly #options: ApprovalsOptions;
  readonly #waiting = new Map<string, Waiting>();
  /** Ids nobody waits for any more. */
  readonly #over = new Set<string>();
  /** Decisions on requests of an earlier process with this id, until the agent asks again. */
  readonly #unclaimed = new Map<string, { command: CommandFrame; timer: NodeJS.Timeout }>();

  constructor(options: ApprovalsOptions) {
    this.#options = options;
  }

  /** Resolves with the decision, at the latest after `timeoutMs`. The same id twice is one request. */
  ask(request: ApprovalRequestFrame, timeoutMs: number): Promise<Verdict> {
    const { id } = request;
    const known = this.#waiting.get(id);
    if (known) return known.promise;
    const found = this.#claim(id);
    if (found) return Promise.resolve(found);
    if (Buffer.byteLength(JSON.stringify(request)) > LARGEST_FRAME - 1024) {
      return Promise.resolve({ decision: 'expired', reason: 'the arguments are larger than one request may be' });
    }
    const limit = Math.min(Math.max(timeoutMs, 1), LONGEST_MS);
    let resolve: (verdict: Verdict) => void = () => undefined;
    const promise = new Promise<Verdict>((settle) => (resolve = settle));
    // Keeps the process alive: somebody waits for the answer.
    const timer = setTimeout(() => this.#timeIsUp(id), limit);
    const waiting = { frame: request, deadline: Date.now() + limit, isStored: false, timer, promise, resolve };
    this.#over.delete(id);
    this.#waiting.set(id, waiting);
    this.#options.say(() => this.#frame(waiting));
    return promise;
  }

  /** The agent no longer waits. */
  withdraw(id: string, reason: string): void {
    if (!this.#waiting.has(id)) return;
    this.#options.tell({ type: 'approval.withdraw', id, reason });
    this.#settle(id, { decision: 'expired', reason });
  }

  /** Everything unanswered, for a new link. */
  states(): Saying[] {
    return [...this.#waiting.values()].map((waiting) => () => this.#frame(waiting));
  }

  /** A decision came; a request that waits gets it, also when the command was seen before. */
  take(command: CommandFrame): void {
    const id = command.approval ?? '';
    const { log } = this.#options;
    if (this.#waiting.has(id)) {
      if (!log.has(command.id)) log.report(command.id, 'acked');
      this.#settle(id, verdictOf(command));
    } else if (log.has(command.id)) log.repeat(command.id);
    else if (this.#over.has(id)) log.report(command.id, 'refused', 'nobody waits for it any more');
    else this.#hold(id, command);
  }

  /** A person put the end of a request off: the agent waits as much longer. */
  extend({ id: commandId, approval = '', waitMs = 0 }: CommandFrame): void {
    const { log } = this.#options;
    const waiting = this.#waiting.get(approval);
    if (log.has(commandId)) return log.repeat(commandId);
    if (!waiting) return log.report(commandId, 'refused', 'nobody waits for it any more');
    const limit = Math.min(Math.max(waitMs, 1), LONGEST_MS);
    clearTimeout(waiting.timer);
    waiting.deadline = Date.now() + limit;
    waiting.timer = setTimeout(() => this.#timeIsUp(approval), limit);
    log.report(commandId, 'effective', `the agent waits until ${new Date(waiting.deadline).toISOString()}`);
  }

  /** The collector has the request. */
  stored(id: string): void {
    const waiting = this.#waiting.get(id);
    if (waiting) waiting.isStored = true;
  }

  /** The collector could not take the request. */
  failed(id: string, detail: string): void {
    this.#settle(id, { decision: 'expired', reason: detail });
  }

  close(): void {
    for (const id of this.#waiting.keys()) this.withdraw(id, 'the agent ended its control');
    for (const { timer } of this.#unclaimed.values()) clearTimeout(timer);
  }

  #frame(waiting: Waiting): ApprovalRequestFrame | undefined {
    if (this.#waiting.get(waiting.frame.id) !== waiting) return undefined;
    return { ...waiting.frame, timeoutMs: Math.max(1, waiting.deadline - Date.now()) };
  }

  #timeIsUp(id: string): void {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    const giveUp = (): void => this.withdraw(id, 'nobody decided in time');
    if (!waiting.isStored || !this.#options.isOnline()) return giveUp();
    waiting.timer = setTimeout(giveUp, LAST_WORD_MS);
  }

  #settle(id: string, verdict: Verdict): void {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    clearTimeout(waiting.timer);
    this.#waiting.delete(id);
    this.#over.add(id);
    if (this.#over.size > MOST_OVER) this.#over.delete(firstOf(this.#over) ?? '');
    waiting.resolve(verdict);
  }

  /** An agent that died while it waited gets its decision before it has asked again. */
  #hold(id: string, command: CommandFrame): void {
    const { log, claimWithinMs } = this.#options;
    const giveUp = (): void => {
      this.#unclaimed.delete(id);
      log.report(command.id, 'refused', 'this agent does not ask for it');
    };
    log.report(command.id, 'acked');
    if (this.#unclaimed.size >= MOST_UNCLAIMED) return giveUp();
    this.#unclaimed.set(id, { command, timer: setTimeout(giveUp, claimWithinMs).unref() });
  }

  #claim(id: string): Verdict | undefined {
    const held = this.#unclaimed.get(id);
    if (!held) return undefined;
    clearTimeout(held.timer);
    this.#unclaimed.delete(id);
    this.#over.add(id);
    return verdictOf(held.command);
  }
}

function verdictOf({ id, decision, args, answer, reason, by }: CommandFrame): Verdict {
  return { decision: decision ?? 'expired', args, answer, reason, by, commandId: id };
}

function firstOf<T>(values: Iterable<T>): T | undefined {
  for (const value of values) return value;
  return undefined;
}
