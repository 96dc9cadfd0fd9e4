import type { EventRow } from '@signalbox/event-model';
import { t } from '@grafana/i18n';
import { useStyles2, useTheme2 } from '@grafana/ui';
import type { ReactNode } from 'react';
import { statusLabel } from '../../../shared/event-labels.ts';
import { statusColor, statusGlyph } from '../../../shared/event-look.ts';
import { formatDuration, formatIso, formatMoment } from '../../../shared/format.ts';
import { Glyph } from '../../../shared/Glyph.tsx';
import { durationMs } from '../../../shared/time.ts';
import { getDetailStyles } from './detail-styles.ts';

interface EventFactsProps {
  event: EventRow;
  timeZone: string;
  onOpen: (id: string) => void;
}

/** What is known about any event: state, who, when, where it belongs. */
export function EventFacts({ event, timeZone, onOpen }: EventFactsProps) {
  const styles = useStyles2(getDetailStyles);
  const parent = event.parentId;
  return (
    <dl className={styles.facts}>
      <Fact name={t('fact.status', 'Status')} value={<Status status={event.status} />} />
      <Fact
        name={t('fact.actor', 'Actor')}
        value={event.target ? `${event.actor.name} → ${event.target.name}` : event.actor.name}
      />
      <Fact name={t('fact.model', 'Model')} value={event.model} />
      <Fact name={t('fact.tool', 'Tool')} value={event.tool} />
      <Fact name={t('fact.started', 'Started')} value={<Moment time={event.startedAt} timeZone={timeZone} />} />
      <Fact name={t('fact.duration', 'Duration')} value={durationText(event)} />
      <Fact name={t('fact.received', 'Received')} value={receivedText(event)} />
      <Fact name={t('fact.tokens', 'Tokens')} value={tokenText(event)} />
      <Fact name={t('fact.workflow', 'Workflow')} value={event.workflow} />
      <Fact name={t('fact.run', 'Run')} value={<span className={styles.mono}>{event.runId}</span>} />
      <Fact
        name={t('fact.parent', 'Part of')}
        value={
          parent ? (
            <button type="button" className={styles.link} onClick={() => onOpen(parent)}>
              {t('fact.open-parent', 'Open the enclosing event')}
            </button>
          ) : null
        }
      />
      <Fact name={t('fact.source', 'Known from')} value={sourceText(event)} />
    </dl>
  );
}

function Fact({ name, value }: { name: string; value: ReactNode }) {
  if (value === null || value === undefined || value === '') return null;
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}

function Status({ status }: { status: string }) {
  const theme = useTheme2();
  const color = statusColor(status, theme);
  return (
    <span style={{ display: 'inline-flex', alignItems: 'center', gap: 6, color }}>
      <Glyph name={statusGlyph(status)} />
      {statusLabel(status)}
    </span>
  );
}

function Moment({ time, timeZone }: { time: string; timeZone: string }) {
  const styles = useStyles2(getDetailStyles);
  return (
    <span className={styles.mono} title={`${formatIso(time, timeZone)} · ${time}`}>
      {formatMoment(time, timeZone)}
    </span>
  );
}

function durationText(event: EventRow): string | null {
  const duration = durationMs(event.startedAt, event.endedAt);
  return duration === null ? null : formatDuration(duration);
}

function receivedText(event: EventRow): string {
  const delay = Math.max(0, Date.parse(event.receivedAt) - Date.parse(event.endedAt ?? event.startedAt));
  return t('fact.received-after', '{{delay}} after it happened', { delay: formatDuration(delay) });
}

function tokenText(event: EventRow): string | null {
  if (!event.usage) return null;
  const { input, output, cached, reasoning } = event.usage;
  const parts = [
    input === undefined ? null : t('fact.tokens-in', '{{count}} in', { count: input }),
    output === undefined ? null : t('fact.tokens-out', '{{count}} out', { count: output }),
    cached === undefined ? null : t('fact.tokens-cached', '{{count}} cached', { count: cached }),
    reasoning === undefined ? null : t('fact.tokens-reasoning', '{{count}} for thinking', { count: reasoning }),
  ];
  return parts.filter((part) => part !== null).join(' · ');
}

function sourceText(event: EventRow): string {
  const basis =
    event.source.basis === 'declared'
      ? t('fact.declared', 'declared by the sender')
      : t('fact.inferred', 'inferred by Signalbox');
  return `${event.source.convention} · ${basis}`;
}
