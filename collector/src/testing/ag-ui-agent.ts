import http from 'node:http';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { EventType, type BaseEvent, type Interrupt, type RunAgentInput } from '@ag-ui/core';
import { RunAgentInputSchema } from '@ag-ui/core/schemas';
import { EventEncoder } from '@ag-ui/encoder';
import { eventually } from './operator.ts';

/** A secret in the shape of a key; the agent says it in two pieces. */
export const SPLIT_SECRET = ['sk-FAKE-00000000', '0000000000000000'] as const;

type Script = (run: Run) => AsyncGenerator<BaseEvent | string> | Generator<BaseEvent | string>;

interface Run {
  input: RunAgentInput;
  /** Aborted when whoever asked closed the connection. */
  signal: AbortSignal;
  /** Payloads by interrupt; undefined where it was cancelled. */
  answers: Map<string, unknown>;
  answer: http.ServerResponse;
}

interface Waiting {
  script: Script;
  interrupts: Interrupt[];
}

/**
 * An agent behind an AG-UI endpoint, made of the protocol's own packages. What the last user message says decides what it
 * does. Like a real one it refuses a run that leaves an open interrupt unanswered.
 */
export class AgUiTestAgent {
  readonly requests: RunAgentInput[] = [];
  readonly headers: http.IncomingHttpHeaders[] = [];
  /** Runs whose connection was closed before they were over. */
  readonly closed: string[] = [];
  readonly #server: http.Server;
  readonly #waiting = new Map<string, Waiting>();

  private constructor() {
    this.#server = http.createServer((request, answer) => {
      this.#serve(request, answer).catch(() => answer.destroy());
    });
  }

  static async start(port = 0): Promise<AgUiTestAgent> {
    const agent = new AgUiTestAgent();
    agent.#server.listen(port, '127.0.0.1');
    await once(agent.#server, 'listening');
    return agent;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/agent`;
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  /** Requests of one thread, in order. */
  of(threadId: string): RunAgentInput[] {
    return this.requests.filter((request) => request.threadId === threadId);
  }

  /** The latest request of a thread, once there were so many. */
  asked(threadId: string, count = 2): Promise<RunAgentInput> {
    return eventually(() => {
      const requests = this.of(threadId);
      return Promise.resolve(requests.length === count && requests.at(-1));
    });
  }

  /** A thread begins anew: nothing is open in it. */
  forget(threadId: string): void {
    this.#waiting.delete(threadId);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: http.IncomingMessage, answer: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const read = RunAgentInputSchema.safeParse(JSON.parse(Buffer.concat(chunks).toString()));
    if (!read.success) return refuse(answer, 422, read.error.message);
    const input = read.data as RunAgentInput;
    this.requests.push(input);
    this.headers.push(request.headers);
    const waiting = this.#waiting.get(input.threadId);
    const answers = answersOf(input);
    const missing = waiting?.interrupts.filter(({ id }) => !answers.has(id)) ?? [];
    if (missing.length > 0) return refuse(answer, 422, `not answered: ${missing.map(({ id }) => id).join(', ')}`);
    this.#waiting.delete(input.threadId);
    const said = input.messages.findLast((message) => message.role === 'user')?.content;
    const script = waiting?.script ?? SCRIPTS[typeof said === 'string' ? said : ''] ?? talk;
    await this.#play(script, { input, answer, answers, signal: this.#watch(input.runId, answer) });
  }

  #watch(runId: string, answer: http.ServerResponse): AbortSignal {
    const abort = new AbortController();
    answer.on('close', () => {
      if (!answer.writableFinished) this.closed.push(runId);
      abort.abort();
    });
    return abort.signal;
  }

  async #play(script: Script, run: Run): Promise<void> {
    const { answer, input } = run;
    const encoder = new EventEncoder({ accept: 'text/event-stream' });
    for await (const event of script(run)) {
      if (run.signal.aborted) return;
      if (!answer.headersSent) answer.writeHead(200, { 'content-type': encoder.getContentType() });
      if (typeof event === 'string') {
        answer.write(event);
        continue;
      }
      const { outcome } = event as { outcome?: { type: string; interrupts?: Interrupt[] } };
      if (outcome?.type === 'interrupt')
        this.#waiting.set(input.threadId, { script, interrupts: outcome.interrupts ?? [] });
      if (event.type === EventType.CUSTOM) this.#waiting.set(input.threadId, { script, interrupts: [] });
      answer.write(encoder.encodeSSE(event));
    }
    answer.end();
  }
}

function refuse(answer: http.ServerResponse, status: number, detail: string): void {
  answer.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ detail }));
}

/** Answers by interrupt; that of an older client, which names none, stands under an empty name. */
function answersOf({ resume, forwardedProps }: RunAgentInput): Map<string, unknown> {
  const answers = new Map<string, unknown>(
    (resume ?? []).map(({ interruptId, status, payload }) => [
      interruptId,
      status === 'resolved' ? payload : undefined,
    ]),
  );
  const command = (forwardedProps as { command?: { resume?: unknown } } | undefined)?.command;
  if (command !== undefined) answers.set('', command.resume);
  return answers;
}

const event = (type: EventType, fields: object = {}): BaseEvent => ({ type, ...fields });
const started = ({ input: { threadId, runId } }: Run): BaseEvent => event(EventType.RUN_STARTED, { threadId, runId });
const finished = ({ input: { threadId, runId } }: Run, outcome?: object): BaseEvent =>
  event(EventType.RUN_FINISHED, { threadId, runId, ...(outcome === undefined ? {} : { outcome }) });

function* says(messageId: string, ...deltas: string[]): Generator<BaseEvent> {
  yield event(EventType.TEXT_MESSAGE_START, { messageId, role: 'assistant' });
  for (const delta of deltas) yield event(EventType.TEXT_MESSAGE_CONTENT, { messageId, delta });
  yield event(EventType.TEXT_MESSAGE_END, { messageId });
}

function* calls(toolCallId: string, toolCallName: string, args: object): Generator<BaseEvent> {
  const text = JSON.stringify(args);
  yield event(EventType.TOOL_CALL_START, { toolCallId, toolCallName });
  yield event(EventType.TOOL_CALL_ARGS, { toolCallId, delta: text.slice(0, 5) });
  yield event(EventType.TOOL_CALL_ARGS, { toolCallId, delta: text.slice(5) });
  yield event(EventType.TOOL_CALL_END, { toolCallId });
}

const result = (toolCallId: string, content: string): BaseEvent =>
  event(EventType.TOOL_CALL_RESULT, { messageId: `${toolCallId}-result`, toolCallId, content });

function* talk(run: Run): Generator<BaseEvent> {
  const { runId, state } = run.input;
  yield started(run);
  yield event(EventType.STEP_STARTED, { stepName: 'look up' });
  yield event(EventType.RAW, { event: { delta: SPLIT_SECRET.join('') }, source: 'framework' });
  yield* calls(`${runId}-call`, 'lookup', { city: 'Riga' });
  yield result(`${runId}-call`, '21 degrees');
  yield event(EventType.STEP_FINISHED, { stepName: 'look up' });
  const visits = Number((state as { visits?: number } | undefined)?.visits ?? 0);
  yield event(EventType.STATE_SNAPSHOT, { snapshot: { visits, plan: [{ id: '1', text: 'look', status: 'pending' }] } });
  yield event(EventType.STATE_DELTA, {
    delta: [
      { op: 'replace', path: '/plan/0/status', value: 'completed' },
      { op: 'replace', path: '/visits', value: visits + 1 },
    ],
  });
  yield* says(`${runId}-said`, 'It is ', '21 degrees', ' in Riga.');
  yield finished(run, { type: 'success' });
}

const asks = (names: readonly string[], more: (name: string) => object = () => ({})): Script =>
  function* ask(run) {
    const { threadId, runId } = run.input;
    yield started(run);
    if (run.answers.size === 0) {
      for (const name of names) yield* calls(`${threadId}-${name}`, name, { path: `${name}.md` });
      const interrupts = names.map((name) => ({
        id: `ask-${name}`,
        reason: 'tool_call',
        message: `May I ${name}?`,
        toolCallId: `${threadId}-${name}`,
        ...more(name),
      }));
      yield finished(run, { type: 'interrupt', interrupts });
      return;
    }
    for (const name of names)
      yield result(`${threadId}-${name}`, JSON.stringify(run.answers.get(`ask-${name}`) ?? 'cancelled'));
    yield* says(`${runId}-said`, 'done with ', names.join(' and '));
    yield finished(run);
  };

const FORM = { type: 'object', properties: { city: { type: 'string', minLength: 2 } }, required: ['city'] };

function* askForm(run: Run): Generator<BaseEvent> {
  yield started(run);
  const interrupt = { id: 'form', reason: 'input_required', message: 'Which city?', responseSchema: FORM };
  if (run.answers.size === 0) return yield* [finished(run, { type: 'interrupt', interrupts: [interrupt] })];
  yield* says(`${run.input.runId}-said`, JSON.stringify(run.answers.get('form') ?? 'cancelled'));
  yield finished(run, { type: 'success' });
}

/** What LangGraph's adapters send unless told to use the protocol's own form. */
function* askOldWay(run: Run): Generator<BaseEvent> {
  yield started(run);
  const value = JSON.stringify({ action: 'publish', args: { path: 'old.md' }, question: 'Publish it?' });
  if (run.answers.size === 0) yield event(EventType.CUSTOM, { name: 'on_interrupt', value });
  else yield* says(`${run.input.runId}-said`, JSON.stringify(run.answers.get('')));
  yield finished(run);
}

async function* work(run: Run): AsyncGenerator<BaseEvent> {
  yield started(run);
  yield event(EventType.TEXT_MESSAGE_START, { messageId: `${run.input.runId}-work`, role: 'assistant' });
  for (let at = 0; !run.signal.aborted; at++) {
    yield event(EventType.TEXT_MESSAGE_CONTENT, { messageId: `${run.input.runId}-work`, delta: `${at} ` });
    await wait(20);
  }
}

/** Works for a while, so that something can come in between. */
async function* workABit(run: Run): AsyncGenerator<BaseEvent> {
  yield started(run);
  await wait(400, undefined, { signal: run.signal }).catch(() => undefined);
  yield* says(`${run.input.runId}-said`, 'worked');
  yield finished(run);
}

/** Whatever changes messages and state. */
function* everyKind(run: Run): Generator<BaseEvent> {
  const { runId } = run.input;
  yield started(run);
  yield event(EventType.REASONING_START, { messageId: `${runId}-span` });
  yield event(EventType.REASONING_MESSAGE_START, { messageId: `${runId}-thought`, role: 'reasoning' });
  yield event(EventType.REASONING_MESSAGE_CONTENT, { messageId: `${runId}-thought`, delta: 'Let me see.' });
  yield event(EventType.REASONING_MESSAGE_END, { messageId: `${runId}-thought` });
  yield event(EventType.REASONING_END, { messageId: `${runId}-span` });
  yield event(EventType.TEXT_MESSAGE_START, { messageId: `${runId}-said`, role: 'assistant', metadata: { a: 1 } });
  yield event(EventType.TEXT_MESSAGE_CONTENT, { messageId: `${runId}-said`, delta: 'I look.', metadata: { b: 2 } });
  yield event(EventType.TEXT_MESSAGE_END, { messageId: `${runId}-said` });
  for (const name of ['one', 'two']) {
    const toolCallId = `${runId}-${name}`;
    yield event(EventType.TOOL_CALL_START, { toolCallId, toolCallName: name, parentMessageId: `${runId}-said` });
    yield event(EventType.TOOL_CALL_ARGS, { toolCallId, delta: '{}' });
    yield event(EventType.TOOL_CALL_END, { toolCallId });
  }
  yield* says(`${runId}-meanwhile`, 'Meanwhile …');
  yield result(`${runId}-two`, '2');
  yield result(`${runId}-one`, '1');
  yield event(EventType.STATE_SNAPSHOT, { snapshot: { list: ['a'], 'a/b': { '~': 1 } } });
  yield event(EventType.STATE_DELTA, {
    delta: [
      { op: 'add', path: '/list/-', value: 'c' },
      { op: 'add', path: '/list/1', value: 'b' },
      { op: 'replace', path: '/a~1b/~0', value: 2 },
      { op: 'copy', from: '/list', path: '/copied' },
      { op: 'move', from: '/list/0', path: '/moved' },
      { op: 'remove', path: '/list/0' },
    ],
  });
  yield event(EventType.STATE_DELTA, {
    delta: [
      { op: 'test', path: '/moved', value: 'something else' },
      { op: 'remove', path: '/moved' },
    ],
  });
  yield finished(run, { type: 'success' });
}

const until = (signal: AbortSignal): Promise<unknown> => once(signal, 'abort');

async function* neverBegin(run: Run): AsyncGenerator<string> {
  yield ': wait\n\n';
  await until(run.signal);
}

const odd = (...lines: string[]): Script =>
  async function* oddly(run) {
    yield started(run);
    yield* lines;
    await until(run.signal);
  };

const SCRIPTS: Readonly<Record<string, Script>> = {
  talk,
  'of every kind': everyKind,
  work,
  'work a bit': workABit,
  'ask once': asks(['publish'], () => ({ metadata: { approveWithEdits: true, risk: 'high' } })),
  'ask twice': asks(['publish', 'delete']),
  'ask soon': asks(['publish'], () => ({ expiresAt: new Date(Date.now() + 1000).toISOString() })),
  'ask form': askForm,
  'ask, then never begin': (run) => (run.answers.size === 0 ? askForm(run) : neverBegin(run)),
  'ask the old way': askOldWay,
  secret: function* secret(run) {
    yield started(run);
    yield* says(`${run.input.runId}-said`, `the key is ${SPLIT_SECRET[0]}`, `${SPLIT_SECRET[1]} and works`);
    yield event(EventType.STATE_SNAPSHOT, { snapshot: { api_key: SPLIT_SECRET.join('') } });
    yield finished(run);
  },
  'never begin': neverBegin,
  'begin another run': async function* another(run) {
    yield event(EventType.RUN_STARTED, { threadId: run.input.threadId, runId: 'another' });
    await until(run.signal);
  },
  garbage: odd('data: {"type": nonsense\n\n'),
  'an invalid event': odd('data: {"type":"TEXT_MESSAGE_CONTENT","messageId":7}\n\n'),
  'a huge event': odd(`data: {"type":"CUSTOM","name":"huge","value":"${'x'.repeat(1024 * 1024)}"}\n\n`),
  silence: odd(),
  'break off': async function* breakOff(run) {
    yield started(run);
    await wait(50);
    run.answer.destroy();
  },
  'fail politely': function* fail(run) {
    yield started(run);
    yield* says(`${run.input.runId}-said`, 'I try');
    yield event(EventType.RUN_ERROR, { message: 'the model is out', code: 'model' });
  },
  'refuse at once': function* refuseAtOnce(run) {
    yield started(run);
    yield event(EventType.RUN_ERROR, { message: 'not today' });
  },
  'status 500': function* status(run) {
    refuse(run.answer, 500, 'internal');
    yield* [];
  },
  html: function* html(run) {
    run.answer.writeHead(200, { 'content-type': 'text/html' });
    yield '<h1>Hello</h1>';
  },
};
