import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Button, Tab, TabsBar, useStyles2 } from '@grafana/ui';
import { useState } from 'react';
import { StopManyDialog } from '../control/StopManyDialog.tsx';
import { useControlScope, usePolled } from '../control/control-scope.ts';
import { appPath } from '../shared/app-links.ts';

/** The app's pages, with how much waits, and the way to stop many runs. */
export function AppTabs({ page }: { page: 'feed' | 'approvals' }) {
  const styles = useStyles2(getStyles);
  const { hub } = useControlScope();
  const pending = usePolled(hub.waiting).value?.pending.length ?? 0;
  const [stopping, setStopping] = useState(false);
  return (
    <div className={styles.bar}>
      <TabsBar className={styles.tabs}>
        <Tab label={t('page.feed', 'Feed')} href={appPath('feed')} active={page === 'feed'} />
        <Tab
          label={t('page.approvals', 'Approvals')}
          href={appPath('approvals')}
          active={page === 'approvals'}
          counter={pending > 0 ? pending : null}
        />
      </TabsBar>
      <Button size="sm" variant="destructive" fill="text" onClick={() => setStopping(true)}>
        {t('stop-many.open', 'Stop many…')}
      </Button>
      {stopping ? <StopManyDialog onClose={() => setStopping(false)} /> : null}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  bar: css({
    label: 'app-tabs',
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    marginBottom: theme.spacing(1),
    borderBottom: `1px solid ${theme.colors.border.weak}`,
  }),
  tabs: css({ flex: 1, borderBottom: 'none' }),
});
