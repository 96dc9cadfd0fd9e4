import type {
  Approval,
  ApprovalPage,
  BatchDecisionAnswer,
  BatchDecisionRequest,
  Command,
  DecisionRequest,
  EventPage,
  ExtendRequest,
  PlanView,
  PolicyState,
  RunControl,
  StopPreview,
  StopRequest,
  TaskRequest,
} from '@signalbox/event-model';
import { CollectorHttp, type CollectorTransport } from './collector-http.ts';
import { CollectorError } from './problem.ts';

/** Who the collector takes the visitor for. */
export interface Visitor {
  login: string;
  name: string;
}

/** Which approvals to read; statuses are those of {@link Approval}. */
export interface ApprovalsRequest {
  status?: readonly string[];
  run?: string;
  decidedBy?: string;
  limit?: number;
}

/** What became of a decision that was taken in: the command, or one vote of several. */
export type DecisionAnswer = { command: Command } | { command: null; approval: Approval };

/** Result of stopping one run of many. */
export interface StopResult {
  runId: string;
  command: Command | null;
  problem: { detail?: string; title: string; code: string } | null;
}

/** A change of a run's plan, as a proposal to its agent. */
export interface PlanChangeRequest {
  change: 'cancel' | 'reorder';
  /** Ids of the items to leave out, or of the whole plan in the order it should have. */
  items: string[];
  idempotencyKey: string;
}

interface Session {
  user: Visitor;
  csrfToken: string;
}

/** An order that has no answer by then is not known to have arrived, and the person must be told. */
const PATIENCE_MS = 15_000;

/** What people order: decisions, stops, tasks; and what became of it. Commands go only where the app's own routes lead. */
export class ControlApi {
  readonly base: string;
  readonly #http: CollectorHttp;
  #session: Promise<Session> | null = null;

  constructor(base: string, transport: CollectorTransport) {
    this.#http = new CollectorHttp(base, transport);
    this.base = this.#http.base;
  }

  approvals(request: ApprovalsRequest, signal?: AbortSignal): Promise<ApprovalPage> {
    const params = new URLSearchParams();
    if (request.status) params.set('status', request.status.join(','));
    if (request.run) params.set('run', request.run);
    if (request.decidedBy) params.set('decidedBy', request.decidedBy);
    params.set('limit', String(request.limit ?? 100));
    return this.#http.get<ApprovalPage>('/api/approvals', params, signal);
  }

  approval(id: string, signal?: AbortSignal): Promise<Approval> {
    return this.#http.get<Approval>(`/api/approvals/${encodeURIComponent(id)}`, undefined, signal);
  }

  async decide(id: string, request: DecisionRequest): Promise<DecisionAnswer> {
    const path = `/api/approvals/${encodeURIComponent(id)}/decision`;
    const answer = await this.#post<Command | { command: null; approval: Approval }>(path, request);
    return 'command' in answer ? answer : { command: answer };
  }

  /** One answer to several requests: all are decided, or none. */
  decideTogether(request: BatchDecisionRequest): Promise<BatchDecisionAnswer> {
    return this.#post<BatchDecisionAnswer>('/api/approvals/decisions', request);
  }

  /** Puts off the end of a request. */
  extend(id: string, request: ExtendRequest): Promise<Command> {
    return this.#post<Command>(`/api/approvals/${encodeURIComponent(id)}/extend`, request);
  }

  runControl(runId: string, signal?: AbortSignal): Promise<RunControl> {
    return this.#http.get<RunControl>(`/api/runs/${encodeURIComponent(runId)}/control`, undefined, signal);
  }

  stop(runId: string, request: StopRequest): Promise<Command> {
    return this.#post<Command>(`/api/runs/${encodeURIComponent(runId)}/stop`, request);
  }

  /** Takes back what a run asks for and refuses what it asks later: what can be done where its agent cannot stop. */
  bar(runId: string, request: StopRequest): Promise<Command> {
    return this.#post<Command>(`/api/runs/${encodeURIComponent(runId)}/bar`, request);
  }

  /** The runs that {@link stopMany} would reach now; null where the collector is too old to tell. */
  stopPreview(workflow: string | null, signal?: AbortSignal): Promise<StopPreview | null> {
    const params = new URLSearchParams(workflow === null ? { everything: 'true' } : { workflow });
    return knownOrNull(this.#http.get<StopPreview>('/api/stop', params, signal));
  }

  /** The policy in force; null where the collector is too old to tell. */
  policy(signal?: AbortSignal): Promise<PolicyState | null> {
    return knownOrNull(this.#http.get<PolicyState>('/api/policy', undefined, signal));
  }

  /** Stops every run of a workflow, or with null every run there is. */
  async stopMany(workflow: string | null, request: StopRequest): Promise<StopResult[]> {
    const scope = workflow === null ? { everything: true } : { workflow };
    return (await this.#post<{ results: StopResult[] }>('/api/stop', { ...scope, ...request })).results;
  }

  addTask(runId: string, request: TaskRequest): Promise<Command> {
    return this.#post<Command>(`/api/runs/${encodeURIComponent(runId)}/tasks`, request);
  }

  /** The plans of a run as they stand, with their revisions; without items where nobody plans, or an old collector. */
  async plan(runId: string, signal?: AbortSignal): Promise<PlanView> {
    const path = `/api/runs/${encodeURIComponent(runId)}/plan`;
    const plan = await knownOrNull(this.#http.get<PlanView>(path, undefined, signal));
    return plan ?? { runId, items: [], revisions: [] };
  }

  /** Changes with every revision of a run's plan; cheap, where the plan itself is dear to make. */
  async planMark(runId: string, signal?: AbortSignal): Promise<string> {
    const params = new URLSearchParams({ run: runId, type: 'plan_update', order: 'newest', limit: '1' });
    const { events } = await this.#http.get<EventPage>('/api/events', params, signal);
    return events.map(({ id, revision }) => `${id}:${revision}`).join();
  }

  changePlan(runId: string, request: PlanChangeRequest): Promise<Command> {
    return this.#post<Command>(`/api/runs/${encodeURIComponent(runId)}/plan`, request);
  }

  command(id: string, signal?: AbortSignal): Promise<Command> {
    return this.#http.get<Command>(`/api/commands/${encodeURIComponent(id)}`, undefined, signal);
  }

  /** Who the visitor is to the collector. */
  async visitor(): Promise<Visitor> {
    return (await this.#knownSession()).user;
  }

  /** A session may have been renewed in another tab; its old token is refused before anything happened. */
  async #post<T>(path: string, body: unknown): Promise<T> {
    try {
      return await this.#postOnce<T>(path, body);
    } catch (error) {
      if (!(error instanceof CollectorError) || error.problem?.code !== 'csrf') throw error;
      this.#session = null;
      return this.#postOnce<T>(path, body);
    }
  }

  async #postOnce<T>(path: string, body: unknown): Promise<T> {
    const { csrfToken } = await this.#knownSession();
    const headers: Record<string, string> = csrfToken === '' ? {} : { 'x-signalbox-csrf': csrfToken };
    return this.#http.post<T>(path, body, { headers, signal: AbortSignal.timeout(PATIENCE_MS) });
  }

  #knownSession(): Promise<Session> {
    this.#session ??= this.#http.get<Session>('/api/session').catch((error: unknown) => {
      this.#session = null;
      throw error;
    });
    return this.#session;
  }
}

/** Collectors of before answer that there is nothing at the address. */
async function knownOrNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof CollectorError && error.kind === 'not_found') return null;
    throw error;
  }
}
