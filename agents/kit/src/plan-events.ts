import { emitEvent, type EventOptions, jsonText } from './emit-event.ts';

/** State of one plan item. */
export type PlanItemStatus = 'pending' | 'in_progress' | 'completed' | 'failed' | 'cancelled' | 'blocked';

/** One item of an agent's plan. `id` stays the same over revisions; `text` may change. */
export interface PlanItem {
  id: string;
  text: string;
  status: PlanItemStatus;
}

/** Why a plan changed. */
export interface PlanOptions extends EventOptions {
  reason?: string;
}

/** What changed about one plan item. */
export interface PlanItemChange extends PlanOptions {
  text?: string;
  status?: PlanItemStatus;
}

/** Fields of a task somebody added. */
export interface TaskOptions extends EventOptions {
  id?: string;
  note?: string;
}

/** States the whole plan, replacing the one before: `signalbox.plan.set`. */
export function planSet(items: readonly PlanItem[], options: PlanOptions = {}): void {
  emitEvent(
    'signalbox.plan.set',
    { 'signalbox.plan.items': jsonText(items), 'signalbox.plan.reason': options.reason },
    options,
  );
}

/** States a change of one plan item: `signalbox.plan.item_changed`. */
export function planItemChanged(id: string, change: PlanItemChange): void {
  const fields = {
    'signalbox.plan.item.id': id,
    'signalbox.plan.item.text': change.text,
    'signalbox.plan.item.status': change.status,
    'signalbox.plan.reason': change.reason,
  };
  emitEvent('signalbox.plan.item_changed', fields, change);
}

/** States that a task was added: `signalbox.task.added`. */
export function taskAdded(text: string, options: TaskOptions = {}): void {
  const fields = {
    'signalbox.task.text': text,
    'signalbox.task.id': options.id,
    'signalbox.task.note': options.note,
  };
  emitEvent('signalbox.task.added', fields, options);
}
