import { t } from '@grafana/i18n';
import { Button, useStyles2 } from '@grafana/ui';
import { getGridStyles } from './grid-styles.ts';
import type { FeedModel } from './use-feed-model.ts';

/** Brings a reader who paused back to the newest event. */
export function JumpButton({ model, newestFirst }: { model: FeedModel; newestFirst: boolean }) {
  const styles = useStyles2(getGridStyles);
  const label = t('feed.jump', 'Jump to latest ({{count}})', { count: model.added });
  return (
    <div className={styles.jump}>
      <Button size="sm" icon={newestFirst ? 'arrow-up' : 'arrow-down'} onClick={model.follow} data-testid="jump">
        {model.added > 0 ? label : t('feed.jump-plain', 'Jump to latest')}
      </Button>
    </div>
  );
}
