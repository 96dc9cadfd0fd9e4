import type { GrafanaTheme2 } from '@grafana/data';
import type { GlyphName } from './glyphs.ts';

/** Colour families of type badges; the theme gives each its tone. */
export type BadgeTone = 'input' | 'model' | 'tool' | 'plan' | 'approval' | 'error' | 'structure' | 'other';

interface TypeLook {
  glyph: GlyphName;
  tone: BadgeTone;
}

/** How a type is drawn; unknown types are drawn too. */
export function typeLook(type: string): TypeLook {
  return TYPE_LOOKS[type] ?? { glyph: 'question', tone: 'other' };
}

/** Status as a shape; its colour comes from {@link statusColor} and its word from the labels. */
export function statusGlyph(status: string): GlyphName {
  return STATUS_GLYPHS[status] ?? 'question';
}

/** Theme colour of a status. */
export function statusColor(status: string, theme: GrafanaTheme2): string {
  if (status === 'completed') return theme.colors.success.text;
  if (status === 'error' || status === 'rejected') return theme.colors.error.text;
  if (status === 'waiting' || status === 'lost') return theme.colors.warning.text;
  if (status === 'in_progress') return theme.colors.primary.text;
  return theme.colors.text.secondary;
}

/** Theme colours of a badge. */
export function badgeColors(tone: BadgeTone, theme: GrafanaTheme2): { color: string; border: string } {
  const named = {
    input: theme.colors.primary.text,
    plan: theme.colors.primary.text,
    model: theme.visualization.getColorByName(theme.isDark ? 'super-light-purple' : 'dark-purple'),
    tool: theme.visualization.getColorByName(theme.isDark ? 'light-purple' : 'dark-purple'),
    approval: theme.colors.warning.text,
    error: theme.colors.error.text,
    structure: theme.colors.text.secondary,
    other: theme.colors.text.secondary,
  };
  return { color: named[tone], border: theme.colors.border.medium };
}

/** One of a few tones for an actor, the same for the same name in every view and session. */
export function actorColor(name: string, theme: GrafanaTheme2): string {
  let sum = 0;
  for (let i = 0; i < name.length; i++) sum = (sum * 31 + name.charCodeAt(i)) >>> 0;
  const families = ['blue', 'green', 'orange', 'purple', 'yellow', 'red'];
  const family = families[sum % families.length] ?? 'blue';
  return theme.visualization.getColorByName(theme.isDark ? `light-${family}` : `dark-${family}`);
}

const TYPE_LOOKS: Record<string, TypeLook> = {
  user_input: { glyph: 'user', tone: 'input' },
  model_request: { glyph: 'arrow-right', tone: 'model' },
  model_response: { glyph: 'arrow-left', tone: 'model' },
  tool_call: { glyph: 'wrench', tone: 'tool' },
  tool_result: { glyph: 'result', tone: 'tool' },
  plan_update: { glyph: 'list', tone: 'plan' },
  approval_request: { glyph: 'shield', tone: 'approval' },
  approval_decision: { glyph: 'shield', tone: 'approval' },
  error: { glyph: 'alert', tone: 'error' },
  agent_started: { glyph: 'play', tone: 'structure' },
  agent_completed: { glyph: 'flag', tone: 'structure' },
  agent_failed: { glyph: 'alert', tone: 'error' },
  node_started: { glyph: 'play', tone: 'structure' },
  node_completed: { glyph: 'flag', tone: 'structure' },
  node_failed: { glyph: 'alert', tone: 'error' },
  agent_message: { glyph: 'message', tone: 'input' },
  chat_message: { glyph: 'message', tone: 'input' },
  command: { glyph: 'bolt', tone: 'approval' },
  component_generated: { glyph: 'cube', tone: 'plan' },
  component_modified: { glyph: 'cube', tone: 'plan' },
  test_completed: { glyph: 'result', tone: 'structure' },
  learning_iteration: { glyph: 'repeat', tone: 'structure' },
  version_promoted: { glyph: 'flag', tone: 'plan' },
  autonomy_level_changed: { glyph: 'shield', tone: 'approval' },
  prediction: { glyph: 'bolt', tone: 'plan' },
  experiment: { glyph: 'cube', tone: 'plan' },
};

const STATUS_GLYPHS: Record<string, GlyphName> = {
  in_progress: 'progress',
  waiting: 'half',
  completed: 'check',
  error: 'cross',
  rejected: 'ban',
  cancelled: 'minus',
  lost: 'lost',
};
