import type { Capability } from '@signalbox/event-model';
import type { ControlDesk } from '../../control-desk.ts';
import type { ControlStore } from '../../control-store.ts';
import type { LangGraphClient, LangGraphThread } from './langgraph-client.ts';
import { readPause, shownOf, type Pause } from './questions.ts';
import { findTodoChannel } from './todo-channel.ts';

/** Name of the runtime. */
export const RUNTIME = 'langgraph';
const POLL_MS = 400;
const SLOWEST_POLL_MS = 10_000;
/** A server that starts beside the collector is not worth a word. */
const TELL_AFTER_MS = 15_000;
/** How often runs at work are looked at: only stops need them. */
const BUSY_EVERY = 5;
const SEEN_EVERY_MS = 5_000;
const ONLINE_MS = 5_000;
/** A question that is gone from this many looks in a row was answered elsewhere: the list is not always right. */
const GONE_AFTER = 3;

/** Parts of a watcher. */
export interface WatcherOptions {
  client: LangGraphClient;
  store: ControlStore;
  desk: () => Pick<ControlDesk, 'open' | 'withdraw'>;
  /** A thread can be reached again, or its state changed: commands for it are tried. */
  returned: (target: string) => void;
  report: (error: unknown) => void;
}

/**
 * Watches one LangGraph server: threads that wait for a person become approvals, without a line in the agent. It looks by
 * searching alone, which leaves no trace on the server.
 */
export class InterruptWatcher {
  readonly #options: WatcherOptions;
  /** Open pauses by target, then interrupt id. */
  readonly #pauses = new Map<string, Map<string, Pause>>();
  readonly #missing = new Map<string, number>();
  readonly #seen = new Map<string, { at: number; count: number }>();
  #known = new Set<string>();
  #answeredAt = 0;
  /** Infinity once it was told. */
  #failingSince: number | undefined;
  #looks = 0;
  #delayMs = POLL_MS;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();

  constructor(options: WatcherOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setTimeout(() => {
      this.#looking = this.#look().finally(() => {
        if (this.#timer !== undefined) this.start();
      });
    }, this.#delayMs).unref();
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#looking;
  }

  get isOnline(): boolean {
    return Date.now() - this.#answeredAt < ONLINE_MS;
  }

  get targets(): ReadonlySet<string> {
    return this.#known;
  }

  /** What a thread waits for, as far as the last look showed. */
  pause(target: string, interruptId: string): Pause | undefined {
    return this.#pauses.get(target)?.get(interruptId);
  }

  targetOf(threadId: string): string {
    return `${this.#options.client.url}/${threadId}`;
  }

  async #look(): Promise<void> {
    const { client, report } = this.#options;
    try {
      const waiting = await client.threads('interrupted');
      const busy = this.#looks++ % BUSY_EVERY === 0 ? await client.threads('busy') : [];
      this.#answeredAt = Date.now();
      this.#delayMs = POLL_MS;
      this.#failingSince = undefined;
      for (const thread of [...waiting, ...busy]) await this.#see(thread);
      for (const thread of waiting) await this.#ask(thread);
      await this.#withdrawGone(new Set([...waiting, ...busy].map((thread) => this.targetOf(thread.thread_id))));
    } catch (error) {
      this.#failingSince ??= Date.now();
      if (Date.now() - this.#failingSince > TELL_AFTER_MS) {
        const reason = `the LangGraph server at ${client.url} cannot be reached; it is tried again`;
        report(new Error(reason, { cause: error }));
        this.#failingSince = Number.POSITIVE_INFINITY;
      }
      this.#delayMs = Math.min(this.#delayMs * 2, SLOWEST_POLL_MS);
    }
  }

  /** The thread is an agent whose runs can be steered. */
  async #see(thread: LangGraphThread): Promise<void> {
    const target = this.targetOf(thread.thread_id);
    const isNew = !this.#known.has(target);
    this.#known.add(target);
    const capabilities = capabilitiesOf(thread);
    const last = this.#seen.get(target);
    const isNews = last === undefined || Date.now() - last.at >= SEEN_EVERY_MS || last.count !== capabilities.length;
    if (isNews) {
      this.#seen.set(target, { at: Date.now(), count: capabilities.length });
      const name = graphOf(thread);
      const client = 'LangGraph Server API';
      await this.#options.store.seeAgent({ runtime: RUNTIME, target, name, workflow: name, client, capabilities });
    }
    if (isNews || thread.status === 'interrupted')
      await this.#options.store.linkSession(RUNTIME, target, thread.thread_id);
    if (isNew) this.#options.returned(target);
  }

  async #ask(thread: LangGraphThread): Promise<void> {
    const target = this.targetOf(thread.thread_id);
    const open = new Map<string, Pause>();
    for (const { id, value } of Object.values(thread.interrupts ?? {}).flat()) {
      if (id === undefined) continue;
      const pause = readPause(id, value);
      open.set(id, pause);
      if (this.#pauses.get(target)?.has(id) === true) continue;
      for (const question of pause.questions) {
        const { externalId } = question;
        await this.#options.desk().open({
          ...shownOf(question),
          externalId,
          runtime: RUNTIME,
          target,
          traceId: null,
          sessionId: thread.thread_id,
          workflow: graphOf(thread),
          agent: graphOf(thread),
          timeoutMs: null,
          keys: [`interrupt:${externalId}`],
        });
      }
    }
    const before = this.#pauses.get(target);
    // What the list no longer shows stays known until it was missing often enough.
    for (const [id, pause] of before ?? []) if (!open.has(id)) open.set(id, pause);
    this.#pauses.set(target, open);
    this.#mark(
      target,
      new Set(
        Object.values(thread.interrupts ?? {})
          .flat()
          .flatMap(({ id }) => id ?? []),
      ),
    );
  }

  #mark(target: string, shown: ReadonlySet<string>): void {
    for (const id of this.#pauses.get(target)?.keys() ?? []) {
      const key = `${target} ${id}`;
      if (shown.has(id)) this.#missing.delete(key);
      else this.#missing.set(key, (this.#missing.get(key) ?? 0) + 1);
    }
  }

  /** Questions that are gone for good were answered elsewhere, or the run was ended. */
  async #withdrawGone(listed: ReadonlySet<string>): Promise<void> {
    for (const [target, pauses] of this.#pauses) {
      if (!listed.has(target)) this.#mark(target, new Set());
      for (const [id, pause] of pauses) {
        if ((this.#missing.get(`${target} ${id}`) ?? 0) < GONE_AFTER) continue;
        pauses.delete(id);
        this.#missing.delete(`${target} ${id}`);
        for (const { externalId } of pause.questions)
          await this.#options
            .desk()
            .withdraw({ runtime: RUNTIME, target, externalId }, 'It was answered elsewhere, or the run was ended.');
      }
      if (pauses.size === 0) this.#pauses.delete(target);
    }
  }
}

function graphOf(thread: LangGraphThread): string {
  const name = thread.metadata?.['graph_id'] ?? thread.metadata?.['assistant_id'];
  return typeof name === 'string' ? name : 'LangGraph';
}

function capabilitiesOf(thread: LangGraphThread): Capability[] {
  const base: Capability[] = ['approve', 'edit', 'respond', 'stop', 'graph'];
  return findTodoChannel(thread.values) === null ? base : [...base, 'add_task'];
}
