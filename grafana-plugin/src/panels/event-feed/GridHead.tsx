import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import type { FeedLayout } from './feed-layout.ts';
import { getGridStyles } from './grid-styles.ts';
import { TIME_MODES, type TimeMode } from './row-time.ts';

/** Column names; the time column's name switches what it counts from. */
export function GridHead({
  layout,
  time,
  onTime,
}: {
  layout: FeedLayout;
  time: TimeMode;
  onTime: (mode: TimeMode) => void;
}) {
  const styles = useStyles2(getGridStyles);
  const next = TIME_MODES[(TIME_MODES.indexOf(time) + 1) % TIME_MODES.length] ?? 'clock';
  const columns = [
    t('column.actor', 'Actor'),
    t('column.type', 'Type'),
    t('column.content', 'Content'),
    t('column.duration', 'Duration'),
    ...(layout.numbers ? [t('column.tokens', 'Tokens')] : []),
  ];
  return (
    <div role="rowgroup" className={styles.head}>
      <div role="row" aria-rowindex={1} className={styles.columns} style={{ gridTemplateColumns: layout.columns }}>
        <span role="columnheader" aria-label={t('column.status', 'Status')} />
        <span role="columnheader">
          <button
            type="button"
            className={styles.headButton}
            onClick={() => onTime(next)}
            title={t('column.time-hint', 'Change what times count from')}
          >
            {timeName(time)} <span aria-hidden>⇄</span>
          </button>
        </span>
        {columns.map((name, index) => (
          <span key={name} role="columnheader" className={index > 2 ? styles.number : undefined}>
            {name}
          </span>
        ))}
      </div>
    </div>
  );
}

function timeName(mode: TimeMode): string {
  if (mode === 'run') return t('column.time-run', 'In run');
  if (mode === 'delta') return t('column.time-delta', 'Gap');
  return t('column.time', 'Time');
}
