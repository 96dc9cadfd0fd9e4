import { css } from '@emotion/css';
import type { EventRow } from '@signalbox/event-model';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import { useEffect, useRef, useState } from 'react';

const EVERY_MS = 5000;

/** Tells screen readers what has come, politely and at most every five seconds. */
export function StatusAnnouncer({ rows }: { rows: readonly EventRow[] }) {
  const styles = useStyles2(getStyles);
  const latest = useRef(rows);
  const [text, setText] = useState('');
  useEffect(() => {
    latest.current = rows;
  }, [rows]);
  useEffect(() => {
    let told: readonly EventRow[] | null = null;
    const timer = setInterval(() => {
      const current = latest.current;
      const before = told;
      told = current;
      if (before && before.length > 0 && current !== before) setText(announcement(before, current));
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <div role="status" aria-live="polite" className={styles.hidden}>
      {text}
    </div>
  );
}

function announcement(before: readonly EventRow[], now: readonly EventRow[]): string {
  const known = new Set(before.map((row) => row.id));
  const added = now.filter((row) => !known.has(row.id));
  if (added.length === 0) return '';
  const events = t('announce.events', '{{count}} new events', {
    count: added.length,
    defaultValue_one: '{{count}} new event',
  });
  const approvals = added.filter((row) => row.status === 'waiting').length;
  if (approvals === 0) return events;
  const waiting = t('announce.approvals', '{{count}} wait for a person', {
    count: approvals,
    defaultValue_one: '{{count}} waits for a person',
  });
  return `${events}, ${waiting}`;
}

const getStyles = () => ({
  hidden: css({
    position: 'absolute',
    width: 1,
    height: 1,
    overflow: 'hidden',
    clipPath: 'inset(50%)',
    whiteSpace: 'nowrap',
  }),
});
