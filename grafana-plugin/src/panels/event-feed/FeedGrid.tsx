import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import { type RefObject, useMemo, useRef } from 'react';
import { copyText } from '../../shared/copy-text.ts';
import { GridRows } from './GridRows.tsx';
import { JumpButton } from './JumpButton.tsx';
import { GridHead } from './GridHead.tsx';
import { getGridStyles } from './grid-styles.ts';
import type { FeedLayout } from './feed-layout.ts';
import { type FeedLine, flatLines, groupedLines } from './feed-lines.ts';
import { toggleValue } from './filter-choice.ts';
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
  const lines = useLines(props);
  const scroller = useRef<HTMLDivElement>(null);
  const grid = useFeedGrid(scroller, {
    rows: lines,
    rowHeight: layout.rowHeight,
    following: model.following,
    newestFirst,
    loadOlder: model.loadOlder,
    hasOlder: model.snapshot.hasOlder,
  });
  const onKeyDown = useGridKeys(props, lines, grid, scroller);
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
        aria-rowcount={model.snapshot.hasOlder ? -1 : lines.length + 1}
        className={styles.grid}
        onKeyDown={onKeyDown}
        onWheel={(event) => {
          if (event.deltaY < 0 !== newestFirst) model.pause();
        }}
        onTouchMove={model.pause}
      >
        {layout.narrow ? null : <GridHead layout={layout} time={state.time} onTime={(time) => onState({ time })} />}
        <div ref={scroller} role="rowgroup" className={styles.scroller} data-testid="feed-scroller">
          <GridRows
            feed={props}
            lines={lines}
            grid={grid}
            onOpen={open}
            onToggle={(runId) => toggleRun(props, runId)}
          />
        </div>
      </div>
      {model.following ? null : <JumpButton model={model} newestFirst={newestFirst} />}
      {props.help ? <KeyHelp onClose={() => props.onHelp(false)} /> : null}
    </div>
  );
}

function useLines({ model, state, newestFirst }: FeedGridProps): FeedLine[] {
  const { rows } = model;
  const { grouped, closed } = state;
  return useMemo(() => {
    const ordered = newestFirst ? rows.slice().reverse() : rows;
    return grouped ? groupedLines(ordered, closed, newestFirst) : flatLines(ordered, newestFirst);
  }, [rows, grouped, closed, newestFirst]);
}

function toggleRun({ model, state, onState }: FeedGridProps, runId: string): void {
  // Rows move under the reader's eyes: following on would move them once more.
  model.pause();
  onState({ closed: toggleValue(state.closed, runId) });
}

/** Keys work only while the focus is inside the grid: single letters elsewhere belong to others. */
function useGridKeys(
  props: FeedGridProps,
  lines: readonly FeedLine[],
  grid: GridScroll,
  scroller: RefObject<HTMLElement>,
) {
  const { model, state, onState } = props;
  const focusRow = (index: number) => {
    const line = lines[index];
    if (!line) return;
    if (index < grid.active) model.pause();
    grid.setActiveId(line.id);
    grid.virtualizer.scrollToIndex(index, { align: 'auto' });
    if (state.selectedId && line.kind === 'event') onState({ selectedId: line.id });
    requestAnimationFrame(() => {
      scroller.current?.querySelector<HTMLElement>(`[data-row-id="${CSS.escape(line.id)}"]`)?.focus();
    });
  };
  const active = lines[grid.active];
  const event = active?.kind === 'event' ? active.row : null;
  const perform = (action: FeedAction) => {
    if (action.kind === 'move') return focusRow(action.index);
    const steps: Record<Exclude<FeedAction['kind'], 'move'>, () => void> = {
      open: () => {
        if (active?.kind === 'run') return toggleRun(props, active.run.runId);
        model.pause();
        if (event) onState({ selectedId: event.id });
      },
      back: () => (props.help ? props.onHelp(false) : onState({ selectedId: null })),
      search: props.onSearch,
      link: () => void copyText(new URL(props.permalink(event?.id ?? '') ?? '', window.location.href).href),
      copy: () => void copyText(JSON.stringify(event ?? active ?? null, null, 2)),
      follow: model.follow,
      help: () => props.onHelp(!props.help),
    };
    steps[action.kind]();
  };
  return (event: React.KeyboardEvent) => {
    if (event.target instanceof HTMLInputElement) return;
    const pageSize = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / props.layout.rowHeight) - 1);
    const action = readKey(event, { rows: lines, active: grid.active, pageSize, searching: state.filter.q !== '' });
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    perform(action);
  };
}
