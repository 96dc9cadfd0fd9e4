import { type DataSourceApi, type DataSourceInstanceSettings, type DataSourcePlugin, PluginType } from '@grafana/data';
import { locationService } from '@grafana/runtime';
import { importPluginModule } from './shared-modules.ts';

/** The data source as Grafana would have made it for one configured instance. */
export interface PreviewSource {
  plugin: DataSourcePlugin<DataSourceApi>;
  source: DataSourceApi;
}

/** Loads the data source and points it at the proxy path the address names. */
export async function loadPreviewSource(): Promise<PreviewSource> {
  const { plugin } = await importPluginModule<{ plugin: DataSourcePlugin<DataSourceApi> }>('datasource/module.js');
  const type = 'signalbox-events-datasource';
  const settings = { uid: 'preview', name: 'Signalbox', type, url: proxyPath(), jsonData: {} };
  const meta = { id: type, type: PluginType.datasource };
  const instance = { ...settings, meta } as unknown as DataSourceInstanceSettings;
  return { plugin, source: new plugin.DataSourceClass(instance) };
}

/** Only paths of this origin: an address must not make the page talk to another server. */
function proxyPath(): string {
  const wanted = locationService.getSearch().get('url') ?? '';
  return /^\/[^/\\]/.test(wanted) ? wanted : '';
}
