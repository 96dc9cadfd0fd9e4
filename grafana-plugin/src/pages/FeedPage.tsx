import { css } from '@emotion/css';
import type { EventFilter } from '@signalbox/event-model';
import { locationService } from '@grafana/runtime';
import { useStyles2 } from '@grafana/ui';
import { useCallback, useMemo, useRef } from 'react';
import type { FeedHub } from '../client/feed-hub.ts';
import { PendingBanner } from '../control/PendingBanner.tsx';
import { FeedView } from '../panels/event-feed/FeedView.tsx';
import type { FeedState } from '../panels/event-feed/use-feed-model.ts';
import { appPath } from '../shared/app-links.ts';
import { pageHistory } from '../shared/page-location.ts';
import { pageTimeZone } from './page-time-zone.ts';
import { useStoredColumns } from './use-stored-columns.ts';
import { readFeedAddress, writeFeedAddress } from './feed-address.ts';
import { useRemainingHeight } from './use-remaining-height.ts';
import { useSearch } from './use-search.ts';
import { WatchedRun } from './WatchedRun.tsx';

const EVERYTHING: EventFilter = {};
const MARGIN_PX = 16;

/** The live activity of all agents. What is filtered and read is in the address. */
export function FeedPage({ hub }: { hub: FeedHub }) {
  const styles = useStyles2(getStyles);
  const box = useRef<HTMLDivElement>(null);
  const height = useRemainingHeight(box, MARGIN_PX);
  const [columns, setColumns] = useStoredColumns();
  const search = useSearch();
  const state = useMemo(() => readFeedAddress(new URLSearchParams(search)), [search]);
  const onState = useCallback((change: Partial<FeedState>) => {
    const current = readFeedAddress(new URLSearchParams(pageHistory().location.search));
    const opensDetail = change.selectedId !== undefined && current.selectedId === null;
    // Only opening an event is a step the back button should undo.
    locationService.partial(writeFeedAddress({ ...current, ...change }), !opensDetail);
  }, []);
  const runId = state.filter.run || null;
  return (
    <div ref={box} className={styles.box} style={height === null ? undefined : { height }}>
      <PendingBanner runId={runId} />
      {runId === null ? null : <WatchedRun key={runId} runId={runId} hub={hub} />}
      <div className={styles.feed}>
        <FeedView
          source={hub}
          scope={EVERYTHING}
          live
          state={state}
          onState={onState}
          timeZone={pageTimeZone()}
          density="compact"
          newestFirst={false}
          columns={columns}
          onColumns={setColumns}
          permalink={permalink}
        />
      </div>
    </div>
  );
}

function permalink(eventId: string): string {
  return appPath(`feed?event=${encodeURIComponent(eventId)}`);
}

const getStyles = () => ({
  box: css({ label: 'feed-page', display: 'flex', flexDirection: 'column', minHeight: 320 }),
  feed: css({ flex: 1, minHeight: 0 }),
});
