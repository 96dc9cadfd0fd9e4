import { randomUUID } from 'node:crypto';
import { traceIdOf } from '../../../telemetry/time.ts';
import type { ControlDesk } from '../../control-desk.ts';
import type { ControlStore } from '../../control-store.ts';
import { shownOf } from '../langgraph/questions.ts';
import type { AgUiStore, StoredRun } from './ag-ui-store.ts';
import type { Conversation } from './conversation.ts';
import { RUNTIME } from './presence.ts';
import type { Pause } from './questions.ts';
import { keysOf } from './recorded-events.ts';
import { RunDriver, type Outcome, type SentRun } from './run-driver.ts';
import { LAST, RunRecorder, type RecorderParts } from './run-recorder.ts';
import { ThreadMemory } from './thread-memory.ts';
import { untilDone } from './until-done.ts';

/** Parts of the keeper. */
export interface RunKeeperOptions extends RecorderParts {
  agents: readonly { name: string; url: string }[];
  runs: AgUiStore;
  store: ControlStore;
  desk: () => Pick<ControlDesk, 'open'>;
  /** Takes secrets out of what is kept. */
  redact: (value: unknown) => unknown;
  /** False where nothing of what was said may be stored. */
  keepsContent: boolean;
  idleMs: number;
  /** Something about commands changed. */
  changed: () => void;
  /** A run is over: what waited for it goes on. */
  returned: (agent: string) => void;
}

const ROUND_MS = 2_000;
/** Rounds after which the questions of runs that paused lately are asked again: a collector may have died in between. */
const ASK_AGAIN_EVERY = 10;
const UNCONFIRMED =
  'The collector that sent it ended before the agent confirmed it. Whether the agent took it is not known, so it is not sent again.';

/**
 * The runs this collector drives. Each is written down before it is sent and belongs to the collector whose lease is
 * fresh; runs of a collector that fell silent are given up, because a stream cannot be joined again.
 */
export class RunKeeper {
  readonly #options: RunKeeperOptions;
  readonly #owner = randomUUID();
  readonly #drivers = new Map<string, RunDriver>();
  readonly #stops = new Map<string, string[]>();
  readonly #work = new Set<Promise<void>>();
  readonly #memory = new ThreadMemory();
  readonly #abort = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();
  #rounds = 0;

  constructor(options: RunKeeperOptions) {
    this.#options = options;
  }

  start(): void {
    const round = (): void => {
      this.#round = this.#round.then(() => this.#look()).catch(this.#options.report);
    };
    round();
    this.#timer = setInterval(round, ROUND_MS).unref();
  }

  /** Runs under way end as lost: nobody can join their streams again. */
  async stop(deadlineMs: number): Promise<void> {
    clearInterval(this.#timer);
    for (const driver of this.#drivers.values())
      driver.close('lost', 'The connection to the agent was lost: the collector was stopped.');
    const timer = setTimeout(() => this.#abort.abort(), Math.max(0, deadlineMs - Date.now()));
    await Promise.all([...this.#work, this.#round]);
    clearTimeout(timer);
    this.#abort.abort();
  }

  /** Sends a run unless another one of its thread is not over; its stream is followed from then on. */
  async send(run: SentRun, commands: string[]): Promise<'sent' | 'busy' | 'known' | 'moved'> {
    const { runs, store } = this.#options;
    const { id, threadId, parentId, resume, agent } = run;
    const draft = { id, agent: agent.name, threadId, parentId, isResume: resume !== null, commands };
    const claim = await runs.claim(draft, this.#owner);
    if ('refused' in claim) return claim.refused;
    await store.linkRun(RUNTIME, agent.name, id, false);
    const conversation = this.#memory.recall(agent.name, threadId, claim);
    const work = this.#drive(run, commands, conversation)
      .catch(this.#options.report)
      .finally(() => this.#work.delete(work));
    this.#work.add(work);
    return 'sent';
  }

  /** Closes the connection of a run; false when it is not driven here. */
  close(runId: string, why: string, commandId: string): boolean {
    const driver = this.#drivers.get(runId);
    if (driver === undefined) return false;
    this.#stops.set(runId, [...(this.#stops.get(runId) ?? []), commandId]);
    driver.close('stopped', why);
    return true;
  }

  async #drive(run: SentRun, commands: string[], conversation: Conversation): Promise<void> {
    const { runs, idleMs } = this.#options;
    const driver = new RunDriver({
      run,
      conversation,
      idleMs,
      recorder: new RunRecorder(this.#options, this.#abort.signal),
      hooks: {
        accepted: () => this.#advance(commands, 'delivered', 'the agent accepted the request'),
        begun: async () => {
          await untilDone(this.#tries, () => runs.begun(run.id, this.#owner));
          await this.#advance(commands, 'acked', 'RUN_STARTED');
          await this.#advance(commands, 'effective', `the agent began the run ${run.id}`);
        },
      },
    });
    this.#drivers.set(run.id, driver);
    const outcome = await driver.drive();
    this.#drivers.delete(run.id);
    await untilDone(this.#tries, () => this.#settle(run, driver, outcome));
    await this.#tell(run, commands, outcome);
    this.#options.returned(run.agent.name);
    this.#options.changed();
  }

  async #settle(run: SentRun, driver: RunDriver, { status, problem, pauses }: Outcome): Promise<void> {
    const { runs, store, redact, keepsContent } = this.#options;
    const agent = run.agent.name;
    if (status === 'unsent' && run.parentId !== null) return runs.unclaim(run.id, this.#owner);
    const said = driver.hasBegun ? driver.conversation : null;
    const asked = pauses.map((pause) => cleanPause(pause, redact));
    const version = await runs.end(run.id, this.#owner, {
      status: status === 'unsent' ? 'failed' : status,
      problem: problem === null ? null : String(redact(problem)),
      pauses: asked,
      conversation: said === null || !keepsContent ? null : (redact(said) as Conversation),
    });
    // Another collector gave it up: what became of it is told there.
    if (version === null) return;
    if (said !== null) this.#memory.keep(agent, run.threadId, { conversation: said, version });
    await untilDone(this.#tries, async () => {
      await store.linkRun(RUNTIME, agent, run.id, status !== 'paused');
      await this.#ask({ id: run.id, agent, threadId: run.threadId, pauses: asked });
    });
  }

  /** What became of the commands that travelled with the run, and of those that ended it. */
  async #tell(run: SentRun, commands: string[], { status, problem, isRefusal }: Outcome): Promise<void> {
    const isUnsent = status === 'unsent' && run.parentId !== null;
    if (!isUnsent && (isRefusal || problem !== null)) {
      const words = problem === null ? null : String(this.#options.redact(problem));
      for (const id of commands) {
        const command = await this.#options.store.command(id);
        if (command !== null && (isRefusal || command.state !== 'effective'))
          await this.#options.store.advance(id, 'failed', null, words);
      }
    }
    const stops = this.#stops.get(run.id) ?? [];
    this.#stops.delete(run.id);
    await this.#advance(stops, 'delivered', 'the connection to the agent is closed');
    await this.#advance(
      stops,
      'effective',
      status === 'stopped'
        ? 'the connection is closed and nothing more is taken from it; the protocol has no answer to that, so a tool may still be at work'
        : `the run had ended already: ${status}`,
    );
  }

  /** Opens an approval for each question; one that is open already stays as it is. */
  async #ask(run: Pick<StoredRun, 'id' | 'agent' | 'threadId' | 'pauses'>): Promise<void> {
    for (const { expiresAt, questions } of run.pauses) {
      const until = expiresAt === null ? Number.NaN : Date.parse(expiresAt);
      for (const question of questions) {
        await this.#options.desk().open({
          runtime: RUNTIME,
          target: run.agent,
          externalId: `${run.id}:${question.externalId}`,
          traceId: traceIdOf(run.id),
          sessionId: run.threadId,
          workflow: run.agent,
          agent: run.agent,
          ...shownOf(question),
          timeoutMs: Number.isNaN(until) ? null : Math.max(1, until - Date.now()),
          keys: keysOf(run, question),
        });
      }
    }
  }

  async #look(): Promise<void> {
    const { runs, agents } = this.#options;
    const own = new Set(await runs.renew(this.#owner));
    const names = agents.map(({ name }) => name);
    const round = this.#rounds++;
    const isDue = round % ASK_AGAIN_EVERY === 0;
    // What is wrong with one run keeps no other one waiting.
    for (const run of isDue ? await runs.paused(names, round === 0 ? 'ever' : 'lately') : [])
      await this.#ask(run).catch(this.#options.report);
    for (const run of await runs.lost(names)) await this.#giveUp(run).catch(this.#options.report);
    for (const [id, driver] of this.#drivers)
      if (!own.has(id) && (await runs.run(id))?.status === 'lost') driver.close('lost', 'Another collector took over.');
  }

  /** Writes down how a run ended that nobody drives. */
  async #giveUp({ id, agent, threadId, status, endedAt, commands }: StoredRun): Promise<void> {
    const { consumer, toRecord, runs, store, returned } = this.#options;
    const message =
      status === 'stopped'
        ? 'The run was stopped while it waited for people.'
        : 'The connection to the agent was lost: the collector that held it ended.';
    const event = { type: 'RUN_ERROR', message, code: status };
    const atNs = BigInt(endedAt?.getTime() ?? 0) * 1_000_000n;
    const record = toRecord({ agent, threadId, runId: id, seq: LAST, atNs, event });
    await consumer.consume({ spans: [], logs: [record], metrics: [] });
    await store.linkRun(RUNTIME, agent, id, true);
    await runs.told(id);
    if (commands.length > 0) returned(agent);
  }

  async #advance(ids: readonly string[], state: 'delivered' | 'acked' | 'effective', evidence: string): Promise<void> {
    for (const id of ids) await untilDone(this.#tries, () => this.#options.store.advance(id, state, evidence));
    if (ids.length > 0) this.#options.changed();
  }

  get #tries(): { signal: AbortSignal; report: (error: unknown) => void } {
    return { signal: this.#abort.signal, report: this.#options.report };
  }
}

/** Why a command that travels with a run that is over did not get further; null while the run may still tell. */
export function fateOf(
  run: StoredRun,
): { state: 'effective' | 'failed'; evidence: string | null; problem?: string } | null {
  if (run.status === 'sent' || run.status === 'open') return null;
  if (run.begun) return { state: 'effective', evidence: `the agent began the run ${run.id}` };
  return { state: 'failed', evidence: null, problem: run.problem ?? UNCONFIRMED };
}

function cleanPause(pause: Pause, redact: (value: unknown) => unknown): Pause {
  // The ids are what the agent will be answered by.
  const { interruptId, questions } = pause;
  const clean = redact({ ...pause, interruptId: '', questions: [] }) as Pause;
  return {
    ...clean,
    interruptId,
    questions: questions.map((question) => {
      const { externalId } = question;
      return {
        ...(redact({ ...question, externalId: '', interruptId: '' }) as typeof question),
        externalId,
        interruptId,
      };
    }),
  };
}
