import { t } from '@grafana/i18n';
import type { ColumnName } from './feed-columns.ts';

/** Name of a column for its head and the chooser. */
export function columnLabel(name: ColumnName): string {
  const labels: Record<ColumnName, () => string> = {
    time: () => t('column.time', 'Time'),
    actor: () => t('column.actor', 'Actor'),
    type: () => t('column.type', 'Type'),
    run: () => t('column.run', 'Run'),
    duration: () => t('column.duration', 'Duration'),
    tokens: () => t('column.tokens', 'Tokens'),
  };
  return labels[name]();
}
