import { cx } from '@emotion/css';
import { t } from '@grafana/i18n';
import { useStyles2, useTheme2 } from '@grafana/ui';
import type { ReactNode } from 'react';
import type { EventRow } from '@signalbox/event-model';
import { StopLink } from '../../control/StopButton.tsx';
import { statusLabel } from '../../shared/event-labels.ts';
import { statusColor, statusGlyph } from '../../shared/event-look.ts';
import { formatCount, formatDuration } from '../../shared/format.ts';
import { Glyph } from '../../shared/Glyph.tsx';
import { timeToMs } from '../../shared/time.ts';
import type { FeedLayout } from './feed-layout.ts';
import type { RunLine, RunSummary } from './feed-lines.ts';
import { getGridStyles } from './grid-styles.ts';
import { runName } from './run-name.ts';

interface RunHeadProps {
  line: RunLine;
  index: number;
  top: number;
  layout: FeedLayout;
  now: number;
  active: boolean;
  /** Events at hand. */
  rows: readonly EventRow[];
  onToggle: (runId: string) => void;
}

/** The head of a run in the grouped feed: how it stands, and its events on demand. */
export function RunHead({ line, index, top, layout, now, active, rows, onToggle }: RunHeadProps) {
  const styles = useStyles2(getGridStyles);
  const theme = useTheme2();
  const { run } = line;
  const color = statusColor(run.status, theme);
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      tabIndex={active ? 0 : -1}
      data-row-id={line.id}
      className={cx(styles.row, styles.runHead)}
      style={{ top, height: layout.rowHeight }}
      onClick={() => onToggle(run.runId)}
    >
      <span role="gridcell" className={styles.runTitle}>
        <button type="button" tabIndex={-1} aria-expanded={!line.closed} className={styles.runToggle}>
          <span aria-hidden>{line.closed ? '▸' : '▾'}</span>
          <Glyph name={statusGlyph(run.status)} title={statusLabel(run.status)} color={color} />
          <span className={styles.clip}>{run.workflow ?? t('run.unnamed', 'Run')}</span>
          <span className={styles.time}>{run.runId.slice(0, 8)}</span>
        </button>
      </span>
      <RunFacts run={run} now={now} narrow={layout.narrow}>
        {run.endedAt === null ? (
          <StopLink runId={run.runId} name={runName(run.runId, rows)} rows={rows} className={styles.rowAction} />
        ) : null}
      </RunFacts>
    </div>
  );
}

interface RunFactsProps {
  run: RunSummary;
  now: number;
  narrow: boolean;
  children: ReactNode;
}

function RunFacts({ run, now, narrow, children }: RunFactsProps) {
  const styles = useStyles2(getGridStyles);
  const theme = useTheme2();
  const end = run.endedAt === null ? Math.max(now, timeToMs(run.startedAt)) : timeToMs(run.endedAt);
  const elapsed = end - timeToMs(run.startedAt);
  const duration = formatDuration(run.endedAt === null ? Math.floor(elapsed / 1000) * 1000 : elapsed);
  const tokens = { input: formatCount(run.input), output: formatCount(run.output) };
  return (
    <span role="gridcell" className={styles.runFacts}>
      {run.pending > 0 ? (
        <span style={{ color: theme.colors.warning.text }}>
          {t('run.pending', '{{count}} approvals wait', {
            count: run.pending,
            defaultValue_one: '{{count}} approval waits',
          })}
        </span>
      ) : null}
      {run.errors > 0 ? (
        <span style={{ color: theme.colors.error.text }}>
          {t('run.errors', '{{count}} errors', { count: run.errors, defaultValue_one: '{{count}} error' })}
        </span>
      ) : null}
      {narrow ? null : (
        <span>{t('run.events', '{{count}} events', { count: run.count, defaultValue_one: '{{count}} event' })}</span>
      )}
      {!narrow && run.input + run.output > 0 ? (
        <span title={t('tokens.hint', 'tokens in → tokens out')}>{`${tokens.input} → ${tokens.output}`}</span>
      ) : null}
      <span>{duration}</span>
      {children}
    </span>
  );
}
