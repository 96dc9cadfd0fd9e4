import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';

/** Frame of the feed view. */
export const getFeedStyles = (theme: GrafanaTheme2) => ({
  root: css({
    label: 'feed-root',
    display: 'flex',
    gap: theme.spacing(1),
    width: '100%',
    height: '100%',
    minHeight: 0,
    minWidth: 0,
  }),
  list: css({
    label: 'feed',
    position: 'relative',
    display: 'flex',
    flexDirection: 'column',
    flex: '11 1 0',
    minWidth: 0,
    minHeight: 0,
    background: theme.colors.background.primary,
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
    overflow: 'hidden',
  }),
  hidden: css({ display: 'none' }),
});
