import { randomUUID } from 'node:crypto';
import type { Command, DecisionRequest } from '@signalbox/event-model';
import { asText } from '../../../mapping/reading/coerce.ts';
import type { DeliveryReport, Runtime } from '../../runtime.ts';
import type { Answer } from '../langgraph/answers.ts';
import type { StoredRun } from './ag-ui-store.ts';
import { faultIn, resumeEntry, type ResumeEntry } from './answers.ts';
import type { Message } from './conversation.ts';
import { Presence, RUNTIME, type AgUiAgent } from './presence.ts';
import type { Pause } from './questions.ts';
import { fateOf, RunKeeper, type RunKeeperOptions } from './run-keeper.ts';

/** How long a start waits for the run before it to be over. */
const GRACE_MS = 2_000;
/** A run of a thread that is not over. */
const ACTIVE = new Set(['sent', 'open', 'paused']);

/** Agents behind AG-UI endpoints. The protocol shows a run only to whoever started it, so the collector starts them. */
export class AgUiRuntime implements Runtime {
  readonly name = RUNTIME;
  readonly #options: RunKeeperOptions;
  readonly #keeper: RunKeeper;
  readonly #presence: Presence;

  constructor(options: RunKeeperOptions) {
    this.#options = options;
    this.#keeper = new RunKeeper(options);
    this.#presence = new Presence(options);
  }

  start(): void {
    this.#presence.start();
    this.#keeper.start();
  }

  async stop(deadlineMs: number): Promise<void> {
    await this.#presence.stop();
    await this.#keeper.stop(deadlineMs);
  }

  targets(): string[] {
    return this.#options.agents.map(({ name }) => name);
  }

  isOnline(target: string): boolean {
    return this.#presence.isOnline(target);
  }

  async faultIn(externalId: string, request: DecisionRequest): Promise<string | null> {
    const [runId, question] = splitRequest(externalId);
    const run = await this.#options.runs.run(runId);
    const pause = run?.pauses.find(({ questions }) => questions.some((each) => each.externalId === question));
    const { decision, args, answer } = request;
    return pause === undefined ? null : faultIn(pause, { decision, args, answer });
  }

  async deliver(command: Command): Promise<DeliveryReport | null> {
    const agent = this.#options.agents.find(({ name }) => name === command.target.agent);
    if (agent === undefined) throw new Error('the agent is not one of this collector');
    await this.#presence.introduce(agent.name);
    const carrier = command.kind === 'stop' ? null : await this.#options.runs.carrying(command.id);
    if (carrier !== null) return fateOf(carrier);
    if (command.kind === 'run.start') return this.#start(agent, command);
    if (command.kind === 'decision') return this.#decide(agent, command);
    if (command.kind === 'stop') return this.#stop(command);
    if (command.kind === 'task.add') return this.#addTask(agent, command);
    return refused('An AG-UI agent cannot change the order of a plan.');
  }

  async #start(agent: AgUiAgent, command: Command): Promise<DeliveryReport | null> {
    const { id, payload } = command;
    const runId = command.target.runId ?? randomUUID();
    const threadId = asText(payload['sessionId']) ?? runId;
    const said = [userMessage(id, asText(payload['text']) ?? '')];
    const latest = await this.#options.runs.latest(agent.name, threadId);
    const run = { id: runId, agent, threadId, parentId: null, resume: null, said };
    const sent = latest !== null && ACTIVE.has(latest.status) ? 'busy' : await this.#keeper.send(run, [id]);
    if (sent !== 'busy') return null;
    // A run is seen to be over a moment before it is.
    if (Date.now() - Date.parse(command.createdAt) < GRACE_MS) throw new Error('the session is at work');
    return refused(
      'A run of this session is at work or waits for a person. Add a task to it, or start another session.',
    );
  }

  async #decide(agent: AgUiAgent, command: Command): Promise<DeliveryReport | null> {
    const { runs } = this.#options;
    const [runId] = splitRequest(asText(command.payload['request']) ?? '');
    const run = await runs.run(runId);
    if (run === null) return refused('Nobody knows the run of this question any more.');
    // Any answer, even a refusal, would make the run go on.
    if (run.status === 'stopped' && command.payload['decision'] === 'expired')
      return { state: 'effective', evidence: 'the run was stopped; its question stays unanswered' };
    if (run.status === 'stopped') return refused('The run was stopped before the answer was sent.');
    if (run.status !== 'paused') return refused('The run does not wait for this answer any more.');
    const { answers, commands } = await this.#answersTo(run);
    // A run must answer every open question: the others are not decided yet.
    if (answers === null) return null;
    const tasks = await this.#waitingTasks(run);
    const resumed = {
      id: randomUUID(),
      agent,
      threadId: run.threadId,
      parentId: run.id,
      resume: { entries: answers, hasIds: run.pauses.every(({ hasId }) => hasId) },
      said: tasks.map(toMessage),
    };
    await this.#keeper.send(
      resumed,
      [...commands, ...tasks].map(({ id }) => id),
    );
    return null;
  }

  /** The answers to every question of a run; null while one is missing. */
  async #answersTo(run: StoredRun): Promise<{ answers: ResumeEntry[] | null; commands: Command[] }> {
    const open = await this.#options.store.openCommands(RUNTIME, [run.agent]);
    const found = run.pauses.map((pause) => ({ pause, commands: decisionsOn(run, pause, open) }));
    const commands = found.flatMap((each) => each.commands);
    if (found.some(({ pause, commands: given }) => given.length < pause.questions.length))
      return { answers: null, commands };
    const answers = found.map(({ pause, commands: given }) => ({
      ...resumeEntry(pause, given.map(toAnswer)),
      metadata: { by: [...new Set(given.map(({ requestedBy }) => requestedBy.login))].join(', ') },
    }));
    return { answers, commands };
  }

  /** Tasks for a thread that nobody has sent yet. */
  async #waitingTasks({ agent, threadId }: StoredRun): Promise<Command[]> {
    const open = await this.#options.store.openCommands(RUNTIME, [agent]);
    const found: Command[] = [];
    for (const command of open) {
      if (command.kind !== 'task.add' || command.state !== 'queued' || command.target.runId === null) continue;
      const run = await this.#options.runs.run(command.target.runId);
      if (run?.threadId === threadId) found.push(command);
    }
    return found;
  }

  async #stop(command: Command): Promise<DeliveryReport | null> {
    const { runs } = this.#options;
    const run = command.target.runId === null ? null : await runs.run(command.target.runId);
    if (run === null) return { state: 'effective', evidence: 'no run was ever sent' };
    if (run.status === 'paused') {
      if (!(await runs.bar(run.id))) throw new Error('the run goes on at this moment');
      const evidence = 'the run waits and was sent nothing; answers to its questions are refused from now on';
      return { state: 'effective', evidence };
    }
    if (run.status === 'sent' || run.status === 'open') {
      const why = `The run was stopped by ${command.requestedBy.name}.`;
      if (!this.#keeper.close(run.id, why, command.id)) throw new Error('another collector holds the connection');
      return null;
    }
    const latest = await runs.latest(run.agent, run.threadId);
    const goesOn = latest !== null && latest.id !== run.id && ACTIVE.has(latest.status);
    const evidence = goesOn ? `; its session goes on as the run ${latest.id}, which was not stopped` : '';
    return { state: 'effective', evidence: `the run had ended already: ${run.status}${evidence}` };
  }

  async #addTask(agent: AgUiAgent, command: Command): Promise<DeliveryReport | null> {
    const { runs } = this.#options;
    const run = command.target.runId === null ? null : await runs.run(command.target.runId);
    const latest = run === null ? null : await runs.latest(run.agent, run.threadId);
    if (latest === null) return refused('Nobody knows the session of this run.');
    // At work: it waits for the end. Paused: it travels with the answers.
    if (ACTIVE.has(latest.status)) throw new Error('the session is at work; the task waits');
    if (latest.status === 'stopped') return refused('The session was stopped.');
    const tasks = await this.#waitingTasks(latest);
    const { id: parentId, threadId } = latest;
    const next = { id: randomUUID(), agent, threadId, parentId, resume: null, said: tasks.map(toMessage) };
    await this.#keeper.send(
      next,
      tasks.map(({ id }) => id),
    );
    return null;
  }
}

function decisionsOn(run: StoredRun, pause: Pause, open: readonly Command[]): Command[] {
  return pause.questions.flatMap(({ externalId }) =>
    open
      .filter(({ kind, payload }) => kind === 'decision' && payload['request'] === `${run.id}:${externalId}`)
      .slice(0, 1),
  );
}

/** A question is named after the run that asks and its id there. */
function splitRequest(request: string): [runId: string, question: string] {
  const at = request.indexOf(':');
  const runId = request.slice(0, Math.max(at, 0));
  return /^[0-9a-f-]{36}$/.test(runId) ? [runId, request.slice(at + 1)] : ['00000000-0000-0000-0000-000000000000', ''];
}

function userMessage(id: string, content: string): Message {
  return { id, role: 'user', content };
}

function toMessage({ id, payload }: Command): Message {
  const [text, note] = [asText(payload['text']) ?? '', asText(payload['note'])];
  return userMessage(id, note === null ? text : `${text}\n\n${note}`);
}

function toAnswer({ payload }: Command): Answer {
  return {
    decision: (asText(payload['decision']) ?? 'reject') as Answer['decision'],
    reason: asText(payload['reason']),
    args: payload['args'],
    answer: payload['answer'],
  };
}

function refused(problem: string): DeliveryReport {
  return { state: 'refused', evidence: null, problem };
}
