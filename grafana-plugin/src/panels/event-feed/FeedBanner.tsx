import { t } from '@grafana/i18n';
import { Alert, Button } from '@grafana/ui';
import type { CollectorError } from '../../client/problem.ts';
import { formatIso } from '../../shared/format.ts';
import type { FeedModel } from './use-feed-model.ts';

/** Says what is wrong while the last known events stay on screen. */
export function FeedBanner({ model }: { model: FeedModel }) {
  const { error, updatedAt, rows } = model.snapshot;
  if (!error) return null;
  const since = updatedAt === null ? null : formatIso(new Date(updatedAt).toISOString(), 'browser');
  return (
    <Alert
      severity={error.kind === 'denied' ? 'error' : 'warning'}
      title={failureTitle(error)}
      topSpacing={0}
      bottomSpacing={1}
      style={{ margin: '0 8px 8px' }}
    >
      <div>{failureRemedy(error)}</div>
      {rows.length > 0 && since ? (
        <div>
          {t('banner.last-known', 'Below is what was known at {{time}}.', {
            time: since,
            interpolation: { escapeValue: false },
          })}
        </div>
      ) : null}
      <Button size="sm" variant="secondary" icon="sync" onClick={model.retryNow} style={{ marginTop: 8 }}>
        {t('banner.retry', 'Try again now')}
      </Button>
    </Alert>
  );
}

function failureTitle(error: CollectorError): string {
  switch (error.kind) {
    case 'denied':
      return t('banner.denied', 'You may not read these events');
    case 'database':
      return t('banner.database', 'The collector cannot reach its database');
    case 'not_found':
      return t('banner.not-found', 'There is no Signalbox collector at this address');
    case 'unreachable':
      return t('banner.unreachable', 'The collector does not answer');
    case 'refused':
      return t('banner.refused', 'The collector refused the request');
  }
}

function failureRemedy(error: CollectorError): string {
  const words = error.problem?.hint ?? error.problem?.detail;
  if (words) return words;
  switch (error.kind) {
    case 'denied':
      return t(
        'banner.denied-remedy',
        'The read key may be missing or wrong. A Grafana administrator can set it in the settings of Signalbox.',
      );
    case 'not_found':
      return t('banner.not-found-remedy', 'Check the collector URL in the settings of Signalbox.');
    default:
      return t(
        'banner.unreachable-remedy',
        'New events are kept by the senders and the collector; the feed goes on by itself when it is back.',
      );
  }
}
