import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import type { EventRow } from '@signalbox/event-model';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import { typeLabel } from '../../shared/event-labels.ts';
import { formatDuration } from '../../shared/format.ts';
import { Glyph } from '../../shared/Glyph.tsx';
import { timeToMs } from '../../shared/time.ts';
import { runningRows, STALLED_AFTER_MS } from './running-rows.ts';
import type { FeedModel } from './use-feed-model.ts';
import { useNow } from '../../shared/use-now.ts';

const SHOWN = 3;

/** What runs at this moment, however far it is scrolled away. */
export function RunningStrip({ model, onOpen }: { model: FeedModel; onOpen: (id: string) => void }) {
  const styles = useStyles2(getStyles);
  const running = runningRows(model.scopeRows);
  const now = useNow(running.length > 0);
  if (running.length === 0) return null;
  return (
    <div className={styles.strip} data-testid="running">
      <span className={styles.title}>{t('running.title', 'Running now ({{count}})', { count: running.length })}</span>
      {running.slice(0, SHOWN).map((row) => (
        <button key={row.id} type="button" className={styles.item} onClick={() => onOpen(row.id)}>
          <Glyph name="progress" size={11} />
          <span className={styles.name}>{runningName(row)}</span>
          <Elapsed row={row} now={now} />
        </button>
      ))}
    </div>
  );
}

function Elapsed({ row, now }: { row: EventRow; now: number }) {
  const styles = useStyles2(getStyles);
  const elapsed = Math.max(0, now - timeToMs(row.startedAt));
  const text = formatDuration(Math.floor(elapsed / 1000) * 1000);
  if (elapsed < STALLED_AFTER_MS) return <span className={styles.elapsed}>{text}</span>;
  return (
    <span className={styles.stalled}>
      {t('running.stalled', 'stalled {{time}}', { time: text, interpolation: { escapeValue: false } })}
    </span>
  );
}

function runningName(row: EventRow): string {
  const what = row.tool ?? row.model ?? typeLabel(row.type);
  return what === row.actor.name ? what : `${row.actor.name} · ${what}`;
}

const getStyles = (theme: GrafanaTheme2) => ({
  strip: css({
    label: 'running',
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    minHeight: 30,
    padding: theme.spacing(0, 1),
    overflow: 'hidden',
    fontSize: theme.typography.bodySmall.fontSize,
    borderTop: `1px solid ${theme.colors.border.weak}`,
    background: theme.colors.background.secondary,
  }),
  title: css({ color: theme.colors.text.secondary, whiteSpace: 'nowrap' }),
  item: css({
    display: 'inline-flex',
    alignItems: 'center',
    gap: 5,
    minHeight: 24,
    minWidth: 0,
    padding: theme.spacing(0, 0.75),
    border: 'none',
    borderRadius: theme.shape.radius.default,
    background: 'transparent',
    color: theme.colors.primary.text,
    font: 'inherit',
    '&:hover': { background: theme.colors.action.hover },
  }),
  name: css({ overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap', color: theme.colors.text.primary }),
  elapsed: css({ fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' }),
  stalled: css({ color: theme.colors.warning.text, whiteSpace: 'nowrap' }),
});
