import { cx } from '@emotion/css';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import { formatDuration } from '../../shared/format.ts';
import { getPillStyles } from './pill-styles.ts';

/** Offered limits; one from an address joins them. */
const LIMITS_MS = [100, 1000, 5000, 30_000, 300_000];

interface DurationFilterProps {
  minMs: number;
  onChange: (minMs: number) => void;
}

/** Leaves out what was quickly done. */
export function DurationFilter({ minMs, onChange }: DurationFilterProps) {
  const pills = useStyles2(getPillStyles);
  const limits = [...new Set([...LIMITS_MS, ...(minMs > 0 ? [minMs] : [])])].sort((left, right) => left - right);
  return (
    <select
      className={cx(pills.pill, minMs > 0 && pills.chosen)}
      // Grafana's own rule for selects makes them as wide as they may be.
      style={{ width: 'auto' }}
      aria-label={t('filter.duration', 'Shortest duration')}
      value={minMs}
      onChange={(event) => onChange(Number(event.currentTarget.value))}
    >
      <option value={0}>{t('filter.any-duration', 'Any duration')}</option>
      {limits.map((limit) => (
        <option key={limit} value={limit}>
          {`≥ ${formatDuration(limit)}`}
        </option>
      ))}
    </select>
  );
}
