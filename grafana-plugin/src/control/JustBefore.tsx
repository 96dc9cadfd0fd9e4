import type { EventRow } from '@signalbox/event-model';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import { useState } from 'react';
import { runLink } from '../shared/app-links.ts';
import { typeLabel } from '../shared/event-labels.ts';
import { ExactText } from '../shared/ExactText.tsx';
import { formatClock } from '../shared/format.ts';
import { getCardStyles } from './card-styles.ts';

/** The last events of the run before it asked; folded on a small screen, where the buttons must stay on the first screen. */
export function JustBefore({ rows, timeZone }: { rows: readonly EventRow[]; timeZone: string }) {
  const styles = useStyles2(getCardStyles);
  const [open, setOpen] = useState(() => window.innerWidth >= 600 && window.innerHeight >= 900);
  if (rows.length === 0) return null;
  return (
    <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)} data-testid="just-before">
      <summary className={styles.summary}>{t('card.before', 'Just before')}</summary>
      <ul className={styles.list}>
        {rows.map((row) => (
          <li key={row.id} className={styles.clip}>
            <span className={styles.mono}>{formatClock(row.startedAt, timeZone).replace(/\.\d+$/, '')}</span>{' '}
            <a className={styles.link} href={runLink(row.runId, row.id)}>
              {typeLabel(row.type)}
            </a>{' '}
            <ExactText text={row.summary} />
          </li>
        ))}
      </ul>
    </details>
  );
}
