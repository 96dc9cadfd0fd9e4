import type {
  Approval,
  BatchDecisionRequest,
  Command,
  DecisionRequest,
  ExtendRequest,
  MayDecide,
} from '@signalbox/event-model';
import { MARKER } from '../redaction/span.ts';
import { runIdOf } from '../telemetry/time.ts';
import { unfitForBatch } from './batch.ts';
import type { ApprovalDraft, ApprovalQuery, ControlStore, Refusal, StoredApproval } from './control-store.ts';
import { mayExtend, OVER } from './extensions.ts';
import { isApprover, mayDecide, timeLimitMs, votesNeeded, weighRisk, type Asker, type Matter } from './policy.ts';
import type { PolicySource } from './policy-file.ts';
import type { Runtime } from './runtime.ts';
import { FIRST_OF_ITS_KIND, newestFirst, toObserved } from './observed-approvals.ts';
import { requestHash } from './request-hash.ts';
import type { RunFacts } from './run-facts.ts';
import { shownHash } from './shown-hash.ts';

/** A request as a runtime hands it over. */
export type IncomingApproval = Omit<ApprovalDraft, 'shownHash' | 'votesNeeded' | 'risk' | 'riskReasons'> & {
  risk: string | null;
};

const HOLDS_MARKER = new RegExp(MARKER.source);

/** Parts of the desk. */
export interface ControlDeskOptions {
  store: ControlStore;
  runtimes: readonly Runtime[];
  policy: PolicySource;
  facts: RunFacts;
  /** Takes secrets out of what a runtime or a person says, before anything stores it. */
  redact: (value: unknown) => unknown;
  /** The same for what a person gives an agent to work with: e-mail addresses stay, a message to a marker goes nowhere. */
  redactOrder: (value: unknown) => unknown;
  /** Called after each change: the dispatcher and the readers look at once. */
  changed: () => void;
}

/** Why an order is not possible at all. */
export interface Impossible {
  refused: 'forbidden' | 'capability_missing' | 'not_allowed' | 'not_extendable' | 'not_alike' | 'no_runtime';
  reason: string;
  who?: string[];
}

/** Everything people and runtimes do to approvals. */
export class ControlDesk {
  readonly #options: ControlDeskOptions;

  constructor(options: ControlDeskOptions) {
    this.#options = options;
  }

  /** A runtime's request: weighed, stored, shown. */
  async open(request: IncomingApproval): Promise<StoredApproval> {
    const { store, policy, redact } = this.#options;
    const args = redact(request.args);
    const text = (value: string | null): string | null => (value === null ? null : String(redact(value)));
    const { risk, reasons } = weighRisk(policy.current, request);
    const { approval, isNew } = await store.openApproval({
      ...request,
      args,
      question: text(request.question),
      reason: text(request.reason),
      affects: text(request.affects ?? null),
      context: redact(request.context ?? {}) as Record<string, unknown>,
      risk,
      riskReasons: reasons,
      votesNeeded: votesNeeded(policy.current, risk),
      shownHash: shownHash(request.action, args),
      timeoutMs: timeLimitMs(policy.current, risk, request.timeoutMs),
    });
    if (isNew) this.#options.changed();
    return approval;
  }

  async withdraw(ref: { runtime: string; target: string; externalId: string }, reason: string): Promise<void> {
    await this.#options.store.withdraw(ref, String(this.#options.redact(reason)));
    this.#options.changed();
  }

  /** Newest first; those that only telemetry shows stand among them. */
  async approvals(query: ApprovalQuery, asker: Asker): Promise<Approval[]> {
    const { store, facts } = this.#options;
    const wantsObserved = query.decidedBy === undefined && (query.status?.includes('observed') ?? true);
    const [stored, observed] = await Promise.all([
      store.approvals(query),
      wantsObserved ? facts.observed(query) : Promise.resolve([]),
    ]);
    return [...(await this.#shown(stored, asker)), ...observed.map(toObserved)].sort(newestFirst).slice(0, query.limit);
  }

  async approval(id: string, asker: Asker): Promise<Approval | null> {
    const stored = await this.#options.store.approval(id);
    if (stored) return (await this.#shown([stored], asker))[0] ?? null;
    const only = { id, runId: undefined, workflow: undefined, after: undefined, limit: 1 };
    const [observed] = await this.#options.facts.observed(only);
    return observed ? toObserved(observed) : null;
  }

  /** A person's decision. */
  async decide(
    id: string,
    request: DecisionRequest,
    asker: Asker,
  ): Promise<Refusal | Impossible | { command: Command; replayed: boolean } | { vote: Approval }> {
    const { store, policy, redact, redactOrder } = this.#options;
    const stored = await store.approval(id);
    if (!stored) return isApprover(policy.current, asker) ? this.#unanswerable(id, asker) : NO_APPROVER;
    const may = await this.#mayDecide(stored, asker);
    if (!may.allowed) return { refused: 'forbidden', reason: may.reason ?? 'You may not decide this.', who: may.who };
    const fault = stored.status === 'pending' ? await this.#faultIn(stored, request) : null;
    if (fault !== null) return { refused: 'not_allowed', reason: fault };
    const outcome = await store.decide({
      approvalId: id,
      decision: request.decision,
      reason: request.reason === undefined ? null : String(redact(request.reason)),
      args: redactOrder(request.args),
      answer: redactOrder(request.answer),
      shownHash: request.shownHash,
      by: asker.principal,
      idempotencyKey: request.idempotencyKey,
      requestHash: requestHash('decision', id, request),
    });
    if ('command' in outcome || 'vote' in outcome) this.#options.changed();
    if (!('vote' in outcome)) return outcome;
    const [vote] = await this.#shown([outcome.vote], asker);
    return vote ? { vote } : { refused: 'not_found' };
  }

  /** Why an approval cannot be answered like this; null when it can. */
  async #faultIn(stored: StoredApproval, request: DecisionRequest): Promise<string | null> {
    if (!stored.allowedDecisions.includes(request.decision))
      return `This request can be answered with ${stored.allowedDecisions.join(', ')}, not with ${request.decision}.`;
    if (request.args !== undefined && HOLDS_MARKER.test(JSON.stringify(request.args)))
      return 'The edited arguments still hold a [redacted:…] mark, which the agent would take for the value. Write the value out.';
    return (await this.#runtimeOf(stored.runtime)?.faultIn?.(stored.externalId, request)) ?? null;
  }

  /** Nothing of this id can be answered: it is only observed, or not there. */
  async #unanswerable(id: string, asker: Asker): Promise<Refusal | Impossible> {
    const reason = (await this.approval(id, asker))?.mayDecide.reason;
    return typeof reason === 'string' ? { refused: 'no_runtime', reason } : { refused: 'not_found' };
  }

  /** One answer to several requests alike: all are decided, or none. */
  async decideAll(
    request: BatchDecisionRequest,
    asker: Asker,
  ): Promise<{ commands: Command[] } | { refusal: Refusal | Impossible; subject: string | null }> {
    const { store, policy, redact } = this.#options;
    if (!isApprover(policy.current, asker)) return { refusal: NO_APPROVER, subject: null };
    const stored = await Promise.all(request.items.map(({ id }) => store.approval(id)));
    const unfit = unfitForBatch(request, stored);
    if (unfit !== null) return unfit;
    for (const approval of stored as StoredApproval[]) {
      const may = await this.#mayDecide(approval, asker);
      const reason = may.reason ?? 'You may not decide this.';
      if (!may.allowed) return { refusal: { refused: 'forbidden', reason, who: may.who }, subject: approval.id };
    }
    const { decision, items, idempotencyKey, reason } = request;
    const outcome = await store.decideAll({
      decision,
      items,
      idempotencyKey,
      reason: reason === undefined ? null : String(redact(reason)),
      by: asker.principal,
      requestHash: requestHash('decisions', '', request),
    });
    if ('commands' in outcome) this.#options.changed();
    return outcome;
  }

  /** Puts the end of a request off, where the policy lets whoever may decide do so. */
  async extend(
    id: string,
    { idempotencyKey }: ExtendRequest,
    asker: Asker,
  ): Promise<Refusal | Impossible | { command: Command; replayed: boolean }> {
    const { store, policy } = this.#options;
    const stored = await store.approval(id);
    if (!stored) return isApprover(policy.current, asker) ? { refused: 'not_found' } : NO_APPROVER;
    const may = await this.#mayDecide(stored, asker);
    if (!may.allowed) return { refused: 'forbidden', reason: may.reason ?? 'You may not decide this.', who: may.who };
    const { allowed, minutes, reason } = mayExtend(policy.current, stored, may);
    // Of what is settled or over the database tells, with by whom and when.
    if (!allowed && stored.status === 'pending' && reason !== OVER)
      return { refused: 'not_extendable', reason: reason ?? 'It cannot be put off.' };
    const by = asker.principal;
    const outcome = await store.extend({
      approvalId: id,
      minutes,
      by,
      idempotencyKey,
      requestHash: requestHash('extend', id, {}),
    });
    if ('command' in outcome) this.#options.changed();
    return outcome;
  }

  #runtimeOf(name: string): Runtime | undefined {
    return this.#options.runtimes.find((each) => each.name === name);
  }

  async #shown(stored: readonly StoredApproval[], asker: Asker): Promise<Approval[]> {
    const { facts, store, policy } = this.#options;
    const [events, similar] = await Promise.all([
      facts.requestEvents(stored.flatMap((approval) => approval.keys)),
      store.similar(stored.map(({ id }) => id)),
    ]);
    return Promise.all(
      stored.map(async (approval) => {
        const may = await this.#mayDecide(approval, asker);
        return {
          ...withoutAddress(approval),
          eventId: approval.keys.map((key) => events.get(key)).find((id) => id !== undefined) ?? null,
          similar: similar.get(approval.id) ?? FIRST_OF_ITS_KIND,
          mayDecide: may,
          mayExtend: mayExtend(policy.current, approval, may),
        };
      }),
    );
  }

  async #mayDecide(approval: StoredApproval, asker: Asker): Promise<MayDecide> {
    const run = approval.runId === null ? null : await this.#options.facts.run(approval.runId);
    const matter: Matter = {
      action: approval.action,
      workflow: run?.workflow ?? approval.workflow,
      risk: approval.risk,
      startedBy: run?.user ?? null,
    };
    return mayDecide(this.#options.policy.current, asker, matter);
  }
}

/** What the runtime calls it is nobody else's business. */
function withoutAddress(approval: StoredApproval): Omit<StoredApproval, 'target' | 'externalId' | 'keys'> {
  const shown: Partial<StoredApproval> & Omit<StoredApproval, 'target' | 'externalId' | 'keys'> = { ...approval };
  delete shown.target;
  delete shown.externalId;
  delete shown.keys;
  return shown;
}

const NO_APPROVER: Impossible = { refused: 'forbidden', reason: 'You may not decide about approvals here.' };

/** UUID form of an agent's trace id; null when it is none. */
export function runIdFrom(traceId: string | null | undefined): string | null {
  return typeof traceId === 'string' && /^[0-9a-f]{32}$/.test(traceId) ? runIdOf(traceId) : null;
}
