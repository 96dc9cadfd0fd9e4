import { t } from '@grafana/i18n';
import { typeLabel } from '../../shared/event-labels.ts';
import type { Hidden, LikeField } from './filter-choice.ts';

/** Name of a field by which events are alike. */
export function likeFieldLabel(field: LikeField): string {
  const labels = {
    type: () => t('filter.type', 'Type'),
    actor: () => t('filter.actor', 'Actor'),
    tool: () => t('filter.tool', 'Tool'),
    run: () => t('filter.run', 'Run'),
  };
  return labels[field]();
}

/** A value of such a field, in words. */
export function likeValueLabel({ field, value }: Hidden): string {
  if (field === 'type') return typeLabel(value);
  return field === 'run' ? value.slice(0, 8) : value;
}
