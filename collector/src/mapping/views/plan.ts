import type { EventContent, PlanRevision, PlanView } from '@signalbox/event-model';
import { runIdOf } from '../../telemetry/time.ts';
import type { DerivedEvent } from '../derivation.ts';
import { isUnchanged, planChange } from '../plan-change.ts';
import { CauseFinder } from './plan-cause.ts';
import type { RunPart } from './run-part.ts';

type PlanContent = Extract<EventContent, { kind: 'plan_update' }>;

/** The plans of a task over all its parts: how they stand, and how they came to. */
export function toPlanView(parts: readonly RunPart[], until: PlanMoment | null = null): PlanView {
  const revisions: PlanRevision[] = [];
  const latest = new Map<string, PlanRevision>();
  for (const { traceId, derivation } of parts) {
    const writes = derivation.events.filter((event) => event.type === 'plan_update' && isBefore(event, until));
    const causes = new CauseFinder(derivation.events);
    for (const event of writes) {
      const revision = toRevision(event, { traceId, causes, latest });
      if (revision === null) continue;
      revisions.push(revision);
      latest.set(event.actor.name, revision);
    }
  }
  return {
    runId: runIdOf(parts.at(-1)?.traceId ?? ''),
    items: [...latest].flatMap(([owner, { items }]) => items.map((item) => ({ ...item, owner }))),
    revisions,
  };
}

/** The last moment a view looks at: `id` breaks a tie between events of one time. */
export interface PlanMoment {
  startedAt: string;
  id: string | null;
}

/** The moment of an event of the task; null when it has none of that id. */
export function momentOf(parts: readonly RunPart[], eventId: string): PlanMoment | null {
  const event = parts.flatMap(({ derivation }) => derivation.events).find(({ id }) => id === eventId);
  return event === undefined ? null : { startedAt: event.startedAt, id: event.id };
}

function isBefore({ startedAt, id }: DerivedEvent, until: PlanMoment | null): boolean {
  if (until === null || startedAt < until.startedAt) return true;
  return startedAt === until.startedAt && (until.id === null || id <= until.id);
}

interface Surroundings {
  traceId: string;
  causes: CauseFinder;
  latest: ReadonlyMap<string, PlanRevision>;
}

/** A list equal to the one a part before ended with is no revision of the task. */
function toRevision(event: DerivedEvent, { traceId, causes, latest }: Surroundings): PlanRevision | null {
  const content = event.content();
  if (content.kind !== 'plan_update') return null;
  const before = latest.get(event.actor.name);
  const change = before === undefined ? content.change : planChange(before.items, content.items);
  if (before !== undefined && isUnchanged(change) && content.reason === null) return null;
  const cause = causes.causeOf(event, before?.at ?? null);
  return {
    eventId: event.id,
    runId: runIdOf(traceId),
    number: (before?.number ?? 0) + 1,
    actor: event.actor,
    at: event.startedAt,
    items: content.items,
    change,
    ...reasonOf(content, cause.text),
    causeEventId: cause.eventId,
  };
}

function reasonOf(content: PlanContent, inferred: string | null): Pick<PlanRevision, 'reason' | 'reasonBasis'> {
  if (content.reason !== null) return { reason: content.reason, reasonBasis: content.reasonBasis ?? 'given' };
  return { reason: inferred, reasonBasis: inferred === null ? null : 'inferred' };
}
