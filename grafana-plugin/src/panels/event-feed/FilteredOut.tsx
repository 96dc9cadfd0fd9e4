import { t } from '@grafana/i18n';
import { Button, EmptyState } from '@grafana/ui';
import { statusLabel, typeLabel } from '../../shared/event-labels.ts';
import type { FilterChoice } from './filter-choice.ts';

/** Names the filter that hides everything and clears it in one click. */
export function FilteredOut({ filter, onClear }: { filter: FilterChoice; onClear: () => void }) {
  return (
    <div style={{ flex: 1, overflow: 'auto' }} data-testid="filtered-out">
      <EmptyState
        variant="not-found"
        message={t('empty.filtered', 'No event fits the filter')}
        button={
          <Button variant="secondary" icon="times" onClick={onClear}>
            {t('empty.clear', 'Clear the filter')}
          </Button>
        }
      >
        {describe(filter).join(' · ')}
      </EmptyState>
    </div>
  );
}

function describe(filter: FilterChoice): string[] {
  return [
    ...(filter.errors ? [t('filter.errors', 'Errors')] : []),
    ...filter.type.map(typeLabel),
    ...filter.status.map(statusLabel),
    ...filter.actor,
    ...(filter.run ? [filter.run.slice(0, 8)] : []),
    ...(filter.q.trim() ? [`“${filter.q.trim()}”`] : []),
  ];
}
