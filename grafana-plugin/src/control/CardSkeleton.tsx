import { css, keyframes } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';

/** Stands where a card will be; shown only when it takes long enough to notice. */
export function CardSkeleton() {
  const styles = useStyles2(getStyles);
  return (
    <div
      className={styles.box}
      role="status"
      aria-label={t('card.loading', 'Loading the approval')}
      data-testid="skeleton"
    >
      {[40, 80, 100, 60, 70].map((width) => (
        <div key={width} className={styles.bar} style={{ width: `${width}%` }} />
      ))}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => {
  const appear = keyframes({ from: { opacity: 0 }, to: { opacity: 1 } });
  return {
    box: css({
      label: 'card-skeleton',
      padding: theme.spacing(2),
      opacity: 0,
      animation: `${appear} 100ms 150ms forwards`,
    }),
    bar: css({
      height: 16,
      marginBottom: theme.spacing(1.5),
      borderRadius: theme.shape.radius.default,
      background: theme.colors.background.secondary,
    }),
  };
};
