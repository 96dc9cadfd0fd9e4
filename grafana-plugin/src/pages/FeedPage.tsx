import { css } from '@emotion/css';
import type { EventFilter } from '@signalbox/event-model';
import { config, locationService } from '@grafana/runtime';
import { useStyles2 } from '@grafana/ui';
import { useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { hubFor } from '../client/browser-client.ts';
import { FeedView } from '../panels/event-feed/FeedView.tsx';
import type { FeedState } from '../panels/event-feed/use-feed-model.ts';
import { pageHistory } from '../shared/page-location.ts';
import { renewSession } from '../shared/renew-session.ts';
import { useStoredColumns } from './use-stored-columns.ts';
import { readFeedAddress, writeFeedAddress } from './feed-address.ts';
import { useSearch } from './use-search.ts';

const EVERYTHING: EventFilter = {};
const PROXY = '/api/plugin-proxy/signalbox-agents-app';

/** The live activity of all agents. What is filtered and read is in the address. */
export function FeedPage({ apiBase }: { apiBase: string | undefined }) {
  const styles = useStyles2(getStyles);
  const box = useRef<HTMLDivElement>(null);
  const height = useRemainingHeight(box);
  const hub = useMemo(() => hubFor(apiBase ?? `${config.appSubUrl ?? ''}${PROXY}`, renewSession), [apiBase]);
  const [columns, setColumns] = useStoredColumns();
  const search = useSearch();
  const state = useMemo(() => readFeedAddress(new URLSearchParams(search)), [search]);
  const onState = useCallback((change: Partial<FeedState>) => {
    const current = readFeedAddress(new URLSearchParams(pageHistory().location.search));
    const opensDetail = change.selectedId !== undefined && current.selectedId === null;
    // Only opening an event is a step the back button should undo.
    locationService.partial(writeFeedAddress({ ...current, ...change }), !opensDetail);
  }, []);
  return (
    <div ref={box} className={styles.box} style={height === null ? undefined : { height }}>
      <FeedView
        source={hub}
        scope={EVERYTHING}
        live
        state={state}
        onState={onState}
        timeZone={timeZone()}
        density="compact"
        newestFirst={false}
        columns={columns}
        onColumns={setColumns}
        permalink={permalink}
      />
    </div>
  );
}

function permalink(eventId: string): string {
  return `${config.appSubUrl ?? ''}/a/signalbox-agents-app/feed?event=${encodeURIComponent(eventId)}`;
}

function timeZone(): string {
  return config.bootData.user.timezone || 'browser';
}

const LEAST_PX = 320;
const MARGIN_PX = 16;

/** Grafana's pages scroll as a whole; a feed needs a height of its own to follow and to virtualise. */
function useRemainingHeight(box: React.RefObject<HTMLElement | null>): number | null {
  const [height, setHeight] = useState<number | null>(null);
  useLayoutEffect(() => {
    const measure = () => {
      const top = box.current?.getBoundingClientRect().top ?? 0;
      setHeight(Math.max(LEAST_PX, window.innerHeight - top - MARGIN_PX));
    };
    measure();
    window.addEventListener('resize', measure);
    return () => window.removeEventListener('resize', measure);
  }, [box]);
  return height;
}

const getStyles = () => ({ box: css({ label: 'feed-page', minHeight: LEAST_PX }) });
