import type { Approval, Command, PlanView, PolicyState, RunControl, StopPreview } from '@signalbox/event-model';
import type { ControlApi } from './control-api.ts';
import { HeldOrder, type HeldPorts } from './held-order.ts';
import { PlanReader } from './plan-reader.ts';
import { Poller } from './poller.ts';

/** Everything that waits, and what telemetry shows waiting though nobody here can answer it. */
export interface Waiting {
  pending: Approval[];
  observed: Approval[];
}

/** Lists, how often read while looked at. */
const LIST_EVERY_MS = 2000;
/** A policy file is edited by hand, and rarely. */
const POLICY_EVERY_MS = 30_000;
/** A command on its way is watched closely: people wait for its next step. */
const MOVING_EVERY_MS = 700;
const MOST_OBSERVED = 50;

const ENDED = new Set<string>(['effective', 'refused', 'expired', 'failed']);

/** Whether a command's state may still change. */
export function isMoving(command: Pick<Command, 'state'>): boolean {
  return !ENDED.has(command.state);
}

/** What is known of approvals and runs in this page, shared by everything that shows it. */
export class ControlHub {
  readonly api: ControlApi;
  readonly waiting: Poller<Waiting>;
  /** The policy in force; null also where the collector is too old to tell. */
  readonly policy: Poller<PolicyState | null>;
  readonly #approvals = new Map<string, Poller<Approval>>();
  readonly #runs = new Map<string, Poller<RunControl>>();
  readonly #commands = new Map<string, Poller<Command>>();
  readonly #plans = new Map<string, Poller<PlanView>>();
  readonly #held = new Map<string, HeldOrder>();
  readonly #previews = new Map<string, Poller<StopPreview | null>>();
  readonly #storage: HeldPorts['storage'];

  constructor(api: ControlApi, storage: HeldPorts['storage'] = null) {
    this.api = api;
    this.#storage = storage;
    this.waiting = poll(
      (signal) => readWaiting(api, signal),
      () => LIST_EVERY_MS,
    );
    this.policy = poll(
      (signal) => api.policy(signal),
      () => POLICY_EVERY_MS,
    );
  }

  /** The decision about an approval that can still be undone. */
  held(id: string): HeldOrder {
    return among(this.#held, id, () => new HeldOrder(id, { storage: this.#storage, schedule, now: Date.now }));
  }

  /** The runs a stop of a workflow, or with null of everything, would reach now. */
  stopPreview(workflow: string | null): Poller<StopPreview | null> {
    return among(this.#previews, workflow ?? '', () =>
      poll(
        (signal) => this.api.stopPreview(workflow, signal),
        () => LIST_EVERY_MS,
      ),
    );
  }

  approval(id: string): Poller<Approval> {
    return among(this.#approvals, id, () => poll((signal) => this.api.approval(id, signal), approvalPace));
  }

  run(runId: string): Poller<RunControl> {
    return among(this.#runs, runId, () => poll((signal) => this.api.runControl(runId, signal), runPace));
  }

  /** The plan of a run as it comes. */
  plan(runId: string): Poller<PlanView> {
    return among(this.#plans, runId, () => {
      const reader = new PlanReader(this.api, runId, Date.now);
      return poll(
        (signal) => reader.read(signal),
        () => LIST_EVERY_MS,
      );
    });
  }

  command(id: string): Poller<Command> {
    return among(this.#commands, id, () =>
      poll(
        (signal) => this.api.command(id, signal),
        (command) => (command && !isMoving(command) ? null : MOVING_EVERY_MS),
      ),
    );
  }

  /** Reads again at once what the event stream hinted at. */
  refresh(): void {
    this.waiting.refresh();
    for (const poller of [...this.#approvals.values(), ...this.#runs.values()]) poller.refresh();
  }
}

/** Asked for apart: many that are only observed must not push one out that waits. */
async function readWaiting(api: ControlApi, signal: AbortSignal): Promise<Waiting> {
  const [pending, observed] = await Promise.all([
    api.approvals({ status: ['pending'], limit: 200 }, signal),
    api.approvals({ status: ['observed'], limit: MOST_OBSERVED }, signal),
  ]);
  return { pending: pending.approvals, observed: observed.approvals };
}

function approvalPace(approval: Approval | null): number | null {
  if (approval === null || approval.status === 'pending') return LIST_EVERY_MS;
  return approval.command && isMoving(approval.command) ? MOVING_EVERY_MS : null;
}

function runPace(control: RunControl | null): number {
  const commands = control ? [...control.tasks, ...(control.stop ? [control.stop.command] : [])] : [];
  return commands.some(isMoving) ? MOVING_EVERY_MS : LIST_EVERY_MS;
}

function poll<T>(read: (signal: AbortSignal) => Promise<T>, every: (value: T | null) => number | null): Poller<T> {
  return new Poller({ read, every, schedule, now: Date.now });
}

function schedule(run: () => void, delayMs: number): () => void {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
}

function among<T>(all: Map<string, T>, id: string, make: () => T): T {
  const known = all.get(id);
  if (known) return known;
  const made = make();
  all.set(id, made);
  return made;
}
