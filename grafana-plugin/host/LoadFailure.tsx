import { t } from '@grafana/i18n';
import { Alert } from '@grafana/ui';

/** Shown when a plugin module could not be loaded or started. */
export function LoadFailure({ error }: { error: unknown }) {
  const detail = error instanceof Error ? error.message : String(error);
  return <Alert title={t('console.load-failed', 'Signalbox could not be loaded')}>{detail}</Alert>;
}
