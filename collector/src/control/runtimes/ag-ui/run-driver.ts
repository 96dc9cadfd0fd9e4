import { asFields, asText } from '../../../mapping/reading/coerce.ts';
import { nowNs } from '../../../telemetry/time.ts';
import { NotAccepted, NotSent, openStream } from './agent-connection.ts';
import type { ResumeEntry } from './answers.ts';
import { ConversationLog, type Conversation, type Message } from './conversation.ts';
import { readProtocolEvent, type ProtocolEvent } from './protocol-events.ts';
import { readPauses, type Pause } from './questions.ts';
import { LAST, type RunRecorder } from './run-recorder.ts';
import { recordedFinish, recordedInput, recordedQuestions } from './recorded-events.ts';
import { readEventData, StreamFault } from './sse-reader.ts';

/** A run as it is sent. */
export interface SentRun {
  id: string;
  agent: { name: string; url: string };
  threadId: string;
  parentId: string | null;
  /** Answers it begins with, one for each question that is open. */
  resume: { entries: ResumeEntry[]; hasIds: boolean } | null;
  /** What people say with it. */
  said: Message[];
}

/** How a run came out. `unsent`: nothing left for the agent. */
export interface Outcome {
  status: 'paused' | 'finished' | 'failed' | 'stopped' | 'lost' | 'unsent';
  problem: string | null;
  pauses: Pause[];
  /** Whether the agent did nothing with what it was sent: it refused right after it had begun. */
  isRefusal: boolean;
}

/** What a driver tells while it drives. */
export interface DriverHooks {
  accepted(): Promise<void>;
  begun(): Promise<void>;
}

/** Parts of a driver. */
export interface DriverOptions {
  run: SentRun;
  conversation: Conversation;
  recorder: RunRecorder;
  idleMs: number;
  hooks: DriverHooks;
}

const MOST_EVENT_CHARACTERS = 1024 * 1024;
const PROTOCOL_VERSION = '1.0';
const END: Omit<Outcome, 'status'> = { problem: null, pauses: [], isRefusal: false };

/** One run: sends it, follows its stream and tells how it came out. */
export class RunDriver {
  readonly #options: DriverOptions;
  readonly #log: ConversationLog;
  readonly #abort = new AbortController();
  readonly #customs: ProtocolEvent[] = [];
  #ended: { status: 'stopped' | 'lost'; why: string } | undefined;
  #seq = 0;
  #time = 0n;
  #events = 0;
  #told: Promise<void> = Promise.resolve();

  constructor(options: DriverOptions) {
    this.#options = options;
    this.#log = new ConversationLog(options.conversation);
    for (const message of options.run.said) this.#log.conversation.messages.push(message);
  }

  get conversation(): Conversation {
    return this.#log.conversation;
  }

  /** Whether the agent said that the run has begun. */
  get hasBegun(): boolean {
    return this.#events > 0;
  }

  /** Closes the connection; nothing more of the stream is taken. */
  close(status: 'stopped' | 'lost', why: string): void {
    this.#ended ??= { status, why };
    this.#abort.abort();
  }

  async drive(): Promise<Outcome> {
    const { recorder } = this.#options;
    let outcome: Outcome;
    try {
      outcome = await this.#follow();
    } catch (error) {
      outcome = this.#broken(error as Error);
      if (this.hasBegun && outcome.problem !== null)
        await this.#record({ type: 'RUN_ERROR', message: outcome.problem, code: outcome.status }, LAST);
    }
    await this.#told;
    await recorder.flush();
    return outcome;
  }

  async #follow(): Promise<Outcome> {
    const { run, idleMs, hooks } = this.#options;
    const chunks = await openStream({
      url: run.agent.url,
      body: this.#input(),
      // Whatever the agent traces by itself belongs to the same run.
      headers: { traceparent: `00-${run.id.replaceAll('-', '')}-${run.id.replaceAll('-', '').slice(16)}-01` },
      idleMs,
      signal: this.#abort.signal,
    });
    this.#tell(() => hooks.accepted());
    for await (const data of readEventData(chunks, MOST_EVENT_CHARACTERS)) {
      const event = this.#abort.signal.aborted ? null : readProtocolEvent(data);
      const outcome = event === null ? null : await this.#take(event, data.length);
      if (outcome !== null) return outcome;
    }
    throw new StreamFault('its stream ended before the run did');
  }

  /** One after the other, beside the stream: what is live must not wait for the ledger. */
  #tell(hook: () => Promise<void>): void {
    this.#told = this.#told.then(hook);
  }

  #input(): Record<string, unknown> {
    const { run } = this.#options;
    const { messages, state } = this.#log.conversation;
    const { resume } = run;
    return {
      threadId: run.threadId,
      runId: run.id,
      protocolVersion: PROTOCOL_VERSION,
      ...(run.parentId === null ? {} : { parentRunId: run.parentId }),
      messages,
      tools: [],
      context: [],
      state: state ?? {},
      // Adapters that name no interrupt take the answer as a command of the graph.
      forwardedProps: resume?.hasIds === false ? { command: { resume: resume.entries[0]?.payload ?? null } } : {},
      ...(resume?.hasIds === true ? { resume: resume.entries } : {}),
    };
  }

  async #take(event: ProtocolEvent, size: number): Promise<Outcome | null> {
    if (!this.hasBegun) return this.#begin(event, size);
    if (event.type === 'RUN_STARTED') return null;
    this.#events += 1;
    this.#log.apply(event);
    if (event.type === 'CUSTOM' && event['name'] === 'on_interrupt') {
      this.#customs.push(event);
      return null;
    }
    if (event.type === 'RUN_FINISHED') return this.#finish(event, size);
    await this.#record(event, this.#seq++, size);
    return event.type === 'RUN_ERROR' ? this.#failed(event) : null;
  }

  async #begin(event: ProtocolEvent, size: number): Promise<Outcome | null> {
    const { run, hooks } = this.#options;
    if (event.type === 'RUN_ERROR') return this.#failed(event);
    if (event.type !== 'RUN_STARTED') throw new StreamFault(`it sent ${event.type} before it began a run`);
    if (event['runId'] !== run.id) throw new StreamFault(`it began the run ${asText(event['runId']) ?? ''} instead`);
    this.#events = 1;
    const input = recordedInput(run, this.#log.conversation.messages);
    await this.#record({ ...event, input }, this.#seq++, size);
    if (run.resume !== null) for (const message of run.said) await this.#record(spoken(message), this.#seq++);
    this.#tell(() => hooks.begun());
    return null;
  }

  async #finish(event: ProtocolEvent, size: number): Promise<Outcome> {
    const { run } = this.#options;
    const pauses = readPauses(event, this.#customs, this.#log.calls);
    for (const custom of recordedQuestions(run.id, pauses)) await this.#record(custom, this.#seq++);
    await this.#record(recordedFinish(run.id, event), this.#seq++, size);
    return { ...END, status: pauses.length > 0 ? 'paused' : 'finished', pauses };
  }

  #failed(event: ProtocolEvent): Outcome {
    const message = asText(event['message']) ?? 'it failed without a message';
    return { ...END, status: 'failed', problem: `The agent said: ${message}`, isRefusal: this.#events <= 2 };
  }

  #broken(error: Error): Outcome {
    if (this.#ended !== undefined) return { ...END, status: this.#ended.status, problem: this.#ended.why };
    const { name } = this.#options.run.agent;
    if (error instanceof NotSent) {
      const problem = `${name} cannot be reached: ${error.message}. Start it, or correct its address in SIGNALBOX_AGUI_URLS.`;
      return { ...END, status: 'unsent', problem };
    }
    if (error instanceof NotAccepted) return { ...END, status: 'failed', problem: `${name} ${error.message}` };
    const why = error instanceof StreamFault ? error.message : ((error as NodeJS.ErrnoException).code ?? error.message);
    const what = this.hasBegun ? 'The connection to the agent was lost' : `${name} took the request, but no run began`;
    return { ...END, status: 'failed', problem: `${what}: ${why}.` };
  }

  /** Events come faster than clocks tick, and what is shown is shown by time. */
  #nextTime(): bigint {
    const now = nowNs();
    this.#time = now > this.#time ? now : this.#time + 1_000n;
    return this.#time;
  }

  #record(event: ProtocolEvent, seq: number, size = 1_000): Promise<void> {
    const { run, recorder } = this.#options;
    const { id: runId, threadId } = run;
    return recorder.push({ agent: run.agent.name, threadId, runId, seq, atNs: this.#nextTime(), event }, size);
  }
}

function spoken(message: Message): ProtocolEvent {
  const fields = asFields(message) ?? {};
  return { type: 'TEXT_MESSAGE_CHUNK', messageId: fields['id'], role: 'user', delta: fields['content'] };
}
