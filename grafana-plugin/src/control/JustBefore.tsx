import type { Approval, EventRow } from '@signalbox/event-model';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import { useEffect, useState } from 'react';
import { runLink } from '../shared/app-links.ts';
import { typeLabel } from '../shared/event-labels.ts';
import { ExactText } from '../shared/ExactText.tsx';
import { formatClock } from '../shared/format.ts';
import { getCardStyles } from './card-styles.ts';
import { useControlScope } from './control-scope.ts';

const SHOWN = 3;

/** The last events of the run before it asked; nothing while they are not known. */
export function JustBefore({ approval, timeZone }: { approval: Approval; timeZone: string }) {
  const styles = useStyles2(getCardStyles);
  const rows = useRowsBefore(approval);
  if (rows.length === 0) return null;
  return (
    <section className={styles.part}>
      <h3 className={styles.heading}>{t('card.before', 'Just before')}</h3>
      <ul className={styles.list}>
        {rows.map((row) => (
          <li key={row.id} style={{ overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>
            <span className={styles.mono}>{formatClock(row.startedAt, timeZone).replace(/\.\d+$/, '')}</span>{' '}
            <a className={styles.link} href={runLink(row.runId, row.id)}>
              {typeLabel(row.type)}
            </a>{' '}
            <ExactText text={row.summary} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function useRowsBefore({ runId, requestedAt, eventId }: Approval): EventRow[] {
  const { events } = useControlScope();
  const [rows, setRows] = useState<EventRow[]>([]);
  useEffect(() => {
    if (runId === null) return undefined;
    const abort = new AbortController();
    events.events({ run: runId, to: requestedAt }, { order: 'newest', limit: SHOWN + 1 }, abort.signal).then(
      (page) => setRows(page.events.filter((row) => row.id !== eventId).slice(0, SHOWN)),
      // The card is whole without them.
      () => undefined,
    );
    return () => abort.abort();
  }, [events, runId, requestedAt, eventId]);
  return rows;
}
