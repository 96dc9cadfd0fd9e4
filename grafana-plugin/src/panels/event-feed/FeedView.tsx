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
import type { ColumnName } from './feed-columns.ts';
import { feedLayout } from './feed-layout.ts';
import { getFeedStyles } from './feed-styles.ts';
import { RunningStrip } from './RunningStrip.tsx';
import { StatusAnnouncer } from './StatusAnnouncer.tsx';
import { useElementWidth } from '../../shared/use-element-width.ts';
import { ViewChoices } from './ViewChoices.tsx';
import { type FeedInput, type FeedModel, type FeedState, useFeedModel } from './use-feed-model.ts';

/** What a feed view is given by the panel or page around it. */
export interface FeedViewProps extends FeedInput {
  onState: (change: Partial<FeedState>) => void;
  timeZone: string;
  density: 'compact' | 'comfortable';
  newestFirst: boolean;
  columns: readonly ColumnName[];
  onColumns: (columns: readonly ColumnName[]) => void;
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
  const layout = feedLayout(width, {
    detailOpen: state.selectedId !== null,
    density: props.density,
    columns: props.columns,
  });
  const onlyDetail = state.selectedId !== null && !layout.sideBySide;

  return (
    <div ref={root} className={styles.root}>
      <section
        className={cx(styles.list, onlyDetail && styles.hidden)}
        aria-label={t('feed.region', 'Event feed')}
        data-testid="feed"
      >
        <FeedToolbar model={model} state={state} onState={onState} searchRef={search} narrow={layout.narrow} />
        <FilterBar model={model} state={state} onState={onState}>
          <ViewChoices
            grouped={state.grouped}
            onGrouped={(grouped) => onState({ grouped })}
            columns={props.columns}
            onColumns={props.onColumns}
            narrow={layout.narrow}
          />
        </FilterBar>
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
      <FeedDetail {...props} model={model} alone={onlyDetail} />
    </div>
  );
}

function FeedDetail({ state, onState, model, alone, ...props }: FeedViewProps & { model: FeedModel; alone: boolean }) {
  const id = state.selectedId;
  if (!id) return null;
  return (
    <DetailPane
      key={id}
      id={id}
      row={model.rows.find((row) => row.id === id) ?? null}
      api={props.source.api}
      timeZone={props.timeZone}
      permalink={props.permalink(id)}
      alone={alone}
      onClose={() => onState({ selectedId: null })}
      onOpen={(selectedId) => onState({ selectedId })}
      filter={state.filter}
      onFilter={(filter) => onState({ filter })}
    />
  );
}
