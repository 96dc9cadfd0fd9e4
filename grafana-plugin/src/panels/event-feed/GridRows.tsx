import { useMemo } from 'react';
import { FeedRow } from './FeedRow.tsx';
import type { FeedGridProps } from './FeedGrid.tsx';
import type { FeedLine } from './feed-lines.ts';
import { runStarts } from './row-time.ts';
import { RunHead } from './RunHead.tsx';
import type { GridScroll } from './use-feed-grid.ts';
import { isAfterStop } from '../../control/stop-shape.ts';
import { useStopMark } from '../../control/use-stop-mark.ts';
import { useRunStarts } from './use-run-starts.ts';
import { useNow } from '../../shared/use-now.ts';

interface GridRowsProps {
  feed: FeedGridProps;
  lines: readonly FeedLine[];
  grid: GridScroll;
  onOpen: (id: string) => void;
  onToggle: (runId: string) => void;
}

/** The lines in view, at their places. */
export function GridRows({ feed, lines, grid, onOpen, onToggle }: GridRowsProps) {
  const { model, layout, state } = feed;
  const loaded = useMemo(() => runStarts(model.scopeRows), [model.scopeRows]);
  const starts = useRunStarts(feed.source.api, loaded, state.time === 'run');
  const now = useNow(true);
  const stop = useStopMark(state.filter.run || null);
  return (
    <div role="presentation" style={{ height: grid.virtualizer.getTotalSize(), position: 'relative' }}>
      {grid.virtualizer.getVirtualItems().map((item) => {
        const line = lines[item.index];
        if (!line) return null;
        const place = { index: item.index, top: item.start, layout, now, active: item.index === grid.active };
        if (line.kind === 'run')
          return <RunHead key={line.id} {...place} line={line} rows={model.scopeRows} onToggle={onToggle} />;
        return (
          <FeedRow
            key={line.id}
            {...place}
            row={line.row}
            before={line.before}
            runStart={starts.get(line.row.runId)}
            time={state.time}
            timeZone={feed.timeZone}
            selected={line.id === state.selectedId}
            afterStop={line.row.runId === stop?.runId && isAfterStop(line.row, stop.at) ? stop.kind : null}
            search={state.filter.q}
            onOpen={onOpen}
          />
        );
      })}
    </div>
  );
}
