import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';

/** Small rounded buttons of the filter bar. */
export const getPillStyles = (theme: GrafanaTheme2) => ({
  pill: css({
    label: 'pill',
    display: 'inline-flex',
    alignItems: 'center',
    gap: 5,
    minHeight: 24,
    maxWidth: 220,
    padding: theme.spacing(0, 1),
    border: `1px solid ${theme.colors.border.medium}`,
    borderRadius: theme.shape.radius.pill,
    background: theme.colors.background.primary,
    color: theme.colors.text.secondary,
    font: 'inherit',
    fontSize: theme.typography.bodySmall.fontSize,
    whiteSpace: 'nowrap',
    '&:hover': { background: theme.colors.action.hover, color: theme.colors.text.primary },
    '@media (pointer: coarse)': { minHeight: 32 },
  }),
  chosen: css({
    color: theme.colors.text.primary,
    background: theme.colors.action.selected,
    borderColor: theme.colors.primary.border,
  }),
  clear: css({ color: theme.colors.text.link, borderColor: 'transparent' }),
  clip: css({ overflow: 'hidden', textOverflow: 'ellipsis' }),
  count: css({ fontVariantNumeric: 'tabular-nums', color: theme.colors.text.secondary }),
});
