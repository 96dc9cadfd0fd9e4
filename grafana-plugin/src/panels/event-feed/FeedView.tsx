import { cx } from '@emotion/css';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import { useRef, useState } from 'react';
import { DetailPane } from './detail/DetailPane.tsx';
import { FeedBanner } from './FeedBanner.tsx';
import { FeedBody } from './FeedBody.tsx';
import { FeedFooter } from './FeedFooter.tsx';
import { FeedToolbar } from './FeedToolbar.tsx';
import { FilterBar } from './FilterBar.tsx';
import { feedLayout } from './feed-layout.ts';
import { getFeedStyles } from './feed-styles.ts';
import { RunningStrip } from './RunningStrip.tsx';
import { StatusAnnouncer } from './StatusAnnouncer.tsx';
import { useElementWidth } from './use-element-width.ts';
import { type FeedInput, type FeedState, useFeedModel } from './use-feed-model.ts';

/** What a feed view is given by the panel or page around it. */
export interface FeedViewProps extends FeedInput {
  onState: (change: Partial<FeedState>) => void;
  timeZone: string;
  density: 'compact' | 'comfortable';
  newestFirst: boolean;
  /** Address of an event's own page; null where there is none. */
  permalink: (eventId: string) => string | null;
}

/** The live feed with filters and, beside it, the event being read. */
export function FeedView(props: FeedViewProps) {
  const { state, onState } = props;
  const styles = useStyles2(getFeedStyles);
  const root = useRef<HTMLDivElement>(null);
  const search = useRef<HTMLInputElement>(null);
  const [help, setHelp] = useState(false);
  const width = useElementWidth(root);
  const model = useFeedModel(props);
  const layout = feedLayout(width, { detailOpen: state.selectedId !== null, density: props.density });
  const onlyDetail = state.selectedId !== null && !layout.sideBySide;
  const close = () => onState({ selectedId: null });

  return (
    <div ref={root} className={styles.root}>
      <section
        className={cx(styles.list, onlyDetail && styles.hidden)}
        aria-label={t('feed.region', 'Event feed')}
        data-testid="feed"
      >
        <FeedToolbar model={model} state={state} onState={onState} searchRef={search} narrow={layout.narrow} />
        <FilterBar model={model} state={state} onState={onState} />
        <FeedBanner model={model} />
        <RunningStrip model={model} onOpen={(selectedId) => onState({ selectedId })} />
        <FeedBody
          {...props}
          model={model}
          layout={layout}
          onSearch={() => search.current?.focus()}
          help={help}
          onHelp={setHelp}
        />
        <FeedFooter model={model} onHelp={() => setHelp(!help)} narrow={layout.narrow} />
        <StatusAnnouncer rows={model.scopeRows} />
      </section>
      {state.selectedId ? (
        <DetailPane
          key={state.selectedId}
          id={state.selectedId}
          row={model.rows.find((row) => row.id === state.selectedId) ?? null}
          api={props.source.api}
          timeZone={props.timeZone}
          permalink={props.permalink(state.selectedId)}
          alone={onlyDetail}
          onClose={close}
          onOpen={(selectedId) => onState({ selectedId })}
        />
      ) : null}
    </div>
  );
}
