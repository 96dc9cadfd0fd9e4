import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { IconButton, useStyles2 } from '@grafana/ui';

/** The keys that work while the feed has the focus. */
export function KeyHelp({ onClose }: { onClose: () => void }) {
  const styles = useStyles2(getStyles);
  const keys: [string, string][] = [
    ['j k ↓ ↑', t('keys.move', 'Next, previous event')],
    ['Enter', t('keys.open', 'Open the event, fold the run')],
    ['Esc', t('keys.back', 'Close the event')],
    ['[ ]', t('keys.errors', 'Previous, next error')],
    ['/', t('keys.search', 'Search')],
    ['n N', t('keys.hits', 'Next, previous event found')],
    ['y', t('keys.link', 'Copy a link to the event')],
    ['c', t('keys.copy', 'Copy the event as JSON')],
    ['End', t('keys.follow', 'Follow the newest event')],
  ];
  return (
    <div className={styles.card} role="dialog" aria-label={t('keys.title', 'Keys')}>
      <div className={styles.head}>
        <strong>{t('keys.title', 'Keys')}</strong>
        <IconButton name="times" aria-label={t('keys.close', 'Close')} onClick={onClose} />
      </div>
      <dl className={styles.list}>
        {keys.map(([key, meaning]) => (
          <div key={key} className={styles.pair}>
            <dt className={styles.key}>{key}</dt>
            <dd className={styles.meaning}>{meaning}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  card: css({
    position: 'absolute',
    right: 12,
    bottom: 12,
    zIndex: 1,
    padding: theme.spacing(1.5),
    background: theme.colors.background.elevated ?? theme.colors.background.primary,
    border: `1px solid ${theme.colors.border.medium}`,
    borderRadius: theme.shape.radius.default,
    boxShadow: theme.shadows.z3,
  }),
  head: css({ display: 'flex', justifyContent: 'space-between', alignItems: 'center', marginBottom: theme.spacing(1) }),
  list: css({ margin: 0 }),
  pair: css({ display: 'flex', gap: theme.spacing(2), lineHeight: '22px' }),
  key: css({ width: 72, fontFamily: theme.typography.fontFamilyMonospace, fontWeight: 'normal' }),
  meaning: css({ margin: 0, color: theme.colors.text.secondary }),
});
