import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import type { ReactNode } from 'react';

/** Stands in for Grafana's page frame around the app's pages. */
export function ConsolePage({ children }: { children: ReactNode }) {
  const styles = useStyles2(getStyles);
  return <main className={styles.page}>{children}</main>;
}

const getStyles = (theme: GrafanaTheme2) => ({
  page: css({
    label: 'console-page',
    flex: 1,
    minHeight: 0,
    display: 'flex',
    flexDirection: 'column',
    padding: theme.spacing(2),
    [theme.breakpoints.down('md')]: { padding: theme.spacing(1) },
  }),
});
