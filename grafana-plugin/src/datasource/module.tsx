import { DataSourcePlugin } from '@grafana/data';
import { loadTranslations } from '../shared/i18n.ts';
import { ConfigEditor } from './ConfigEditor.tsx';
import { EventsDataSource } from './datasource.ts';
import type { EventsJsonData, EventsQuery, EventsSecureData } from './query.ts';
import { QueryEditor } from './QueryEditor.tsx';

await loadTranslations('signalbox-events-datasource');

/** The events data source. */
export const plugin = new DataSourcePlugin<EventsDataSource, EventsQuery, EventsJsonData, EventsSecureData>(EventsDataSource)
  .setConfigEditor(ConfigEditor)
  .setQueryEditor(QueryEditor);
