import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';

/** Styles of the plan box. */
export const getPlanStyles = (theme: GrafanaTheme2) => ({
  ...boxStyles(theme),
  ...barStyles(theme),
  ...rowStyles(theme),
  ...outcomeStyles(theme),
  ...actionStyles(theme),
});

const boxStyles = (theme: GrafanaTheme2) => ({
  head: css({ display: 'flex', flexWrap: 'wrap', alignItems: 'baseline', gap: theme.spacing(0, 1) }),
  title: css({ margin: 0, fontSize: theme.typography.body.fontSize, fontWeight: theme.typography.fontWeightMedium }),
  quiet: css({ color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize }),
  note: css({
    margin: theme.spacing(0.75, 0, 0),
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
  }),
  list: css({
    label: 'plan-items',
    listStyle: 'none',
    margin: theme.spacing(0.5, 0, 0),
    padding: 0,
    maxHeight: 264,
    overflow: 'auto',
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}` },
    [theme.breakpoints.down('md')]: { maxHeight: '50vh' },
  }),
  proposals: css({
    listStyle: 'none',
    margin: theme.spacing(0.75, 0, 0),
    padding: 0,
    maxHeight: 120,
    overflow: 'auto',
  }),
});

const barStyles = (theme: GrafanaTheme2) => ({
  changed: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(0.5, 1),
    marginTop: theme.spacing(0.75),
    padding: theme.spacing(0.5, 1),
    // The warning colour is too faint on its own tint in the light theme.
    color: theme.isDark ? theme.colors.warning.text : theme.colors.text.primary,
    background: theme.colors.warning.transparent,
    border: `1px solid ${theme.colors.warning.border}`,
    borderRadius: theme.shape.radius.default,
    [theme.breakpoints.down('md')]: { '& > button': { minHeight: 44 } },
  }),
  orderBar: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1),
    marginTop: theme.spacing(0.75),
    [theme.breakpoints.down('md')]: { '& > button': { minHeight: 44 } },
  }),
  hidden: css({ position: 'absolute', width: 1, height: 1, overflow: 'hidden', clipPath: 'inset(50%)', margin: 0 }),
});

const rowStyles = (theme: GrafanaTheme2) => ({
  row: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(0, 1),
    minHeight: 32,
    padding: theme.spacing(0.25, 1),
    '& + &': { borderTop: `1px solid ${theme.colors.border.weak}` },
    '&[data-current="true"]': { background: theme.colors.background.secondary },
    '&[data-moved="true"]': { boxShadow: `inset 3px 0 ${theme.colors.primary.border}` },
  }),
  status: css({
    display: 'inline-flex',
    alignItems: 'center',
    gap: 4,
    flex: '0 0 auto',
    minWidth: 104,
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
  }),
  text: css({ flex: '1 1 200px', minWidth: 0, overflowWrap: 'anywhere' }),
  closed: css({ color: theme.colors.text.secondary }),
  cancelled: css({ textDecoration: 'line-through' }),
  chip: css({
    marginLeft: theme.spacing(1),
    padding: '0 6px',
    border: '1px solid currentColor',
    borderRadius: theme.shape.radius.default,
    color: theme.colors.primary.text,
    fontSize: theme.typography.bodySmall.fontSize,
    whiteSpace: 'nowrap',
  }),
});

const outcomeStyles = (theme: GrafanaTheme2) => ({
  outcome: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'baseline',
    gap: theme.spacing(0, 1),
    flexBasis: '100%',
    padding: '2px 0',
    fontSize: theme.typography.bodySmall.fontSize,
    overflowWrap: 'anywhere',
    '& svg': { alignSelf: 'center' },
  }),
  mono: css({ fontFamily: theme.typography.fontFamilyMonospace, fontSize: 12 }),
});

const actionStyles = (theme: GrafanaTheme2) => ({
  actions: css({ display: 'inline-flex', alignItems: 'center', gap: 4, marginLeft: 'auto' }),
  action: css({
    display: 'inline-flex',
    alignItems: 'center',
    justifyContent: 'center',
    minHeight: 24,
    minWidth: 28,
    padding: theme.spacing(0, 1),
    border: `1px solid ${theme.colors.border.medium}`,
    borderRadius: theme.shape.radius.default,
    background: 'transparent',
    color: theme.colors.text.primary,
    font: 'inherit',
    fontSize: theme.typography.bodySmall.fontSize,
    whiteSpace: 'nowrap',
    '&:hover': { background: theme.colors.action.hover },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}` },
    '&[aria-disabled="true"]': {
      background: 'transparent',
      borderColor: theme.colors.border.weak,
      color: theme.colors.text.disabled,
      cursor: 'not-allowed',
    },
    [theme.breakpoints.down('md')]: { minHeight: 44, minWidth: 44 },
  }),
});
