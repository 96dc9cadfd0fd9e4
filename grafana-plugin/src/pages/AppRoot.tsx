import type { AppRootProps } from '@grafana/data';
import { PluginPage } from '@grafana/runtime';
import { useMemo } from 'react';
import { controlFor, hubFor } from '../client/browser-client.ts';
import { ControlContext } from '../control/control-scope.ts';
import { appProxy } from '../shared/app-links.ts';
import type { AppSettings } from '../shared/app-settings.ts';
import { renewSession } from '../shared/renew-session.ts';
import { AppTabs } from './AppTabs.tsx';
import { ApprovalPage } from './ApprovalPage.tsx';
import { ApprovalsPage } from './ApprovalsPage.tsx';
import { FeedPage } from './FeedPage.tsx';
import { pageTimeZone } from './page-time-zone.ts';
import { usePage } from './use-page.ts';
import { useApprovalEvents } from './use-approval-events.ts';

/** The app's pages; an address that names none leads to the feed. */
export default function AppRoot({ meta }: AppRootProps<AppSettings>) {
  const base = meta.jsonData?.apiBase ?? appProxy();
  const hub = useMemo(() => hubFor(base, renewSession), [base]);
  const scope = useMemo(
    () => ({ hub: controlFor(base, renewSession), events: hub.api, timeZone: pageTimeZone() }),
    [base, hub],
  );
  const page = usePage();
  useApprovalEvents(hub, scope.hub);
  return (
    <PluginPage>
      <ControlContext.Provider value={scope}>
        {page.page === 'approval' ? (
          <ApprovalPage id={page.id} />
        ) : (
          <>
            <AppTabs page={page.page} />
            {page.page === 'approvals' ? <ApprovalsPage /> : <FeedPage hub={hub} />}
          </>
        )}
      </ControlContext.Provider>
    </PluginPage>
  );
}
