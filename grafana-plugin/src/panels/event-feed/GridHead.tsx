import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import { columnLabel } from './column-labels.ts';
import { AFTER_CONTENT, type FeedLayout } from './feed-layout.ts';
import { getGridStyles } from './grid-styles.ts';
import { TIME_MODES, type TimeMode } from './row-time.ts';

interface GridHeadProps {
  layout: FeedLayout;
  time: TimeMode;
  onTime: (mode: TimeMode) => void;
}

/** Column names; the time column's name switches what it counts from. */
export function GridHead({ layout, time, onTime }: GridHeadProps) {
  const styles = useStyles2(getGridStyles);
  const before = layout.shown.filter((name) => name !== 'time' && !AFTER_CONTENT.has(name));
  const after = layout.shown.filter((name) => AFTER_CONTENT.has(name));
  return (
    <div role="rowgroup" className={styles.head}>
      <div role="row" aria-rowindex={1} className={styles.columns} style={{ gridTemplateColumns: layout.template }}>
        <span role="columnheader" aria-label={t('column.status', 'Status')} />
        {layout.shown.includes('time') ? <TimeHead time={time} onTime={onTime} /> : null}
        {before.map((name) => (
          <span key={name} role="columnheader">
            {columnLabel(name)}
          </span>
        ))}
        <span role="columnheader">{t('column.content', 'Content')}</span>
        {after.map((name) => (
          <span key={name} role="columnheader" className={styles.number}>
            {columnLabel(name)}
          </span>
        ))}
      </div>
    </div>
  );
}

function TimeHead({ time, onTime }: Omit<GridHeadProps, 'layout'>) {
  const styles = useStyles2(getGridStyles);
  const next = TIME_MODES[(TIME_MODES.indexOf(time) + 1) % TIME_MODES.length] ?? 'clock';
  return (
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
  );
}

function timeName(mode: TimeMode): string {
  if (mode === 'run') return t('column.time-run', 'In run');
  if (mode === 'delta') return t('column.time-delta', 'Gap');
  return columnLabel('time');
}
