import { t } from '@grafana/i18n';
import type { CollectorStatus } from '@signalbox/event-model';
import type { CollectorApi } from '../client/collector-api.ts';
import { type CollectorError, toCollectorError } from '../client/problem.ts';

/** What "Save & test" shows. */
export interface HealthAnswer {
  status: 'success' | 'error';
  message: string;
}

/** First collector release that speaks this contract. */
const OLDEST = [0, 1];

/** Says whether the data source works and, if not, exactly what is wrong. */
export async function checkHealth(api: CollectorApi): Promise<HealthAnswer> {
  try {
    const status = await api.status();
    const fault = faultOf(status);
    if (fault) return { status: 'error', message: fault };
    await api.events({}, { order: 'newest', limit: 1 });
    return {
      status: 'success',
      message: t('health.ok', 'Connected to Signalbox {{version}}', { version: status.version }),
    };
  } catch (error) {
    return { status: 'error', message: failureText(toCollectorError(error)) };
  }
}

function faultOf(status: CollectorStatus): string | null {
  if (typeof status.version !== 'string')
    return t('health.not-collector', 'The address answers, but it is not a Signalbox collector.');
  const [major = 0, minor = 0] = status.version.split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = OLDEST;
  if (major < leastMajor || (major === leastMajor && minor < leastMinor)) {
    return t('health.old', 'The collector is too old ({{version}}). Update it.', { version: status.version });
  }
  if (status.database !== 'ok')
    return t('health.database', 'The collector runs but cannot reach its database. Check its DATABASE_URL.');
  return null;
}

function failureText(error: CollectorError): string {
  switch (error.kind) {
    case 'denied':
      return t(
        'health.denied',
        'The collector does not accept the read key. Enter the value of its SIGNALBOX_READ_KEY.',
      );
    case 'not_found':
      return t('health.not-collector', 'The address answers, but it is not a Signalbox collector.');
    case 'database':
      return t('health.database', 'The collector runs but cannot reach its database. Check its DATABASE_URL.');
    case 'unreachable':
      return t(
        'health.unreachable',
        'Grafana cannot reach the collector at this URL. Check the address and that the collector runs.',
      );
    case 'refused':
      return t('health.refused', 'The collector refused: {{reason}}', {
        reason: error.message,
        interpolation: { escapeValue: false },
      });
  }
}
