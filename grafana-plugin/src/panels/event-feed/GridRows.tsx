import type { EventRow } from '@signalbox/event-model';
import { useMemo } from 'react';
import { FeedRow } from './FeedRow.tsx';
import type { FeedGridProps } from './FeedGrid.tsx';
import { runStarts } from './row-time.ts';
import type { GridScroll } from './use-feed-grid.ts';
import { useNow } from './use-now.ts';

interface GridRowsProps {
  feed: FeedGridProps;
  rows: readonly EventRow[];
  grid: GridScroll;
  onOpen: (id: string) => void;
}

/** The rows in view, at their places. */
export function GridRows({ feed, rows, grid, onOpen }: GridRowsProps) {
  const { model, layout, state, newestFirst } = feed;
  const starts = useMemo(() => runStarts(model.scopeRows), [model.scopeRows]);
  const now = useNow(true);
  return (
    <div role="presentation" style={{ height: grid.virtualizer.getTotalSize(), position: 'relative' }}>
      {grid.virtualizer.getVirtualItems().map((item) => {
        const row = rows[item.index];
        if (!row) return null;
        return (
          <FeedRow
            key={row.id}
            row={row}
            before={rows[item.index + (newestFirst ? 1 : -1)]}
            runStart={starts.get(row.runId)}
            index={item.index}
            top={item.start}
            layout={layout}
            time={state.time}
            timeZone={feed.timeZone}
            now={now}
            active={item.index === grid.active}
            selected={row.id === state.selectedId}
            search={state.filter.q}
            onOpen={onOpen}
          />
        );
      })}
    </div>
  );
}
