import type { EventDetail, EventRow } from '@signalbox/event-model';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import { useState } from 'react';
import { StopButton } from '../../../control/StopButton.tsx';
import { CopyButton } from '../../../shared/CopyButton.tsx';
import { runName } from '../run-name.ts';
import { getDetailStyles } from './detail-styles.ts';

/** Copy, link and the event as it is stored. */
export function DetailActions({ event, permalink }: { event: EventDetail | EventRow; permalink: string | null }) {
  const styles = useStyles2(getDetailStyles);
  const [raw, setRaw] = useState(false);
  const json = () => JSON.stringify(event, null, 2);
  return (
    <>
      <div className={styles.actions}>
        {permalink ? (
          <CopyButton
            text={() => new URL(permalink, window.location.href).href}
            label={t('detail.copy-link', 'Copy link')}
          />
        ) : null}
        <CopyButton text={json} label={t('detail.copy-json', 'Copy JSON')} />
        <StopButton runId={event.runId} name={runName(event.runId, [event])} rows={[event]} />
      </div>
      <details
        className={styles.section}
        style={{ marginTop: 12 }}
        onToggle={(toggled) => setRaw(toggled.currentTarget.open)}
      >
        <summary className={styles.summary}>{t('detail.raw', 'Raw JSON')}</summary>
        {raw ? (
          <pre className={styles.text} tabIndex={0}>
            {json().slice(0, RAW_LIMIT)}
          </pre>
        ) : null}
      </details>
    </>
  );
}

/** Beyond this the browser is busy for too long; copying still gives everything. */
const RAW_LIMIT = 300_000;
