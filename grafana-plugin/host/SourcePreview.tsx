import type { DataQuery } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Alert, Button } from '@grafana/ui';
import { useEffect, useState } from 'react';
import { LoadFailure } from './LoadFailure.tsx';
import { loadPreviewSource, type PreviewSource } from './preview-source.ts';

/** The data source's two editors and its test, the way Grafana's own pages would put them. */
export function SourcePreview() {
  const [loaded, setLoaded] = useState<PreviewSource | { error: unknown } | null>(null);
  useEffect(() => {
    loadPreviewSource().then(setLoaded, (error: unknown) => setLoaded({ error }));
  }, []);
  return (
    <main style={{ flex: 1, minHeight: 0, overflow: 'auto', padding: 16 }} data-testid="source-preview">
      {loaded && 'error' in loaded ? <LoadFailure error={loaded.error} /> : null}
      {loaded && 'source' in loaded ? <Editors loaded={loaded} /> : null}
    </main>
  );
}

function Editors({ loaded }: { loaded: PreviewSource }) {
  const [options, setOptions] = useState<object>({ url: '', jsonData: {}, secureJsonFields: {}, secureJsonData: {} });
  const [query, setQuery] = useState<DataQuery>({ refId: 'A', ...loaded.source.getDefaultQuery?.('explore' as never) });
  const { ConfigEditor, QueryEditor } = loaded.plugin.components;
  const Settings = ConfigEditor;
  const Query = QueryEditor;
  const none = () => undefined;
  return (
    <>
      {Settings ? <Settings options={options as never} onOptionsChange={setOptions} /> : null}
      <SaveAndTest source={loaded.source} />
      {Query ? <Query datasource={loaded.source} query={query} onChange={setQuery} onRunQuery={none} /> : null}
      <output data-testid="edited" hidden>
        {JSON.stringify({ options, query })}
      </output>
    </>
  );
}

function SaveAndTest({ source }: { source: PreviewSource['source'] }) {
  const [answer, setAnswer] = useState<{ status: string; message: string } | null>(null);
  const test = async () => {
    const { status, message } = (await source.testDatasource()) as { status: string; message: string };
    setAnswer({ status, message });
  };
  return (
    <div style={{ margin: '16px 0' }}>
      <Button onClick={() => void test()}>{t('console.save-and-test', 'Save & test')}</Button>
      {answer ? <Alert severity={answer.status === 'success' ? 'success' : 'error'} title={answer.message} /> : null}
    </div>
  );
}
