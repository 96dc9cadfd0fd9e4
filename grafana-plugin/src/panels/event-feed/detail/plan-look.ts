import type { PlanChange } from '@signalbox/event-model';

/** What a revision did to one task. */
export function planItemChange(id: string, change: PlanChange): 'added' | 'changed' | null {
  if (change.added.includes(id)) return 'added';
  return change.changed.includes(id) ? 'changed' : null;
}
