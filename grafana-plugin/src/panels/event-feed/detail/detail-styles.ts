import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';

/** Styles of the detail pane and its sections. */
export const getDetailStyles = (theme: GrafanaTheme2) => ({
  ...frameStyles(theme),
  ...bodyStyles(theme),
  ...textStyles(theme),
  ...markStyles(theme),
});

const frameStyles = (theme: GrafanaTheme2) => ({
  pane: css({
    label: 'detail',
    display: 'flex',
    flexDirection: 'column',
    flex: '9 1 0',
    minWidth: 0,
    minHeight: 0,
    background: theme.colors.background.primary,
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
    outline: 'none',
  }),
  alone: css({ flex: '1 1 0' }),
  head: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    minHeight: 40,
    padding: theme.spacing(0.5, 1.5),
    borderBottom: `1px solid ${theme.colors.border.weak}`,
    '& button': { minWidth: 24, minHeight: 24 },
  }),
  title: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    margin: 0,
    fontSize: theme.typography.h5.fontSize,
    fontWeight: theme.typography.fontWeightMedium,
  }),
});

const bodyStyles = (theme: GrafanaTheme2) => ({
  spacer: css({ flex: 1 }),
  body: css({ flex: 1, minHeight: 0, overflow: 'auto', padding: theme.spacing(1.5) }),
  facts: css({
    display: 'grid',
    gridTemplateColumns: 'minmax(84px,max-content) minmax(0,1fr)',
    gap: theme.spacing(0.5, 2),
    margin: theme.spacing(0, 0, 1.5),
    fontSize: theme.typography.bodySmall.fontSize,
    '& dt': { color: theme.colors.text.secondary, fontWeight: 'normal' },
    '& dd': { margin: 0, overflowWrap: 'anywhere' },
  }),
  mono: css({ fontFamily: theme.typography.fontFamilyMonospace, fontSize: 12 }),
  link: css({
    padding: 0,
    minHeight: 24,
    border: 'none',
    background: 'none',
    color: theme.colors.text.link,
    font: 'inherit',
    textAlign: 'left',
  }),
});

const textStyles = (theme: GrafanaTheme2) => ({
  section: css({ marginBottom: theme.spacing(1.5) }),
  heading: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    margin: theme.spacing(0, 0, 0.5),
    fontSize: theme.typography.bodySmall.fontSize,
    fontWeight: theme.typography.fontWeightMedium,
    color: theme.colors.text.secondary,
  }),
  summary: css({
    minHeight: 24,
    cursor: 'pointer',
    fontSize: theme.typography.bodySmall.fontSize,
    fontWeight: theme.typography.fontWeightMedium,
    color: theme.colors.text.secondary,
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}` },
  }),
  text: css({
    margin: theme.spacing(0, 0, 1),
    padding: theme.spacing(1),
    maxHeight: 480,
    overflow: 'auto',
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
    fontFamily: theme.typography.fontFamilyMonospace,
    fontSize: 12,
    lineHeight: 1.5,
    color: theme.colors.text.primary,
    background: theme.colors.background.canvas,
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
  }),
});

const markStyles = (theme: GrafanaTheme2) => ({
  marker: css({
    // Names of settings are long words; on a phone they must break.
    overflowWrap: 'anywhere',
    minWidth: 0,
    maxWidth: '100%',
    boxSizing: 'border-box',
    display: 'inline-flex',
    alignItems: 'center',
    gap: 6,
    padding: theme.spacing(0.25, 1),
    border: `1px dashed ${theme.colors.border.strong}`,
    borderRadius: theme.shape.radius.default,
    fontSize: theme.typography.bodySmall.fontSize,
    color: theme.colors.text.secondary,
  }),
  quiet: css({ color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize }),
  actions: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1), marginTop: theme.spacing(2) }),
  added: css({ color: theme.colors.success.text }),
  removed: css({ color: theme.colors.error.text }),
  changed: css({ color: theme.colors.warning.text }),
  plan: css({
    listStyle: 'none',
    margin: 0,
    padding: 0,
    '& li': { display: 'flex', gap: 8, alignItems: 'baseline', padding: '3px 0' },
  }),
  role: css({ textTransform: 'none', color: theme.colors.text.primary }),
});
