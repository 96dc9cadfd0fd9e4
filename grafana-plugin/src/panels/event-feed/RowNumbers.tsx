import { cx } from '@emotion/css';
import type { EventRow } from '@signalbox/event-model';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import { formatCount, formatDuration } from '../../shared/format.ts';
import { getGridStyles } from './grid-styles.ts';
import { rowDurationMs } from './row-duration.ts';

interface RowNumbersProps {
  row: EventRow;
  now: number;
  duration: boolean;
  tokens: boolean;
}

/** Duration and tokens of one event. */
export function RowNumbers({ row, now, duration: wanted, tokens }: RowNumbersProps) {
  const styles = useStyles2(getGridStyles);
  const duration = rowDurationMs(row, now);
  return (
    <>
      {wanted ? (
        <span role="gridcell" className={cx(styles.number, row.status === 'in_progress' && styles.running)}>
          {duration === null ? null : formatDuration(duration)}
        </span>
      ) : null}
      {tokens ? <TokenCell row={row} /> : null}
    </>
  );
}

function TokenCell({ row }: { row: EventRow }) {
  const styles = useStyles2(getGridStyles);
  const { input, output } = row.usage ?? {};
  const hint = t('tokens.hint', 'tokens in → tokens out');
  return (
    <span role="gridcell" className={styles.number} title={row.usage ? hint : undefined}>
      {row.usage ? `${count(input)} → ${count(output)}` : null}
    </span>
  );
}

function count(value: number | undefined): string {
  return value === undefined ? '–' : formatCount(value);
}
