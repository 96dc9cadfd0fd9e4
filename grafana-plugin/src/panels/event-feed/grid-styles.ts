import { css, keyframes } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';

/** Styles of the grid and its rows. */
export const getGridStyles = (theme: GrafanaTheme2) => ({
  ...frameStyles(theme),
  ...rowStyles(theme),
  ...runStyles(theme),
  ...cellStyles(theme),
  ...textStyles(theme),
});

const frameStyles = (theme: GrafanaTheme2) => ({
  box: css({
    label: 'feed-grid',
    position: 'relative',
    flex: 1,
    minHeight: 0,
    '&[data-stale]': { opacity: 0.6 },
  }),
  grid: css({ display: 'flex', flexDirection: 'column', height: '100%' }),
  head: css({
    borderTop: `1px solid ${theme.colors.border.weak}`,
    borderBottom: `1px solid ${theme.colors.border.weak}`,
  }),
  columns: css({
    display: 'grid',
    alignItems: 'center',
    columnGap: theme.spacing(1),
    height: 28,
    padding: theme.spacing(0, 1.5),
    borderLeft: '2px solid transparent',
    fontSize: theme.typography.bodySmall.fontSize,
    color: theme.colors.text.secondary,
    whiteSpace: 'nowrap',
  }),
  headButton: css({
    padding: 0,
    minHeight: 24,
    border: 'none',
    background: 'transparent',
    color: 'inherit',
    font: 'inherit',
    '&:hover': { color: theme.colors.text.primary },
  }),
  scroller: css({ flex: 1, minHeight: 0, overflowY: 'auto', overflowX: 'hidden', overflowAnchor: 'none' }),
});

const rowStyles = (theme: GrafanaTheme2) => {
  const arrive = keyframes({ from: { backgroundColor: theme.colors.primary.transparent } });
  return {
    row: css({
      label: 'feed-row',
      position: 'absolute',
      left: 0,
      right: 0,
      display: 'grid',
      alignItems: 'center',
      columnGap: theme.spacing(1),
      padding: theme.spacing(0, 1.5),
      borderLeft: '2px solid transparent',
      borderBottom: `1px solid ${theme.colors.border.weak}`,
      cursor: 'pointer',
      fontSize: theme.typography.bodySmall.fontSize,
      '&:hover': { background: theme.colors.action.hover },
      '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}`, outlineOffset: -2 },
      [theme.transitions.handleMotion('no-preference')]: { '&[data-fresh]': { animation: `${arrive} 1s ease-out` } },
    }),
    selected: css({
      background: theme.colors.action.selected,
      borderLeftColor: theme.colors.warning.main,
      '&:hover': { background: theme.colors.action.selected },
      // Secondary text is too faint on the background of a selection.
      '& [role="gridcell"], & [role="gridcell"] span': { '--row-quiet': theme.colors.text.primary },
    }),
  };
};

const runStyles = (theme: GrafanaTheme2) => ({
  runHead: css({
    label: 'run-head',
    gridTemplateColumns: 'minmax(0,1fr) auto',
    background: theme.colors.background.secondary,
    '&:hover': { background: theme.colors.action.hover },
  }),
  runTitle: css({ minWidth: 0 }),
  runToggle: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    maxWidth: '100%',
    minHeight: 24,
    padding: 0,
    border: 'none',
    background: 'transparent',
    color: theme.colors.text.primary,
    font: 'inherit',
    fontWeight: theme.typography.fontWeightMedium,
  }),
  runFacts: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(2),
    color: theme.colors.text.secondary,
    fontVariantNumeric: 'tabular-nums',
    whiteSpace: 'nowrap',
  }),
});

const cellStyles = (theme: GrafanaTheme2) => ({
  glyph: css({ display: 'inline-flex' }),
  time: css({
    fontFamily: theme.typography.fontFamilyMonospace,
    fontSize: 12,
    color: `var(--row-quiet, ${theme.colors.text.secondary})`,
    whiteSpace: 'nowrap',
  }),
  actor: css({ display: 'flex', alignItems: 'center', gap: 6, minWidth: 0 }),
  dot: css({ width: 8, height: 8, borderRadius: 2, flexShrink: 0 }),
  clip: css({ overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }),
  badge: css({
    display: 'inline-flex',
    alignItems: 'center',
    gap: 5,
    maxWidth: '100%',
    height: 20,
    padding: '0 6px',
    border: '1px solid',
    borderRadius: theme.shape.radius.default,
    fontSize: 12,
    whiteSpace: 'nowrap',
    overflow: 'hidden',
  }),
});

const textStyles = (theme: GrafanaTheme2) => ({
  content: css({
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    color: theme.colors.text.primary,
    '& mark': {
      background: theme.colors.warning.transparent,
      color: 'inherit',
      fontWeight: theme.typography.fontWeightMedium,
    },
  }),
  code: css({ fontFamily: theme.typography.fontFamilyMonospace, fontSize: 12 }),
  number: css({
    textAlign: 'right',
    fontVariantNumeric: 'tabular-nums',
    color: `var(--row-quiet, ${theme.colors.text.secondary})`,
    whiteSpace: 'nowrap',
  }),
  running: css({ color: theme.colors.primary.text }),
  twoLines: css({ display: 'flex', flexDirection: 'column', gap: 2, minWidth: 0, lineHeight: 1.3 }),
  line: css({ display: 'flex', alignItems: 'center', gap: 8, minWidth: 0 }),
  rowAction: css({
    display: 'inline-flex',
    alignItems: 'center',
    minHeight: 24,
    padding: theme.spacing(0, 1),
    border: `1px solid ${theme.colors.border.medium}`,
    borderRadius: theme.shape.radius.default,
    background: theme.colors.background.primary,
    color: theme.colors.text.primary,
    font: 'inherit',
    fontSize: 12,
    whiteSpace: 'nowrap',
    '&:hover': { background: theme.colors.action.hover },
  }),
  afterStop: css({
    flexShrink: 0,
    padding: '0 5px',
    border: `1px solid ${theme.colors.warning.border}`,
    borderRadius: theme.shape.radius.default,
    color: theme.colors.warning.text,
    fontSize: 12,
  }),
  contentLine: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(1), minWidth: 0, overflow: 'hidden' }),
  jump: css({ position: 'absolute', right: 16, bottom: 12 }),
});
