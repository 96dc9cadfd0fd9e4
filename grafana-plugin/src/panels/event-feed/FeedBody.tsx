import { isEmptyChoice, NO_CHOICE } from './filter-choice.ts';
import type { FeedLayout } from './feed-layout.ts';
import { FeedGrid } from './FeedGrid.tsx';
import { FilteredOut } from './FilteredOut.tsx';
import { LoadingRows } from './LoadingRows.tsx';
import { NothingReceived } from './NothingReceived.tsx';
import type { FeedModel } from './use-feed-model.ts';
import type { FeedViewProps } from './FeedView.tsx';

interface FeedBodyProps extends FeedViewProps {
  model: FeedModel;
  layout: FeedLayout;
  onSearch: () => void;
  help: boolean;
  onHelp: (shown: boolean) => void;
}

/** The rows, or what stands in their place while there are none. */
export function FeedBody(props: FeedBodyProps) {
  const { model, state, layout } = props;
  const { snapshot } = model;
  if (model.rows.length > 0) return <FeedGrid {...props} />;
  if (snapshot.phase === 'loading') return <LoadingRows rowHeight={layout.rowHeight} />;
  if (snapshot.phase === 'failed') return <div style={{ flex: 1 }} />;
  if (!isEmptyChoice(state.filter)) {
    return <FilteredOut filter={state.filter} onClear={() => props.onState({ filter: NO_CHOICE })} />;
  }
  return <NothingReceived api={props.source.api} scope={props.scope} />;
}
