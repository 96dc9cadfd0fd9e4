import type { GlyphName } from './glyphs.ts';

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
