import { type Context, context as contexts } from '@opentelemetry/api';
import { taskAdded } from '../plan-events.ts';
import type { CommandLog } from './command-log.ts';
import type { CommandFrame, RunFrame } from './frames.ts';
import type { Saying } from './outbox.ts';
import { type Stop, StoppedError } from './stopped-error.ts';

const MOST_RUNS = 1000;
/** How long the agent may think about what `checkpoint()` gave it before it counts as taken on. */
const REFUSE_WITHIN_MS = 500;

/** A task a person added. */
export interface AddedTask {
  id: string;
  text: string;
  /** Id of the plan item it should follow. */
  after?: string;
  note?: string;
}

/** A person would leave plan items out, or have them in another order. */
export interface PlanProposal {
  id: string;
  kind: 'cancel' | 'reorder';
  /** Ids of plan items. */
  items: string[];
  by: string;
}

/** What people added since the last checkpoint of the run. */
export interface Checkpoint {
  tasks: AddedTask[];
  proposals: PlanProposal[];
}

/** Called when a person stops a run; a promise is waited for before the stop counts as effective. */
export type StopHandler = (stop: Stop) => unknown;

interface Run {
  traceId: string;
  isLive: boolean;
  /** The collector was told of its end. */
  endTold: boolean;
  roots: number;
  stop: Stop | undefined;
  /** Stop commands whose effect has not been seen. */
  unseenStops: string[];
  abort: AbortController | undefined;
  /** For the next checkpoint. */
  waiting: CommandFrame[];
  /** Given by the last checkpoint; may still be refused. */
  offered: CommandFrame[];
  offeredIn: Context | undefined;
}

/** Parts of the runs. */
export interface RunsOptions {
  log: CommandLog;
  say(saying: Saying): void;
}

/** The runs this agent works on: what is known of each, and what people want of it. */
export class Runs {
  readonly #log: CommandLog;
  readonly #say: (saying: Saying) => void;
  readonly #runs = new Map<string, Run>();
  readonly #handlers = new Set<StopHandler>();

  constructor({ log, say }: RunsOptions) {
    this.#log = log;
    this.#say = say;
  }

  /** The run goes on; told to the collector when it is news. */
  begin(traceId: string): void {
    this.#live(traceId);
  }

  /** A span began that has no parent in this process. */
  rootStarted(traceId: string): void {
    this.#live(traceId).roots += 1;
  }

  /** Such a span ended; the run ends with the last of them. */
  rootEnded(traceId: string): void {
    const run = this.#runs.get(traceId);
    if (!run) return;
    run.roots = Math.max(0, run.roots - 1);
    if (run.roots === 0 && run.isLive) this.#end(run);
  }

  /** Everything the collector must hear after a reconnect. */
  states(): Saying[] {
    return [...this.#runs.values()].filter((run) => run.isLive || !run.endTold).map((run) => () => this.#frame(run));
  }

  stopOf(traceId: string): Stop | undefined {
    return this.#runs.get(traceId)?.stop;
  }

  onStop(handler: StopHandler): () => void {
    this.#handlers.add(handler);
    return () => this.#handlers.delete(handler);
  }

  /** Aborted when a person stops the run. */
  signal(traceId: string): AbortSignal {
    const run = this.#live(traceId);
    run.abort ??= new AbortController();
    if (run.stop && !run.abort.signal.aborted) this.#abort(run, run.stop);
    return run.abort.signal;
  }

  /** Throws when the run was stopped, else gives what people added. */
  checkpoint(traceId: string): Checkpoint {
    const run = this.#live(traceId);
    this.#takenOn(run);
    if (run.stop) {
      this.#stopSeen(run, 'checkpoint() threw in the run');
      throw new StoppedError(run.stop);
    }
    const given = run.waiting;
    if (given.length > 0) {
      run.waiting = [];
      run.offered = given;
      run.offeredIn = contexts.active();
      setTimeout(() => this.#takenOn(run, given), REFUSE_WITHIN_MS).unref();
    }
    return { tasks: given.flatMap(taskOf), proposals: given.flatMap(proposalOf) };
  }

  /** The agent will not do it; false when it is not (or no longer) to be decided. */
  refuse(id: string, reason: string): boolean {
    for (const run of this.#runs.values()) {
      for (const list of [run.offered, run.waiting]) {
        const at = list.findIndex((command) => command.id === id);
        if (at < 0) continue;
        list.splice(at, 1);
        this.#log.report(id, 'refused', reason);
        return true;
      }
    }
    return false;
  }

  /** Takes a command for a run over. */
  take(command: CommandFrame): void {
    const run = this.#runs.get(command.traceId ?? '');
    if (command.kind === 'stop' && command.traceId !== null) {
      const { traceId, by, reason } = command;
      this.#stop(run ?? this.#remember(traceId), command.id, { traceId, by, reason });
      return;
    }
    const refusal = refusalOf(command, run);
    if (refusal !== undefined) return this.#log.report(command.id, 'refused', refusal);
    run?.waiting.push(command);
    this.#log.report(command.id, 'acked');
  }

  /** The agent is done: what was handed out counts, what was not is given back. */
  close(): void {
    for (const run of this.#runs.values()) {
      this.#takenOn(run);
      this.#giveBack(run, 'the agent ended its control');
    }
  }

  #stop(run: Run, commandId: string, stop: Stop): void {
    run.stop ??= stop;
    if (!run.isLive) {
      // Remembered nevertheless: should the trace go on here, its next checkpoint throws.
      return this.#log.report(commandId, 'refused', 'the run is not, or no longer, known to this agent');
    }
    run.unseenStops.push(commandId);
    this.#log.report(commandId, 'acked');
    for (const { id } of run.waiting.splice(0)) this.#log.report(id, 'refused', 'the run was stopped');
    if (run.abort) this.#abort(run, run.stop);
    for (const handler of this.#handlers) void this.#callHandler(handler, run);
  }

  async #callHandler(handler: StopHandler, run: Run): Promise<void> {
    try {
      if (run.stop) await handler(run.stop);
      this.#stopSeen(run, "the agent's stop handler ran");
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      process.emitWarning(`A stop handler failed: ${reason}.`, 'SignalboxWarning');
    }
  }

  #abort(run: Run, stop: Stop): void {
    run.abort?.abort(new StoppedError(stop));
    this.#stopSeen(run, 'the abort signal of the run fired');
  }

  #stopSeen(run: Run, evidence: string): void {
    for (const id of run.unseenStops.splice(0)) this.#log.report(id, 'effective', evidence);
  }

  /** What the last checkpoint gave and nobody refused is the agent's now. */
  #takenOn(run: Run, only: CommandFrame[] = run.offered): void {
    if (only !== run.offered || only.length === 0) return;
    const context = run.offeredIn ?? contexts.active();
    run.offered = [];
    for (const command of only) {
      for (const { id, text, note } of taskOf(command)) {
        taskAdded(text, { id, context, ...(note === undefined ? {} : { note }) });
      }
      this.#log.report(command.id, 'effective', 'checkpoint() gave it to the agent');
    }
  }

  #end(run: Run): void {
    run.isLive = false;
    run.endTold = false;
    this.#takenOn(run);
    this.#giveBack(run, 'the run ended before it looked');
    this.#say(() => this.#frame(run));
  }

  #giveBack(run: Run, reason: string): void {
    for (const { id } of run.waiting.splice(0)) this.#log.report(id, 'refused', reason);
    for (const id of run.unseenStops.splice(0)) this.#log.report(id, 'refused', reason);
  }

  #live(traceId: string): Run {
    const run = this.#runs.get(traceId) ?? this.#remember(traceId);
    if (run.isLive) return run;
    run.isLive = true;
    this.#say(() => this.#frame(run));
    return run;
  }

  #frame(run: Run): RunFrame | undefined {
    if (!run.isLive) {
      if (run.endTold) return undefined;
      run.endTold = true;
    }
    return { type: 'run', traceId: run.traceId, state: run.isLive ? 'started' : 'ended' };
  }

  #remember(traceId: string): Run {
    if (this.#runs.size >= MOST_RUNS) this.#forgetOne();
    const run: Run = {
      traceId,
      isLive: false,
      endTold: true,
      roots: 0,
      stop: undefined,
      unseenStops: [],
      abort: undefined,
      waiting: [],
      offered: [],
      offeredIn: undefined,
    };
    this.#runs.set(traceId, run);
    return run;
  }

  /** The oldest that ended; when all go on, the oldest of all. */
  #forgetOne(): void {
    const all = [...this.#runs.values()];
    const run = all.find((each) => !each.isLive) ?? all[0];
    if (!run) return;
    this.#takenOn(run);
    this.#giveBack(run, 'the agent works on too many runs');
    this.#runs.delete(run.traceId);
  }
}

function refusalOf({ kind, task, items }: CommandFrame, run: Run | undefined): string | undefined {
  if (!run) return 'the run is not known to this agent';
  if (!run.isLive) return 'the run has ended';
  if (run.stop) return 'the run was stopped';
  if (kind === 'task.add' && task) return undefined;
  if ((kind === 'task.cancel' || kind === 'task.reorder') && items) return undefined;
  return `the kit does not know what ${kind} is`;
}

function taskOf({ task }: CommandFrame): AddedTask[] {
  return task ? [task] : [];
}

function proposalOf({ id, kind, items, by }: CommandFrame): PlanProposal[] {
  if (kind !== 'task.cancel' && kind !== 'task.reorder') return [];
  return [{ id, kind: kind === 'task.cancel' ? 'cancel' : 'reorder', items: items ?? [], by }];
}
