import { LoadingState, type PanelProps } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Alert } from '@grafana/ui';
import { useCallback, useMemo, useState } from 'react';
import { readColumns } from './feed-columns.ts';
import { FeedView } from './FeedView.tsx';
import { NO_CHOICE } from './filter-choice.ts';
import { readFeedFrames } from './feed-frames.ts';
import { DEFAULT_OPTIONS, type FeedPanelOptions } from './panel-options.ts';
import type { FeedState } from './use-feed-model.ts';

const PLAIN: FeedState = { filter: NO_CHOICE, selectedId: null, time: 'clock', grouped: false, closed: [] };

/** The feed in a dashboard: rows, filter and time range come from the panel's query. */
export default function EventFeedPanel(props: PanelProps<FeedPanelOptions>) {
  const { data, options, timeZone, width, height } = props;
  const [state, setState] = useState<FeedState>(PLAIN);
  const onState = useCallback((change: Partial<FeedState>) => setState((known) => ({ ...known, ...change })), []);
  const found = useMemo(() => readFeedFrames(data.series), [data.series]);
  if (!found) {
    if (data.state === LoadingState.Loading || data.state === LoadingState.NotStarted) return null;
    const words =
      data.errors?.[0]?.message ??
      t('panel.wrong-source', 'Choose a data source of type "Signalbox events" for this panel.');
    return (
      <Alert severity="info" title={t('panel.no-events', 'The query gives no agent events')}>
        {words}
      </Alert>
    );
  }
  return (
    <div style={{ width, height }}>
      <FeedView
        source={found.source}
        scope={found.scope}
        live={found.live}
        state={state}
        onState={onState}
        timeZone={timeZone}
        density={options.density ?? DEFAULT_OPTIONS.density}
        newestFirst={options.newestFirst ?? DEFAULT_OPTIONS.newestFirst}
        columns={readColumns(options.columns)}
        onColumns={(columns) => props.onOptionsChange({ ...options, columns: [...columns] })}
        permalink={permalink}
      />
    </div>
  );
}

function permalink(eventId: string): string {
  return `/a/signalbox-agents-app/feed?event=${encodeURIComponent(eventId)}`;
}
