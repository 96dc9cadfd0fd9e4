import type { EventDetail, PlanItem, PlanRevision, PlanView } from '@signalbox/event-model';
import { makeEvent } from './stand-in-events.ts';

/** The plans of a run from its plan updates, each agent's by itself, as the collector answers. */
export function toPlanView(runId: string, events: readonly EventDetail[]): PlanView {
  const revisions: PlanRevision[] = [];
  const latest = new Map<string, PlanRevision>();
  const updates = events.filter((event) => event.runId === runId && event.type === 'plan_update');
  updates.sort((left, right) => (left.startedAt < right.startedAt ? -1 : 1));
  for (const { id, actor, startedAt, content } of updates) {
    if (content.kind !== 'plan_update') continue;
    const { items, change, reason, reasonBasis } = content;
    const number = (latest.get(actor.name)?.number ?? 0) + 1;
    const fixed = { eventId: id, runId, number, actor, at: startedAt, causeEventId: null };
    const revision = { ...fixed, items, change, reason, reasonBasis };
    latest.set(actor.name, revision);
    revisions.push(revision);
  }
  const items = [...latest].flatMap(([owner, revision]) => revision.items.map((item) => ({ ...item, owner })));
  return { runId, items, revisions };
}

let updates = 0;

/** A revision of a plan, written at this very moment. */
export function makePlan(items: [id: string, text: string, status: string][], actor = 'Planner'): EventDetail {
  updates += 1;
  const startedAt = new Date().toISOString().replace('Z', '000000Z');
  const list: PlanItem[] = items.map(([id, text, status]) => ({ id, text, status }));
  const change = { added: [], removed: [], changed: [] };
  return makeEvent({
    id: `plan-${updates}`,
    type: 'plan_update',
    atMs: 0,
    actor,
    summary: 'plan revised',
    extra: { startedAt },
    content: { kind: 'plan_update', items: list, change, reason: null, reasonBasis: null },
  });
}
