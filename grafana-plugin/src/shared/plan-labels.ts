import { t } from '@grafana/i18n';

/** State of a task in words; unknown ones as they are spelled. */
export function planStatusLabel(status: string): string {
  const labels: Record<string, () => string> = {
    pending: () => t('plan.pending', 'Pending'),
    in_progress: () => t('plan.in-progress', 'In progress'),
    completed: () => t('plan.completed', 'Done'),
    failed: () => t('plan.failed', 'Failed'),
    cancelled: () => t('plan.cancelled', 'Cancelled'),
    blocked: () => t('plan.blocked', 'Blocked'),
  };
  return labels[status]?.() ?? status;
}
