import { type DataSourcePluginOptionsEditorProps, DataSourcePlugin, type QueryEditorProps } from '@grafana/data';
import { lazy, Suspense } from 'react';
import { EventsDataSource } from './datasource.ts';
import { datasourceTexts } from './datasource-texts.ts';
import type { EventsJsonData, EventsQuery, EventsSecureData } from './query.ts';

const LazyConfigEditor = lazy(() => datasourceTexts.then(() => import('./ConfigEditor.tsx')));
const LazyQueryEditor = lazy(() => datasourceTexts.then(() => import('./QueryEditor.tsx')));

function ConfigEditor(props: DataSourcePluginOptionsEditorProps<EventsJsonData, EventsSecureData>) {
  return (
    <Suspense fallback={null}>
      <LazyConfigEditor {...props} />
    </Suspense>
  );
}

function QueryEditor(props: QueryEditorProps<EventsDataSource, EventsQuery, EventsJsonData>) {
  return (
    <Suspense fallback={null}>
      <LazyQueryEditor {...props} />
    </Suspense>
  );
}

/** The events data source. */
export const plugin = new DataSourcePlugin<EventsDataSource, EventsQuery, EventsJsonData, EventsSecureData>(
  EventsDataSource,
)
  .setConfigEditor(ConfigEditor)
  .setQueryEditor(QueryEditor);
