import type { DataSourcePluginOptionsEditorProps } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Field, Input, SecretInput } from '@grafana/ui';
import { normalizeCollectorUrl } from '../shared/collector-address.ts';
import type { EventsJsonData, EventsSecureData } from './query.ts';

type Props = DataSourcePluginOptionsEditorProps<EventsJsonData, EventsSecureData>;

/** Where the collector is and the key to read it. */
export default function ConfigEditor({ options, onOptionsChange }: Props) {
  const configured = Boolean(options.secureJsonFields?.readKey);
  const invalid = options.url !== '' && normalizeCollectorUrl(options.url) === null;
  return (
    <>
      <Field
        label={t('config.url', 'Collector URL')}
        description={t('config.url-hint', 'As Grafana’s server reaches it, for example http://collector:4320')}
        invalid={invalid}
        error={t('config.url-invalid', 'Enter an address that starts with http:// or https://')}
        required
      >
        <Input
          id="collector-url"
          width={60}
          value={options.url}
          placeholder="http://localhost:4320"
          onChange={(event) => onOptionsChange({ ...options, url: event.currentTarget.value.trim() })}
        />
      </Field>
      <Field
        label={t('config.read-key', 'Read key')}
        description={t('config.read-key-hint', 'SIGNALBOX_READ_KEY of the collector. It can read and do nothing else.')}
      >
        <SecretInput
          id="read-key"
          width={60}
          isConfigured={configured}
          value={options.secureJsonData?.readKey ?? ''}
          onReset={() =>
            onOptionsChange({
              ...options,
              secureJsonFields: { ...options.secureJsonFields, readKey: false },
              secureJsonData: { ...options.secureJsonData, readKey: '' },
            })
          }
          onChange={(event) =>
            onOptionsChange({
              ...options,
              secureJsonData: { ...options.secureJsonData, readKey: event.currentTarget.value },
            })
          }
        />
      </Field>
    </>
  );
}
