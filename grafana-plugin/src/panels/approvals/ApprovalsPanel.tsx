import type { PanelProps } from '@grafana/data';
import { useMemo, useState } from 'react';
import { controlFor, createBrowserApi } from '../../client/browser-client.ts';
import { ControlContext } from '../../control/control-scope.ts';
import { appProxy } from '../../shared/app-links.ts';
import { renewSession } from '../../shared/renew-session.ts';
import { InboxView } from './InboxView.tsx';
import type { InboxTab } from './inbox-shape.ts';
import type { ApprovalsPanelOptions } from './panel-options.ts';

/** The inbox in a dashboard. It asks the app's own routes, for a data source must not carry commands. */
export default function ApprovalsPanel(props: PanelProps<ApprovalsPanelOptions>) {
  const { options, timeZone, width, height, replaceVariables } = props;
  const base = appProxy();
  const scope = useMemo(
    () => ({ hub: controlFor(base, renewSession), events: createBrowserApi(base, renewSession), timeZone }),
    [base, timeZone],
  );
  const [tab, setTab] = useState<InboxTab>('pending');
  const [selectedId, setSelectedId] = useState<string | null>(null);
  const narrowing = {
    run: filled(replaceVariables(options.run ?? '')),
    workflow: filled(replaceVariables(options.workflow ?? '')),
  };
  return (
    <div style={{ width, height }}>
      <ControlContext.Provider value={scope}>
        <InboxView
          scope={narrowing}
          tab={tab}
          onTab={(next) => {
            setTab(next);
            setSelectedId(null);
          }}
          selectedId={selectedId}
          onSelect={setSelectedId}
        />
      </ControlContext.Provider>
    </div>
  );
}

/** A variable the dashboard does not have stays as it was written; it then narrows nothing. */
function filled(text: string): string {
  const trimmed = text.trim();
  return trimmed.startsWith('$') ? '' : trimmed;
}
