import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import type { FeedModel } from './use-feed-model.ts';

/** How many events are shown, and the keys that work here. */
export function FeedFooter({ model, onHelp, narrow }: { model: FeedModel; onHelp: () => void; narrow: boolean }) {
  const styles = useStyles2(getStyles);
  const shown = t('feed.count', '{{count}} events', {
    count: model.rows.length,
    defaultValue_one: '{{count}} event',
  });
  const more = model.snapshot.hasOlder ? ` · ${t('feed.more-stored', 'older ones load as you scroll')}` : '';
  return (
    <div className={styles.footer}>
      <span className={styles.text} data-testid="feed-count">
        {shown}
        {more}
      </span>
      {narrow ? null : (
        <button type="button" className={styles.help} onClick={onHelp}>
          {t('feed.keys', 'j k move · Enter open · / search · ? help')}
        </button>
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  footer: css({
    label: 'feed-footer',
    display: 'flex',
    justifyContent: 'space-between',
    alignItems: 'center',
    gap: theme.spacing(1),
    minHeight: 28,
    padding: theme.spacing(0, 1.5),
    fontSize: theme.typography.bodySmall.fontSize,
    color: theme.colors.text.secondary,
    borderTop: `1px solid ${theme.colors.border.weak}`,
  }),
  text: css({ overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }),
  help: css({
    minHeight: 24,
    border: 'none',
    background: 'transparent',
    color: 'inherit',
    font: 'inherit',
    whiteSpace: 'nowrap',
    '&:hover': { color: theme.colors.text.primary },
  }),
});
