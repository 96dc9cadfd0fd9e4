import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import { type RefObject, useMemo, useRef } from 'react';
import { copyText } from '../../shared/copy-text.ts';
import { GridRows } from './GridRows.tsx';
import { JumpButton } from './JumpButton.tsx';
import { GridHead } from './GridHead.tsx';
import { getGridStyles } from './grid-styles.ts';
import type { FeedLayout } from './feed-layout.ts';
import { type FeedAction, readKey } from './feed-keys.ts';
import type { FeedViewProps } from './FeedView.tsx';
import { KeyHelp } from './KeyHelp.tsx';
import { type GridScroll, useFeedGrid } from './use-feed-grid.ts';
import type { FeedModel } from './use-feed-model.ts';

/** What the grid is given. */
export interface FeedGridProps extends FeedViewProps {
  model: FeedModel;
  layout: FeedLayout;
  onSearch: () => void;
  help: boolean;
  onHelp: (shown: boolean) => void;
}

/** The rows: virtualised, followed or paused, and walked by keyboard. */
export function FeedGrid(props: FeedGridProps) {
  const { model, layout, state, onState, newestFirst } = props;
  const styles = useStyles2(getGridStyles);
  const rows = useMemo(() => (newestFirst ? model.rows.slice().reverse() : model.rows), [model.rows, newestFirst]);
  const scroller = useRef<HTMLDivElement>(null);
  const grid = useFeedGrid(scroller, {
    rows,
    rowHeight: layout.rowHeight,
    following: model.following,
    newestFirst,
    loadOlder: model.loadOlder,
    hasOlder: model.snapshot.hasOlder,
  });
  const onKeyDown = useGridKeys(props, rows, grid, scroller);
  const open = (id: string) => {
    model.pause();
    grid.setActiveId(id);
    onState({ selectedId: id });
  };

  return (
    <div className={styles.box} data-stale={model.freshness.kind === 'reconnecting' || undefined}>
      <div
        role="grid"
        aria-label={t('feed.grid', 'Events')}
        aria-rowcount={model.snapshot.hasOlder ? -1 : rows.length + 1}
        className={styles.grid}
        onKeyDown={onKeyDown}
        onWheel={(event) => {
          if (event.deltaY < 0 !== newestFirst) model.pause();
        }}
        onTouchMove={model.pause}
      >
        {layout.narrow ? null : <GridHead layout={layout} time={state.time} onTime={(time) => onState({ time })} />}
        <div ref={scroller} role="rowgroup" className={styles.scroller} data-testid="feed-scroller">
          <GridRows feed={props} rows={rows} grid={grid} onOpen={open} />
        </div>
      </div>
      {model.following ? null : <JumpButton model={model} newestFirst={newestFirst} />}
      {props.help ? <KeyHelp onClose={() => props.onHelp(false)} /> : null}
    </div>
  );
}

/** Keys work only while the focus is inside the grid: single letters elsewhere belong to others. */
function useGridKeys(
  props: FeedGridProps,
  rows: FeedModel['rows'],
  grid: GridScroll,
  scroller: RefObject<HTMLElement>,
) {
  const { model, state, onState } = props;
  const focusRow = (index: number) => {
    const row = rows[index];
    if (!row) return;
    if (index < grid.active) model.pause();
    grid.setActiveId(row.id);
    grid.virtualizer.scrollToIndex(index, { align: 'auto' });
    if (state.selectedId) onState({ selectedId: row.id });
    requestAnimationFrame(() => {
      scroller.current?.querySelector<HTMLElement>(`[data-row-id="${CSS.escape(row.id)}"]`)?.focus();
    });
  };
  const active = rows[grid.active];
  const perform = (action: FeedAction) => {
    if (action.kind === 'move') return focusRow(action.index);
    const steps: Record<Exclude<FeedAction['kind'], 'move'>, () => void> = {
      open: () => {
        model.pause();
        if (active) onState({ selectedId: active.id });
      },
      back: () => (props.help ? props.onHelp(false) : onState({ selectedId: null })),
      search: props.onSearch,
      link: () => void copyText(new URL(props.permalink(active?.id ?? '') ?? '', window.location.href).href),
      copy: () => void copyText(JSON.stringify(active ?? null, null, 2)),
      follow: model.follow,
      help: () => props.onHelp(!props.help),
    };
    steps[action.kind]();
  };
  return (event: React.KeyboardEvent) => {
    if (event.target instanceof HTMLInputElement) return;
    const pageSize = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / props.layout.rowHeight) - 1);
    const action = readKey(event, { rows, active: grid.active, pageSize });
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    perform(action);
  };
}
