import { cx } from '@emotion/css';
import type { EventRow } from '@signalbox/event-model';
import { t } from '@grafana/i18n';
import { useStyles2, useTheme2 } from '@grafana/ui';
import { memo } from 'react';
import { RowApproval } from '../../control/EventApproval.tsx';
import { statusLabel, typeLabel } from '../../shared/event-labels.ts';
import { actorColor, badgeColors, statusColor, statusGlyph, typeLook } from '../../shared/event-look.ts';
import { formatClock, formatDuration, formatIso, formatOffset } from '../../shared/format.ts';
import { Glyph } from '../../shared/Glyph.tsx';
import { RowContent } from './RowContent.tsx';
import { RowNumbers } from './RowNumbers.tsx';
import type { ColumnName } from './feed-columns.ts';
import type { FeedLayout } from './feed-layout.ts';
import { getGridStyles } from './grid-styles.ts';
import { rowDurationMs } from './row-duration.ts';
import { type TimeMode, timeOffset } from './row-time.ts';
import { runName } from './run-name.ts';

/** One event in the list. */
export interface FeedRowProps {
  row: EventRow;
  /** The row before it in time, for gaps. */
  before: EventRow | undefined;
  runStart: number | undefined;
  index: number;
  top: number;
  layout: FeedLayout;
  time: TimeMode;
  timeZone: string;
  now: number;
  active: boolean;
  selected: boolean;
  /** It happened after a person asked its run to stop. */
  afterStop: 'stop' | 'bar' | null;
  search: string;
  onOpen: (id: string) => void;
}

/** Draws one event; running rows are redrawn every second, others only when they change. */
export const FeedRow = memo(FeedRowView, sameRow);

function FeedRowView(props: FeedRowProps) {
  const { row, layout, selected, active } = props;
  const styles = useStyles2(getGridStyles);
  return (
    <div
      role="row"
      aria-rowindex={props.index + 2}
      aria-selected={selected}
      tabIndex={active ? 0 : -1}
      data-row-id={row.id}
      data-status={row.status}
      data-fresh={isFresh(row, props.now) || undefined}
      className={cx(styles.row, selected && styles.selected)}
      style={{ top: props.top, height: layout.rowHeight, gridTemplateColumns: layout.template }}
      onClick={() => props.onOpen(row.id)}
    >
      <StatusCell row={row} />
      {layout.narrow ? <NarrowCells {...props} /> : <WideCells {...props} />}
    </div>
  );
}

function StatusCell({ row }: { row: EventRow }) {
  const styles = useStyles2(getGridStyles);
  const theme = useTheme2();
  return (
    <span role="gridcell" className={styles.glyph}>
      <Glyph name={statusGlyph(row.status)} title={statusLabel(row.status)} color={statusColor(row.status, theme)} />
    </span>
  );
}

function WideCells(props: FeedRowProps) {
  const { row, layout } = props;
  const styles = useStyles2(getGridStyles);
  const shown = (name: ColumnName) => layout.shown.includes(name);
  return (
    <>
      {shown('time') ? <TimeCell {...props} /> : null}
      {shown('actor') ? (
        <span role="gridcell" className={styles.actor}>
          <ActorName row={row} />
        </span>
      ) : null}
      {shown('type') ? (
        <span role="gridcell" className={styles.clip}>
          <TypeBadge type={row.type} />
        </span>
      ) : null}
      {shown('run') ? (
        <span role="gridcell" className={cx(styles.clip, styles.time)} title={row.runId}>
          {runName(row.runId, [row])}
        </span>
      ) : null}
      <span role="gridcell" className={styles.contentLine}>
        <RowMarks {...props} />
        <span className={styles.content}>
          <RowContent row={row} search={props.search} />
        </span>
      </span>
      <RowNumbers row={row} now={props.now} duration={shown('duration')} tokens={shown('tokens')} />
    </>
  );
}

/** What asks for attention: the decision that waits, and work that went on after a stop. */
function RowMarks({ row, afterStop }: FeedRowProps) {
  const styles = useStyles2(getGridStyles);
  return (
    <>
      {row.type === 'approval_request' && row.status === 'waiting' ? (
        <RowApproval eventId={row.id} className={styles.rowAction} />
      ) : null}
      {afterStop ? (
        <span className={styles.afterStop} data-testid="after-stop">
          {afterStop === 'stop' ? t('row.after-stop', 'after stop') : t('row.after-bar', 'after bar')}
        </span>
      ) : null}
    </>
  );
}

function NarrowCells(props: FeedRowProps) {
  const { row, now } = props;
  const styles = useStyles2(getGridStyles);
  const duration = rowDurationMs(row, now);
  return (
    <span role="gridcell" className={styles.twoLines}>
      <span className={styles.line}>
        <span className={styles.time}>{formatClock(row.startedAt, props.timeZone)}</span>
        <ActorName row={row} />
        <span
          className={cx(styles.number, row.status === 'in_progress' && styles.running)}
          style={{ marginLeft: 'auto' }}
        >
          {duration === null ? null : formatDuration(duration)}
        </span>
      </span>
      <span className={styles.line}>
        <TypeGlyph type={row.type} />
        <RowMarks {...props} />
        <span className={styles.content}>
          <RowContent row={row} search={props.search} />
        </span>
      </span>
    </span>
  );
}

function TimeCell({ row, before, runStart, time, timeZone }: FeedRowProps) {
  const styles = useStyles2(getGridStyles);
  const offset = timeOffset(time, row, {
    ...(runStart === undefined ? {} : { runStart }),
    ...(before === undefined ? {} : { before }),
  });
  return (
    <span role="gridcell" className={styles.time} title={formatIso(row.startedAt, timeZone)}>
      {offset === null ? formatClock(row.startedAt, timeZone) : formatOffset(offset)}
    </span>
  );
}

function ActorName({ row }: { row: EventRow }) {
  const styles = useStyles2(getGridStyles);
  const theme = useTheme2();
  return (
    <>
      <span className={styles.dot} style={{ background: actorColor(row.actor.name, theme) }} aria-hidden />
      <span className={styles.clip} title={row.actor.name}>
        {row.actor.name}
      </span>
    </>
  );
}

function TypeBadge({ type }: { type: string }) {
  const styles = useStyles2(getGridStyles);
  const theme = useTheme2();
  const look = typeLook(type);
  const colors = badgeColors(look.tone, theme);
  return (
    <span className={styles.badge} style={{ color: colors.color, borderColor: colors.border }} title={type}>
      <Glyph name={look.glyph} size={12} />
      <span className={styles.clip}>{typeLabel(type)}</span>
    </span>
  );
}

function TypeGlyph({ type }: { type: string }) {
  const theme = useTheme2();
  const look = typeLook(type);
  return <Glyph name={look.glyph} size={12} title={typeLabel(type)} color={badgeColors(look.tone, theme).color} />;
}

/** Only rows that have just come fade in; rows drawn again while scrolling do not. */
function isFresh(row: EventRow, now: number): boolean {
  return row.revision === 1 && now - Date.parse(row.receivedAt) < 1500;
}

function sameRow(left: FeedRowProps, right: FeedRowProps): boolean {
  if (left.row.status === 'in_progress' && left.now !== right.now) return false;
  const keys = Object.keys(left) as (keyof FeedRowProps)[];
  return keys.every((key) => key === 'now' || key === 'onOpen' || left[key] === right[key]);
}
