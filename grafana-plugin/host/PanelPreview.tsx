import {
  type DataQueryRequest,
  type DataSourceApi,
  dateTime,
  getDefaultTimeRange,
  LoadingState,
  type PanelData,
  type PanelPlugin,
  type PanelProps,
} from '@grafana/data';
import { type ComponentType, useEffect, useRef, useState } from 'react';
import { from as observableFrom, type Unsubscribable } from 'rxjs';
import { LoadFailure } from './LoadFailure.tsx';
import { loadPreviewSource } from './preview-source.ts';
import { importPluginModule } from './shared-modules.ts';

const PADDING_PX = 16;

interface Loaded {
  Panel: ComponentType<PanelProps>;
  source: DataSourceApi;
}

/** One event feed panel on one data source, the way a dashboard would draw it. */
export function PanelPreview() {
  const frame = useRef<HTMLElement>(null);
  const size = useSize(frame);
  const [loaded, setLoaded] = useState<Loaded | { error: unknown } | null>(null);
  useEffect(() => {
    loadPanel().then(setLoaded, (error: unknown) => setLoaded({ error }));
  }, []);
  return (
    <main ref={frame} style={{ flex: 1, minHeight: 0, padding: PADDING_PX }} data-testid="panel-preview">
      {loaded && 'error' in loaded ? <LoadFailure error={loaded.error} /> : null}
      {loaded && 'Panel' in loaded && size ? <Panel loaded={loaded} width={size.width} height={size.height} /> : null}
    </main>
  );
}

function Panel({ loaded, width, height }: { loaded: Loaded; width: number; height: number }) {
  const data = useQuery(loaded.source);
  const props = {
    id: 1,
    data,
    timeRange: data.timeRange,
    timeZone: 'browser',
    options: {},
    width,
    height,
    title: '',
    replaceVariables: (text: string) => text,
  };
  const Component = loaded.Panel;
  return (
    <div style={{ width, height }}>
      <Component {...(props as unknown as PanelProps)} />
    </div>
  );
}

async function loadPanel(): Promise<Loaded> {
  const { source } = await loadPreviewSource();
  const { plugin: panel } = await importPluginModule<{ plugin: PanelPlugin }>('panels/event-feed/module.js');
  if (!panel.panel) throw new Error('the panel has no component');
  return { Panel: panel.panel, source };
}

function useQuery(source: DataSourceApi): PanelData {
  const [data, setData] = useState<PanelData>({
    series: [],
    state: LoadingState.Loading,
    timeRange: getDefaultTimeRange(),
  });
  useEffect(() => {
    const range = { ...getDefaultTimeRange(), from: dateTime().subtract(6, 'hours') };
    range.raw = { from: 'now-6h', to: 'now' };
    const targets = [{ refId: 'A', live: true }];
    const request = { requestId: 'preview', targets, range, scopedVars: {} } as unknown as DataQueryRequest;
    const answers: Unsubscribable = observableFrom(source.query(request)).subscribe((answer) =>
      setData({
        series: answer.data as PanelData['series'],
        state: answer.state ?? LoadingState.Done,
        timeRange: range,
      }),
    );
    return () => answers.unsubscribe();
  }, [source]);
  return data;
}

function useSize(element: React.RefObject<HTMLElement | null>): { width: number; height: number } | null {
  const [size, setSize] = useState<{ width: number; height: number } | null>(null);
  useEffect(() => {
    if (!element.current) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setSize({ width: entry.contentRect.width, height: entry.contentRect.height });
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return size;
}
