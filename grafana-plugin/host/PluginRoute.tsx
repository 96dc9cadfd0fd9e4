import { type AppPlugin, type AppPluginMeta, type AppRootProps } from '@grafana/data';
import { locationService } from '@grafana/runtime';
import { type ComponentType, lazy, Suspense, useEffect, useState } from 'react';
import { ApprovalsPreview } from './ApprovalsPreview.tsx';
import { LoadFailure } from './LoadFailure.tsx';
import { PanelPreview } from './PanelPreview.tsx';
import { SettingsPreview } from './SettingsPreview.tsx';
import { SourcePreview } from './SourcePreview.tsx';
import { pageHistory } from '../src/shared/page-location.ts';
import { importPluginModule } from './shared-modules.ts';

const APP_PATH = '/a/signalbox-agents-app';
/** What stands alone in Grafana too, for trying it out of a dashboard or a settings page. */
const PREVIEWS: Record<string, ComponentType> = {
  '/a/signalbox-eventfeed-panel': PanelPreview,
  '/a/signalbox-approvals-panel': ApprovalsPreview,
  '/a/signalbox-agents-settings': SettingsPreview,
  '/a/signalbox-events-datasource': SourcePreview,
};

/** Draws the app or one of its parts, by the address. */
export function PluginRoute() {
  const path = usePath();
  useEffect(() => {
    if (!path.startsWith('/a/')) locationService.replace(`${APP_PATH}/feed`);
  }, [path]);
  const Preview = PREVIEWS[path];
  if (Preview) return <Preview />;
  return (
    <Suspense fallback={null}>
      <App />
    </Suspense>
  );
}

const App = lazy(async (): Promise<{ default: ComponentType }> => {
  try {
    const { plugin } = await importPluginModule<{ plugin: AppPlugin }>('module.js');
    const Root = plugin.root;
    if (!Root) throw new Error('the plugin has no root page');
    // The console talks to its own server; with this parameter the page goes the way it goes in Grafana.
    const proxied = locationService.getSearch().get('signalbox-base') === 'proxy';
    const meta = { id: 'signalbox-agents-app', jsonData: proxied ? {} : { apiBase: '' } } as unknown as AppPluginMeta;
    plugin.init(meta);
    const props: AppRootProps = { meta, basename: APP_PATH, path: APP_PATH, query: {}, onNavChanged: () => undefined };
    return { default: () => <Root {...props} /> };
  } catch (error) {
    return { default: () => <LoadFailure error={error} /> };
  }
});

function usePath(): string {
  const [path, setPath] = useState(() => pageHistory().location.pathname);
  useEffect(() => pageHistory().listen((location) => setPath(location.pathname)), []);
  return path;
}
