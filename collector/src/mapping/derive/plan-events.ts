import type { PlanChange, PlanItem } from '@signalbox/event-model';
import type { DerivedEvent, StateFact } from '../derivation.ts';
import { isUnchanged, planChange } from '../plan-change.ts';
import { asList } from '../reading/coerce.ts';
import { digest } from '../reading/identifiers.ts';
import type { PlanWrite } from './plan-writes.ts';
import { sessionOf, toEvent, type Scene } from './scene.ts';

const KIND = 'plan_state';

/**
 * Plan revisions of the trace: what each write changed against the list before it, which may stem from an earlier run of
 * the session. A list equal to the one before is no revision.
 */
export function planEvents(scene: Scene, writes: readonly PlanWrite[]): DerivedEvent[] {
  const plans = new Map<string, PlanItem[]>();
  const events: DerivedEvent[] = [];
  for (const write of writes) {
    const key = planKey(scene, write);
    const before = plans.get(key) ?? earlierPlan(scene, key);
    const after = write.apply(before);
    if (after === null) continue;
    const change = planChange(before, after);
    if (isUnchanged(change)) continue;
    plans.set(key, after);
    events.push(planEvent(scene, write, after, change));
  }
  return events;
}

function planKey(scene: Scene, write: PlanWrite): string {
  return `plan:${digest(sessionOf(scene, write.span), write.actor.name).slice(0, 32)}`;
}

function earlierPlan(scene: Scene, key: string): PlanItem[] {
  const state = scene.foreign.find((fact) => fact.kind === KIND && fact.key === key);
  return asList(state?.data['items']) as PlanItem[];
}

/** How each plan of the trace stands at its end, for later runs of the session; only plans known from their start. */
export function planStates(scene: Scene, writes: readonly PlanWrite[]): StateFact[] {
  const owned = Map.groupBy(
    writes.filter((write) => sessionOf(scene, write.span) !== scene.traceId),
    (write) => planKey(scene, write),
  );
  return [...owned].flatMap(([key, own]) => {
    let items: PlanItem[] = [];
    for (const write of own) items = write.apply(items) ?? items;
    const [first] = own;
    const isWhole = own.some((write) => write.whole) || items[0]?.id === '1';
    if (first === undefined) return [];
    const data = isWhole && items.length > 0 ? { items } : null;
    return [{ key, kind: KIND, traceId: scene.traceId, atNs: first.atNs, data }];
  });
}

function planEvent(scene: Scene, write: PlanWrite, items: PlanItem[], change: PlanChange): DerivedEvent {
  const done = items.filter((item) => item.status === 'completed').length;
  const current = items.find((item) => item.status === 'in_progress')?.text ?? items[0]?.text ?? 'empty plan';
  return toEvent(scene, {
    id: write.id,
    type: 'plan_update',
    span: write.span,
    parentId: write.parentId,
    actor: write.actor,
    status: 'completed',
    startNs: write.atNs,
    endNs: write.atNs,
    summary: `${done}/${items.length} done · ${current}`,
    text: items.map((item) => item.text).join(' · '),
    convention: write.convention,
    basis: write.basis,
    content: () => ({
      kind: 'plan_update',
      items,
      change,
      reason: write.reason,
      reasonBasis: write.reason === null ? null : 'given',
    }),
  });
}
