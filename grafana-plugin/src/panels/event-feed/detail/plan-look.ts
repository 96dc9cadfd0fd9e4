import type { PlanChange } from '@signalbox/event-model';
import type { GlyphName } from '../../../shared/glyphs.ts';

/** Shape of a task's state. */
export function planGlyph(status: string): GlyphName {
  const glyphs: Record<string, GlyphName> = {
    pending: 'circle',
    in_progress: 'progress',
    completed: 'check',
    failed: 'cross',
    cancelled: 'ban',
    blocked: 'alert',
  };
  return glyphs[status] ?? 'question';
}

/** What a revision did to one task. */
export function planItemChange(id: string, change: PlanChange): 'added' | 'changed' | null {
  if (change.added.includes(id)) return 'added';
  return change.changed.includes(id) ? 'changed' : null;
}
