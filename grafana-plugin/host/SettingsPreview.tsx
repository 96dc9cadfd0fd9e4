import type { AppPlugin, AppPluginMeta } from '@grafana/data';
import { locationService } from '@grafana/runtime';
import { type ComponentType, useEffect, useState } from 'react';
import { LoadFailure } from './LoadFailure.tsx';
import { importPluginModule } from './shared-modules.ts';

type Body = ComponentType<{ plugin: { meta: AppPluginMeta } }>;

/** The app's configuration page, the way Grafana's plugin catalogue would draw it. */
export function SettingsPreview() {
  const [loaded, setLoaded] = useState<{ body: Body } | { error: unknown } | null>(null);
  useEffect(() => {
    loadBody().then(
      (body) => setLoaded({ body }),
      (error: unknown) => setLoaded({ error }),
    );
  }, []);
  return (
    <main style={{ flex: 1, minHeight: 0, overflow: 'auto', padding: 16 }} data-testid="settings-preview">
      {loaded && 'error' in loaded ? <LoadFailure error={loaded.error} /> : null}
      {loaded && 'body' in loaded ? <loaded.body plugin={{ meta: storedSettings() }} /> : null}
    </main>
  );
}

async function loadBody(): Promise<Body> {
  const { plugin } = await importPluginModule<{ plugin: AppPlugin }>('module.js');
  const body = plugin.configPages?.[0]?.body;
  if (!body) throw new Error('the plugin has no configuration page');
  return body as unknown as Body;
}

/** What was stored before: nothing, or with `?stored` an address and both keys. */
function storedSettings(): AppPluginMeta {
  const stored = locationService.getSearch().has('stored');
  return {
    id: 'signalbox-agents-app',
    pinned: true,
    jsonData: stored ? { collectorUrl: 'http://collector:4320' } : {},
    secureJsonFields: stored ? { readKey: true, proxySecret: true } : {},
  } as unknown as AppPluginMeta;
}
