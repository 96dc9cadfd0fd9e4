import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import { useEffect, useState } from 'react';

const PATIENCE_MS = 150;
const ROWS = 12;

/** Grey rows; fast answers never show them. */
export function LoadingRows({ rowHeight }: { rowHeight: number }) {
  const styles = useStyles2(getStyles);
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className={styles.box} aria-busy="true" aria-label={t('feed.loading', 'Loading events')} role="status">
      {shown
        ? Array.from({ length: ROWS }, (_, index) => (
            <div key={index} className={styles.row} style={{ height: rowHeight }}>
              <span className={styles.bar} style={{ width: 80 }} />
              <span className={styles.bar} style={{ width: 110 }} />
              <span className={styles.bar} style={{ width: `${25 + ((index * 17) % 45)}%` }} />
            </div>
          ))
        : null}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  box: css({ flex: 1, overflow: 'hidden', padding: theme.spacing(0, 1.5) }),
  row: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(2) }),
  bar: css({ height: 10, borderRadius: theme.shape.radius.default, background: theme.colors.background.secondary }),
});
