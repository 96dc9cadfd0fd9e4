import { locationService } from '@grafana/runtime';
import { useRef } from 'react';
import { PolicyProblem } from '../control/PolicyNote.tsx';
import { InboxView } from '../panels/approvals/InboxView.tsx';
import { EVERYTHING, readTab } from '../panels/approvals/inbox-shape.ts';
import { useRemainingHeight } from './use-remaining-height.ts';
import { useSearch } from './use-search.ts';

const MARGIN_PX = 16;

/** The inbox. Which list and which approval is read stands in the address. */
export function ApprovalsPage() {
  const box = useRef<HTMLDivElement>(null);
  const height = useRemainingHeight(box, MARGIN_PX);
  const search = new URLSearchParams(useSearch());
  return (
    <div ref={box} style={{ display: 'flex', flexDirection: 'column', ...(height === null ? {} : { height }) }}>
      <PolicyProblem />
      <div style={{ flex: 1, minHeight: 0 }}>
        <InboxView
          scope={EVERYTHING}
          tab={readTab(search.get('tab'))}
          onTab={(tab) => locationService.partial({ tab: tab === 'pending' ? null : tab, id: null }, true)}
          selectedId={search.get('id')}
          onSelect={(id) => locationService.partial({ id }, true)}
        />
      </div>
    </div>
  );
}
