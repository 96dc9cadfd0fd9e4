import type { Command } from '@signalbox/event-model';
import { asText } from '../../../mapping/reading/coerce.ts';
import type { ControlStore } from '../../control-store.ts';
import type { DeliveryReport, Runtime } from '../../runtime.ts';
import { resumeValue, type Answer } from './answers.ts';
import { InterruptWatcher, RUNTIME, type WatcherOptions } from './interrupt-watcher.ts';
import { LangGraphClient, LangGraphError, type LangGraphRun, type LangGraphThread } from './langgraph-client.ts';
import { readPause, type Pause } from './questions.ts';
import { findTodoChannel, todoUpdate } from './todo-channel.ts';
import { readBack } from './read-back.ts';

/** Parts of the runtime. */
export interface LangGraphOptions extends Omit<WatcherOptions, 'client'> {
  urls: readonly string[];
  /** Commands changed: readers look at once. */
  changed: () => void;
}

interface Server {
  client: LangGraphClient;
  watcher: InterruptWatcher;
}

/**
 * Steers agents behind LangGraph servers. The API answers 200 to answers that change nothing, so every command is checked
 * before it is sent and read back after it.
 */
export class LangGraphRuntime implements Runtime {
  readonly name = RUNTIME;
  readonly #servers: Server[];
  readonly #store: ControlStore;
  readonly #changed: () => void;
  readonly #report: (error: unknown) => void;

  constructor({ urls, changed, ...rest }: LangGraphOptions) {
    this.#store = rest.store;
    this.#changed = changed;
    this.#report = rest.report;
    this.#servers = urls.map((url) => {
      const client = new LangGraphClient(url);
      return { client, watcher: new InterruptWatcher({ client, ...rest }) };
    });
  }

  start(): void {
    for (const { watcher } of this.#servers) watcher.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#servers.map(({ watcher }) => watcher.stop()));
  }

  targets(): string[] {
    return this.#servers.filter(({ watcher }) => watcher.isOnline).flatMap(({ watcher }) => [...watcher.targets]);
  }

  isOnline(target: string): boolean {
    return this.#servers.some(({ watcher }) => watcher.isOnline && watcher.targets.has(target));
  }

  async deliver(command: Command): Promise<DeliveryReport | null> {
    const { agent: target } = command.target;
    const server = this.#servers.find(({ client }) => target.startsWith(`${client.url}/`));
    if (!server) throw new Error('the server of this thread is not connected here');
    const threadId = target.slice(server.client.url.length + 1);
    try {
      return await this.#carryOut(server, threadId, command);
    } catch (error) {
      if (!(error instanceof LangGraphError) || error.status !== 404) throw error;
      return { state: 'refused', evidence: error.message, problem: 'The server does not know this thread any more.' };
    }
  }

  #carryOut(server: Server, threadId: string, command: Command): Promise<DeliveryReport | null> {
    if (command.kind === 'decision') return this.#decide(server, threadId, command);
    if (command.kind === 'stop') return this.#stop(server, threadId, command);
    if (command.kind === 'task.add') return this.#addTask(server, threadId, command);
    if (command.kind === 'extend')
      return Promise.resolve({ state: 'effective', evidence: 'the server waits as long as it takes' });
    return Promise.resolve({
      state: 'refused',
      evidence: null,
      problem: 'A LangGraph server cannot change the order of a plan.',
    });
  }

  async #decide({ client, watcher }: Server, threadId: string, command: Command): Promise<DeliveryReport | null> {
    const { agent: target, runId } = command.target;
    if (
      command.payload['decision'] === 'expired' &&
      runId !== null &&
      (await this.#store.runLink(runId)).stop !== null
    ) {
      // An answer, even a refusal, would make a paused run go on.
      return { state: 'effective', evidence: 'the run was stopped; its question stays unanswered' };
    }
    const interruptId = (asText(command.payload['request']) ?? '').replace(/#\d+$/, '');
    const thread = await client.thread(threadId);
    if (thread.status === 'busy') throw new Error('the thread is at work; the answer waits for its turn');
    const open = openInterrupt(thread, interruptId);
    if (open === undefined) {
      const problem = 'The question is no longer open on the server: it was answered elsewhere, or the run was ended.';
      return { state: 'refused', evidence: `thread is ${thread.status}`, problem };
    }
    const pause = watcher.pause(target, interruptId) ?? readPause(interruptId, open);
    const { answers, commands } = await this.#answersOf(target, pause);
    // The middleware wants one decision for each action, all at once: the others are still open.
    if (answers === null) return null;
    const tasks = await this.#waitingTasks(target, thread);
    const run = await client.startRun(threadId, {
      assistant_id: assistantOf(thread),
      command: { resume: { [interruptId]: resumeValue(pause.shape, answers) }, ...tasks.update },
    });
    const ids = [...commands, ...tasks.commands].map(({ id }) => id);
    for (const id of ids) await this.#store.advance(id, 'delivered', `run ${run.run_id}`);
    this.#readBack(ids, (report) => readBack({ client, run, expects: { answerTo: interruptId } }, report));
    return null;
  }

  /** The decisions on every question of a pause; null while one of them is missing. */
  async #answersOf(target: string, pause: Pause): Promise<{ answers: Answer[] | null; commands: Command[] }> {
    const open = await this.#store.openCommands(RUNTIME, [target]);
    const commands = pause.questions.flatMap(({ externalId }) =>
      open.filter(({ kind, payload }) => kind === 'decision' && payload['request'] === externalId).slice(0, 1),
    );
    if (commands.length < pause.questions.length) return { answers: null, commands };
    return { answers: commands.map(toAnswer), commands };
  }

  /** Tasks that wait for a pause: an update of its own would kill the open question, so they travel with the answer. */
  async #waitingTasks(target: string, thread: LangGraphThread) {
    const channel = findTodoChannel(thread.values);
    const commands = (await this.#store.openCommands(RUNTIME, [target])).filter(({ kind }) => kind === 'task.add');
    if (channel === null || commands.length === 0) return { update: {}, commands: [] };
    return { update: { update: todoUpdate(channel, commands.map(toTask)) }, commands };
  }

  async #stop({ client }: Server, threadId: string, command: Command): Promise<DeliveryReport | null> {
    const running = (await client.runs(threadId)).filter(({ status }) => status === 'running' || status === 'pending');
    if (running.length === 0) {
      const evidence = 'no run is at work on the thread; answers to its open questions are refused from now on';
      return { state: 'effective', evidence };
    }
    for (const run of running) await client.cancel(threadId, run.run_id);
    await this.#store.advance(command.id, 'delivered', `cancel of ${running.map(({ run_id: id }) => id).join(', ')}`);
    const [run] = running as [LangGraphRun];
    this.#readBack([command.id], (report) => readBack({ client, run, expects: 'stop' }, report));
    return null;
  }

  async #addTask({ client }: Server, threadId: string, command: Command): Promise<DeliveryReport | null> {
    const thread = await client.thread(threadId);
    const channel = findTodoChannel(thread.values);
    if (channel === null) {
      const problem = 'The state of this graph shows no list of tasks, so none can be added.';
      return { state: 'refused', evidence: null, problem };
    }
    // Busy: it waits for the next pause or the end. Paused: it travels with the next answer.
    if (thread.status !== 'idle') throw new Error(`the thread is ${thread.status}; the task waits`);
    const run = await client.startRun(threadId, {
      assistant_id: assistantOf(thread),
      input: todoUpdate(channel, [toTask(command)]),
    });
    await this.#store.advance(command.id, 'delivered', `run ${run.run_id} with the task as input`);
    this.#readBack([command.id], (report) => readBack({ client, run, expects: 'task' }, report));
    return null;
  }

  #readBack(ids: readonly string[], look: (report: (step: DeliveryReport) => Promise<void>) => Promise<void>): void {
    const report = async ({ state, evidence, problem }: DeliveryReport): Promise<void> => {
      for (const id of ids) await this.#store.advance(id, state, evidence, problem);
      this.#changed();
    };
    look(report).catch((error: unknown) => this.#report(error));
  }
}

function openInterrupt(thread: LangGraphThread, id: string): unknown {
  return Object.values(thread.interrupts ?? {})
    .flat()
    .find((interrupt) => interrupt.id === id)?.value;
}

function assistantOf(thread: LangGraphThread): unknown {
  return thread.metadata?.['assistant_id'] ?? thread.metadata?.['graph_id'];
}

function toAnswer({ payload }: Command): Answer {
  const stated = asText(payload['decision']) ?? 'reject';
  return {
    decision: stated as Answer['decision'],
    reason: asText(payload['reason']),
    args: payload['args'],
    answer: payload['answer'],
  };
}

function toTask({ id, payload }: Command): { id: string; text: string; note: string | null } {
  return { id, text: asText(payload['text']) ?? '', note: asText(payload['note']) };
}
