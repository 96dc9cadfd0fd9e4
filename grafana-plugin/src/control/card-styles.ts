import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';

/** Styles of the approval card. */
export const getCardStyles = (theme: GrafanaTheme2) => ({
  ...frameStyles(theme),
  ...codeStyles(theme),
  ...factStyles(theme),
  ...footStyles(theme),
});

const frameStyles = (theme: GrafanaTheme2) => ({
  card: css({
    label: 'approval-card',
    display: 'flex',
    flexDirection: 'column',
    minWidth: 0,
    minHeight: 0,
    outline: 'none',
  }),
  framed: css({
    marginBottom: theme.spacing(1.5),
    border: `1px solid ${theme.colors.border.medium}`,
    borderRadius: theme.shape.radius.default,
    // Over the padding of what scrolls, where the text below would show through.
    '& footer': { bottom: theme.spacing(-1.5) },
  }),
  body: css({ flex: 1, padding: theme.spacing(1.5, 2), minWidth: 0 }),
  chips: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    whiteSpace: 'nowrap',
    fontSize: theme.typography.bodySmall.fontSize,
    color: theme.colors.text.secondary,
  }),
  chip: css({
    display: 'inline-flex',
    alignItems: 'center',
    gap: 4,
    padding: '1px 6px',
    border: '1px solid currentColor',
    borderRadius: theme.shape.radius.default,
    fontSize: theme.typography.bodySmall.fontSize,
    whiteSpace: 'nowrap',
  }),
  title: css({
    margin: theme.spacing(0.75, 0, 1),
    fontSize: theme.typography.h4.fontSize,
    lineHeight: 1.3,
    fontWeight: theme.typography.fontWeightMedium,
    overflowWrap: 'anywhere',
  }),
  push: css({ marginLeft: 'auto' }),
});

const codeStyles = (theme: GrafanaTheme2) => ({
  code: css({
    label: 'action-code',
    margin: 0,
    padding: theme.spacing(1),
    maxHeight: 420,
    [theme.breakpoints.down('sm')]: { maxHeight: 'none' },
    overflow: 'auto',
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
    unicodeBidi: 'plaintext',
    fontFamily: theme.typography.fontFamilyMonospace,
    fontSize: 13,
    lineHeight: 1.45,
    color: theme.colors.text.primary,
    background: theme.colors.background.canvas,
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
  }),
  cut: css({ color: theme.colors.warning.text, fontWeight: theme.typography.fontWeightMedium }),
  fold: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1),
    padding: theme.spacing(0.75, 1),
    border: `2px dashed ${theme.colors.warning.border}`,
    borderRadius: theme.shape.radius.default,
    color: theme.colors.warning.text,
    fontWeight: theme.typography.fontWeightMedium,
  }),
  hash: css({
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(0.5, 2),
    margin: theme.spacing(0.25, 0, 0),
    fontSize: theme.typography.bodySmall.fontSize,
    color: theme.colors.text.secondary,
  }),
  mono: css({ fontFamily: theme.typography.fontFamilyMonospace, fontSize: 12 }),
  before: css({ color: theme.colors.error.text, background: theme.colors.error.transparent }),
  after: css({ color: theme.colors.success.text, background: theme.colors.success.transparent }),
});

const factStyles = (theme: GrafanaTheme2) => ({
  part: css({ margin: theme.spacing(1.25, 0, 0), overflowWrap: 'anywhere' }),
  heading: css({
    margin: 0,
    fontSize: theme.typography.bodySmall.fontSize,
    fontWeight: theme.typography.fontWeightRegular,
    color: theme.colors.text.secondary,
  }),
  quiet: css({ color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize }),
  words: css({ maxHeight: 120, overflow: 'auto', whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }),
  policy: css({
    margin: 0,
    padding: theme.spacing(0.5, 1.5),
    borderTop: `1px solid ${theme.colors.border.weak}`,
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
  }),
  note: css({
    margin: theme.spacing(0.75, 0, 0),
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
  }),
  // Links stand inside sentences, where colour alone does not tell them apart.
  link: css({ color: theme.colors.text.link, textDecoration: 'underline' }),
  clip: css({ minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }),
  summary: css({
    minHeight: 24,
    fontSize: theme.typography.bodySmall.fontSize,
    color: theme.colors.text.secondary,
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}` },
  }),
  list: css({ listStyle: 'none', margin: 0, padding: 0 }),
  step: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'baseline',
    gap: theme.spacing(0, 1),
    padding: '2px 0',
    '& svg': { alignSelf: 'center' },
  }),
});

const footStyles = (theme: GrafanaTheme2) => ({
  foot: css({
    label: 'approval-foot',
    position: 'sticky',
    bottom: 0,
    // Above Grafana's checkboxes, which lift themselves out of what scrolls below.
    zIndex: 3,
    padding: theme.spacing(1.25, 2),
    background: theme.colors.background.primary,
    borderTop: `1px solid ${theme.colors.border.weak}`,
  }),
  buttons: css({
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(1),
    '& > button, & > a': { minHeight: 44, flex: '1 1 120px', maxWidth: 260, justifyContent: 'center' },
    [theme.breakpoints.down('md')]: {
      '& > button, & > a': { maxWidth: 'none' },
      // Yes and no stand side by side under the thumb, what takes longer below them.
      '& > [data-decision="edit"], & > [data-decision="respond"]': { order: 1, flexBasis: '100%', background: 'none' },
    },
  }),
  form: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(1), marginBottom: theme.spacing(1) }),
  row: css({ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: theme.spacing(1) }),
  // Targets of a thumb.
  touch: css({ marginTop: theme.spacing(0.5), [theme.breakpoints.down('md')]: { '& > button': { minHeight: 44 } } }),
  pick: css({
    minHeight: 32,
    padding: theme.spacing(0, 1.5),
    border: `1px solid ${theme.colors.border.medium}`,
    borderRadius: theme.shape.radius.pill,
    background: 'transparent',
    color: theme.colors.text.primary,
    font: 'inherit',
    fontSize: theme.typography.bodySmall.fontSize,
    '&[aria-pressed="true"]': {
      borderColor: theme.colors.primary.border,
      background: theme.colors.primary.transparent,
    },
    '&:hover': { background: theme.colors.action.hover },
    [theme.breakpoints.down('md')]: { minHeight: 44 },
  }),
  also: css({
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(0, 2),
    marginTop: theme.spacing(0.75),
    fontSize: theme.typography.bodySmall.fontSize,
    '& > *': { display: 'inline-flex', alignItems: 'center', minHeight: 24 },
    [theme.breakpoints.down('md')]: { justifyContent: 'center', '& > *': { minHeight: 32 } },
  }),
});
