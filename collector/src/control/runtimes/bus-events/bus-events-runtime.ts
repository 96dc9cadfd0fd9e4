import type { Command } from '@signalbox/event-model';
import { interruptKey } from '../../../mapping/conventions/ag-ui/questions.ts';
import { asFields, asList, asText } from '../../../mapping/reading/coerce.ts';
import type { ControlDesk } from '../../control-desk.ts';
import { runIdFrom } from '../../control-desk.ts';
import type { ControlStore } from '../../control-store.ts';
import type { DeliveryReport, Runtime } from '../../runtime.ts';
import { resumeEntry } from '../ag-ui/answers.ts';
import { readPauses, type Pause } from '../ag-ui/questions.ts';
import type { Answer } from '../langgraph/answers.ts';
import { shownOf } from '../langgraph/questions.ts';
import { BUS_EVENTS, BusPresence } from './bus-presence.ts';
import { CallBook } from './call-book.ts';
import type { HeardEvent } from './heard-event.ts';
import { plainCommand, readAck, resumeCommand, type Address, type BusCommand } from './wire.ts';

/** The agents' keys and streams on the bus. */
export interface AgentBoard {
  /** Hashes of those agents whose presence key stands, by agent. */
  present(agentIds: readonly string[]): Promise<Map<string, Record<string, string>>>;
  /** Appends an order to an agent's stream. */
  send(agentId: string, command: BusCommand): Promise<void>;
  /** Acknowledgements that were written for commands, by command. */
  acks(ids: readonly string[]): Promise<Map<string, string>>;
}

/** Parts of the runtime. */
export interface BusEventsOptions {
  store: ControlStore;
  desk: () => Pick<ControlDesk, 'open'>;
  board: AgentBoard;
  returned: (target: string) => void;
  changed: () => void;
  report: (error: unknown) => void;
}

const PRESENCE_MS = 1_000;
const ACKS_MS = 200;
const MOST_ASKED = 200;
const MOST_RUNS = 1_000;

interface Asked {
  event: HeardEvent;
  pauses: Pause[];
}

/**
 * Agents that tell of themselves in AG-UI events on the bus and keep a presence key there: their interrupts become
 * approvals, and orders go to their stream. Without the key an agent is only observed.
 */
export class BusEventsRuntime implements Runtime {
  readonly name = BUS_EVENTS;
  readonly #options: BusEventsOptions;
  readonly #calls = new CallBook();
  readonly #customs = new Map<string, HeardEvent[]>();
  readonly #presence: BusPresence;
  /** Where the orders of a run go. */
  readonly #runs = new Map<string, Address>();
  /** Questions of agents whose key was not there yet. */
  #asked: Asked[] = [];
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #working = new Set<Promise<void>>();

  constructor(options: BusEventsOptions) {
    this.#options = options;
    const { store, board, returned } = options;
    this.#presence = new BusPresence({ store, returned, present: (agentIds) => board.present(agentIds) });
  }

  start(): void {
    this.#repeat(PRESENCE_MS, () => this.#lookAround());
    this.#repeat(ACKS_MS, () => this.#collectAcks());
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await Promise.all(this.#working);
  }

  targets(): string[] {
    return this.#presence.agents();
  }

  isOnline(target: string): boolean {
    return this.#presence.agent(target) !== undefined;
  }

  /** Events that were stored before, shown to whoever takes over reading. */
  remind(events: readonly HeardEvent[]): void {
    for (const event of events) this.#note(event);
  }

  /** Events in the order of the stream, once they are durable. Rejects when the database is away: they come again. */
  async heard(events: readonly HeardEvent[]): Promise<void> {
    for (const event of events) {
      this.#note(event);
      if (event.event.type === 'CUSTOM' && event.event['name'] === 'command.ack') await this.#ackFrom(event);
      else if (/^RUN_(STARTED|FINISHED|ERROR)$/.test(event.event.type)) await this.#turn(event);
    }
  }

  #note(event: HeardEvent): void {
    this.#calls.note(event);
    if (event.event.type !== 'CUSTOM' || event.event['name'] !== 'on_interrupt') return;
    const known = this.#customs.get(event.runKey) ?? [];
    if (known.length < MOST_ASKED) this.#customs.set(event.runKey, [...known, event]);
  }

  async #turn(event: HeardEvent): Promise<void> {
    const { agentId, workflowId, threadId, traceId, runKey } = event;
    const isStart = event.event.type === 'RUN_STARTED';
    const pauses = isStart ? [] : this.#pausesAt(event);
    const runId = runIdFrom(traceId) ?? '';
    if (isStart) {
      if (this.#runs.size >= MOST_RUNS) this.#runs.delete(this.#runs.keys().next().value ?? '');
      this.#runs.set(runId, { workflow: workflowId, threadId });
      await this.#answersTaken(event);
    } else {
      this.#calls.forget(runKey);
      this.#customs.delete(runKey);
    }
    if ((await this.#presence.meet(agentId)) && runId !== '')
      await this.#options.store.linkRun(BUS_EVENTS, agentId, runId, !isStart && pauses.length === 0);
    if (pauses.length > 0) await this.#ask({ event, pauses });
  }

  #pausesAt({ event, runKey }: HeardEvent): Pause[] {
    if (event.type !== 'RUN_FINISHED') return [];
    const customs = (this.#customs.get(runKey) ?? []).map((each) => each.event);
    try {
      return readPauses(event, customs, this.#calls.callsOf(runKey)).filter(({ hasId }) => hasId);
    } catch {
      // What breaks the protocol is shown as it was observed, and cannot be answered.
      return [];
    }
  }

  async #ask(asked: Asked): Promise<void> {
    const { agentId, workflowId, traceId, threadId, runKey } = asked.event;
    const agent = this.#presence.agent(agentId);
    if (agent === undefined) {
      this.#asked = [...this.#asked, asked].slice(-MOST_ASKED);
      return;
    }
    for (const pause of asked.pauses) {
      const context = { pause: withoutWords(pause), runKey, threadId, workflow: workflowId };
      for (const question of pause.questions) {
        await this.#options.desk().open({
          ...shownOf(question),
          ...{ runtime: BUS_EVENTS, target: agentId, externalId: requestOf(runKey, question.externalId), traceId },
          ...(threadId === null ? {} : { sessionId: threadId }),
          ...{ workflow: workflowId, agent: agent.name },
          timeoutMs: leftUntil(pause.expiresAt),
          keys: [interruptKey({ threadId }, pause.interruptId), `interrupt:${pause.interruptId}`],
          context,
        });
      }
    }
  }

  async deliver(command: Command): Promise<DeliveryReport | null> {
    const { agent: agentId } = command.target;
    if (command.kind === 'extend') return { state: 'effective', evidence: 'the agent waits as long as it takes' };
    if (command.kind === 'decision') return this.#answer(agentId, command);
    const known = this.#runs.get(command.target.runId ?? '');
    const workflow = this.#presence.agent(agentId)?.workflow ?? null;
    const order = plainCommand(command, known ?? { workflow, threadId: null });
    if (order === null) return { state: 'refused', evidence: null, problem: 'The bus cannot carry this.' };
    await this.#options.board.send(agentId, order);
    return { state: 'delivered', evidence: `on the stream of ${agentId}` };
  }

  /** Every question of a pause is answered at once: the answer is the agent's own form for all of them. */
  async #answer(agentId: string, command: Command): Promise<DeliveryReport | null> {
    const { store, board } = this.#options;
    const context = await store.approvalContext(command.target.approvalId ?? '');
    const pause = context['pause'] as Pause | undefined;
    if (pause === undefined)
      return { state: 'refused', evidence: null, problem: 'Nobody knows this question any more.' };
    const open = await store.openCommands(BUS_EVENTS, [agentId]);
    const commands = pause.questions.flatMap(({ externalId }) => {
      const request = requestOf(asText(context['runKey']) ?? '', externalId);
      return open.filter(({ kind, payload }) => kind === 'decision' && payload['request'] === request).slice(0, 1);
    });
    if (commands.length < pause.questions.length) return null;
    const entry = resumeEntry(pause, commands.map(toAnswer));
    const address = { workflow: asText(context['workflow']), threadId: asText(context['threadId']) };
    await board.send(agentId, resumeCommand(command, entry, address));
    const others = commands.filter(({ id }) => id !== command.id);
    for (const { id } of others) await store.advance(id, 'delivered', `sent with ${command.id}`);
    return { state: 'delivered', evidence: `on the stream of ${agentId}` };
  }

  /** A run that begins with an answer shows that it was taken. */
  async #answersTaken({ agentId, event, traceId }: HeardEvent): Promise<void> {
    const resume = asList(event['resume'] ?? asFields(event['input'])?.['resume']);
    const ids = new Set(resume.flatMap((each) => asText(asFields(each)?.['interruptId']) ?? []));
    if (ids.size === 0) return;
    const { store, changed } = this.#options;
    for (const command of await store.openCommands(BUS_EVENTS, [agentId])) {
      const interrupt = interruptOf(asText(command.payload['request']) ?? '');
      if (command.kind !== 'decision' || !ids.has(interrupt)) continue;
      await store.advance(command.id, 'effective', `the run of trace ${traceId} began with the answer`);
      changed();
    }
  }

  async #ackFrom({ agentId, event }: HeardEvent): Promise<void> {
    const value = asFields(event['value']) ?? {};
    const id = asText(value['commandId']) ?? asText(value['id']) ?? '';
    if (/^[0-9a-f-]{36}$/.test(id)) await this.#acknowledge(agentId, id, value);
  }

  async #acknowledge(target: string, id: string, value: unknown): Promise<void> {
    const ack = readAck(value);
    if (ack === null) return;
    const { state, evidence, problem = null } = ack;
    const reporter = { runtime: BUS_EVENTS, target };
    if (await this.#options.store.take({ id, state, evidence, problem, reporter })) this.#options.changed();
  }

  async #collectAcks(): Promise<void> {
    const { store, board } = this.#options;
    const open = (await store.openRefs(BUS_EVENTS, this.targets())).filter(({ state }) => state !== 'queued');
    if (open.length === 0) return;
    const acks = await board.acks(open.map(({ id }) => id));
    for (const { id, target } of open) if (acks.has(id)) await this.#acknowledge(target, id, acks.get(id));
  }

  async #lookAround(): Promise<void> {
    await this.#presence.look();
    const waiting = this.#asked;
    this.#asked = [];
    for (const asked of waiting) await this.#ask(asked);
  }

  #repeat(everyMs: number, work: () => Promise<void>): void {
    let running = false;
    const once = async (): Promise<void> => {
      if (running) return;
      running = true;
      await work().catch((error: unknown) => this.#options.report(error));
      running = false;
    };
    const timer = setInterval(() => {
      const working = once().then(() => void this.#working.delete(working));
      this.#working.add(working);
    }, everyMs);
    this.#timers.push(timer.unref());
  }
}

/** A request is named after its run and the question there: agents count their interrupts anew in each run. */
function requestOf(runKey: string, question: string): string {
  return `${runKey}:${question}`;
}

function interruptOf(request: string): string {
  return request.slice(request.indexOf(':') + 1).replace(/#\d+$/, '');
}

/** What an answer is made from; what was asked stands in the approval. */
function withoutWords(pause: Pause): unknown {
  return { ...pause, asked: null, questions: pause.questions.map(({ externalId }) => ({ externalId })) };
}

function leftUntil(expiresAt: string | null): number | null {
  const at = expiresAt === null ? NaN : Date.parse(expiresAt);
  return Number.isNaN(at) ? null : Math.max(1, at - Date.now());
}

function toAnswer({ payload }: Command): Answer {
  return {
    decision: (asText(payload['decision']) ?? 'reject') as Answer['decision'],
    reason: asText(payload['reason']),
    args: payload['args'],
    answer: payload['answer'],
  };
}
