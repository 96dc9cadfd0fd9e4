import type { AppPluginMeta } from '@grafana/data';
import { t } from '@grafana/i18n';
import { getBackendSrv } from '@grafana/runtime';
import { Alert, Button, Field, FieldSet, Input, SecretInput } from '@grafana/ui';
import { useState } from 'react';
import { lastValueFrom } from 'rxjs';
import type { AppSettings } from '../shared/app-settings.ts';
import { normalizeCollectorUrl } from '../shared/collector-address.ts';
import { ConnectionTest } from './ConnectionTest.tsx';

interface ConfigPageProps {
  meta: AppPluginMeta<AppSettings>;
}

/** Where the collector is and with which keys Grafana reads it. */
export default function ConfigPage({ meta }: ConfigPageProps) {
  const [url, setUrl] = useState(meta.jsonData?.collectorUrl ?? '');
  const [readKey, setReadKey] = useSecret(meta, 'readKey');
  const [proxySecret, setProxySecret] = useSecret(meta, 'proxySecret');
  const [outcome, setOutcome] = useState<'saved' | 'failed' | null>(null);
  const address = normalizeCollectorUrl(url);
  const save = async () => {
    try {
      await saveSettings(meta, { collectorUrl: address ?? '', readKey, proxySecret });
      setOutcome('saved');
    } catch {
      setOutcome('failed');
    }
  };
  return (
    <FieldSet label={t('config.title', 'Collector')}>
      <UrlField url={url} valid={address !== null} onChange={setUrl} />
      <SecretField
        id="read-key"
        label={t('config.read-key', 'Read key')}
        hint={t('config.read-key-hint', 'SIGNALBOX_READ_KEY of the collector. It can read and do nothing else.')}
        value={readKey}
        onChange={setReadKey}
      />
      <SecretField
        id="proxy-secret"
        label={t('config.proxy-secret', 'Proxy secret')}
        hint={t(
          'config.proxy-secret-hint',
          'SIGNALBOX_PROXY_SECRET of the collector: proves that a request came through this Grafana.',
        )}
        value={proxySecret}
        onChange={setProxySecret}
      />
      <Button disabled={!address} onClick={() => void save()}>
        {t('config.save', 'Save')}
      </Button>
      <div style={{ marginTop: 16 }}>
        {outcome === 'saved' ? <Alert severity="success" title={t('config.saved', 'Saved')} /> : null}
        {outcome === 'failed' ? (
          <Alert severity="error" title={t('config.save-failed', 'Grafana did not save the settings')} />
        ) : null}
        <ConnectionTest />
      </div>
    </FieldSet>
  );
}

function UrlField({ url, valid, onChange }: { url: string; valid: boolean; onChange: (url: string) => void }) {
  return (
    <Field
      label={t('config.url', 'Collector URL')}
      description={t('config.url-hint', 'As Grafana’s server reaches it, for example http://collector:4320')}
      invalid={url !== '' && !valid}
      error={t('config.url-invalid', 'Enter an address that starts with http:// or https://')}
    >
      <Input
        width={60}
        value={url}
        id="collector-url"
        placeholder="http://localhost:4320"
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </Field>
  );
}

interface SecretFieldProps {
  id: string;
  label: string;
  hint: string;
  /** Null while the stored key is kept. */
  value: string | null;
  onChange: (value: string) => void;
}

function SecretField({ id, label, hint, value, onChange }: SecretFieldProps) {
  return (
    <Field label={label} description={hint}>
      <SecretInput
        id={id}
        width={60}
        isConfigured={value === null}
        value={value ?? ''}
        onReset={() => onChange('')}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </Field>
  );
}

function useSecret(meta: ConfigPageProps['meta'], name: 'readKey' | 'proxySecret') {
  return useState<string | null>(meta.secureJsonFields?.[name] ? null : '');
}

async function saveSettings(
  meta: ConfigPageProps['meta'],
  values: { collectorUrl: string; readKey: string | null; proxySecret: string | null },
): Promise<void> {
  const secureJsonData: Record<string, string> = {};
  if (values.readKey) secureJsonData.readKey = values.readKey;
  if (values.proxySecret) secureJsonData.proxySecret = values.proxySecret;
  const data = {
    enabled: true,
    pinned: meta.pinned ?? true,
    jsonData: { ...meta.jsonData, collectorUrl: values.collectorUrl },
    secureJsonData,
  };
  await lastValueFrom(getBackendSrv().fetch({ url: `/api/plugins/${meta.id}/settings`, method: 'POST', data }));
}
