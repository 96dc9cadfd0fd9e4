import { getDefaultTimeRange, LoadingState, type PanelPlugin, type PanelProps } from '@grafana/data';
import { type ComponentType, useEffect, useRef, useState } from 'react';
import { useElementWidth } from '../src/shared/use-element-width.ts';
import { LoadFailure } from './LoadFailure.tsx';
import { importPluginModule } from './shared-modules.ts';

const HEIGHT_PX = 620;

/** The approvals panel, the way a dashboard would draw it. */
export function ApprovalsPreview() {
  const frame = useRef<HTMLElement>(null);
  const width = useElementWidth(frame);
  const [loaded, setLoaded] = useState<{ Panel: ComponentType<PanelProps> } | { error: unknown } | null>(null);
  useEffect(() => {
    loadPanel().then(
      (Panel) => setLoaded({ Panel }),
      (error: unknown) => setLoaded({ error }),
    );
  }, []);
  return (
    <main ref={frame} style={{ flex: 1, minHeight: 0, padding: 16 }} data-testid="panel-preview">
      {loaded && 'error' in loaded ? <LoadFailure error={loaded.error} /> : null}
      {loaded && 'Panel' in loaded && width > 0 ? <loaded.Panel {...panelProps(width)} /> : null}
    </main>
  );
}

async function loadPanel(): Promise<ComponentType<PanelProps>> {
  const { plugin } = await importPluginModule<{ plugin: PanelPlugin }>('panels/approvals/module.js');
  if (!plugin.panel) throw new Error('the panel has no component');
  return plugin.panel;
}

function panelProps(width: number): PanelProps {
  const timeRange = getDefaultTimeRange();
  const props = {
    id: 1,
    data: { series: [], state: LoadingState.Done, timeRange },
    timeRange,
    timeZone: 'browser',
    options: {},
    width,
    height: HEIGHT_PX,
    title: '',
    replaceVariables: (text: string) => text,
  };
  return props as unknown as PanelProps;
}
