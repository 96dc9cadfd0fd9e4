import { css, cx } from '@emotion/css';
import type { Approval } from '@signalbox/event-model';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2, useTheme2 } from '@grafana/ui';
import { riskTier, titleOf } from '../../control/approval-shape.ts';
import { approvalStatusLabel, riskLabel, stepLabel, stepMissing } from '../../control/control-labels.ts';
import { commandProgress } from '../../control/command-steps.ts';
import { ExpiryChip } from '../../control/ExpiryChip.tsx';
import { agoWords } from '../../control/settled-words.ts';
import { ExactText } from '../../shared/ExactText.tsx';
import { Glyph } from '../../shared/Glyph.tsx';
import type { GlyphName } from '../../shared/glyphs.ts';

interface InboxRowProps {
  approval: Approval;
  selected: boolean;
  now: number;
  timeZone: string;
  onSelect: (id: string) => void;
}

const GLYPHS: Record<Approval['status'], GlyphName> = {
  pending: 'half',
  approved: 'check',
  rejected: 'ban',
  expired: 'lost',
  withdrawn: 'minus',
  observed: 'eye-off',
};

/** One approval in a list. */
export function InboxRow({ approval, selected, now, timeZone, onSelect }: InboxRowProps) {
  const styles = useStyles2(getStyles);
  const { status, workflow, agent, requestedAt } = approval;
  return (
    <li>
      <button
        type="button"
        className={cx(styles.row, selected && styles.selected)}
        aria-current={selected || undefined}
        data-approval-row={approval.id}
        onClick={() => onSelect(approval.id)}
      >
        <span className={styles.line}>
          <StatusGlyph status={status} />
          <span className={styles.title}>
            <ExactText text={titleOf(approval)} />
          </span>
          <ExpiryChip approval={approval} now={now} timeZone={timeZone} />
        </span>
        <span className={cx(styles.line, styles.quiet)}>
          <span className={status === 'pending' ? styles.risk : undefined}>
            {status === 'pending' ? riskLabel(riskTier(approval.risk)) : stateWords(approval)}
          </span>
          <span className={styles.clip}>
            <ExactText text={[workflow, agent].filter(Boolean).join(' · ')} />
          </span>
          <span className={styles.push}>{agoWords(approval.decidedAt ?? requestedAt, now)}</span>
        </span>
      </button>
    </li>
  );
}

function StatusGlyph({ status }: { status: Approval['status'] }) {
  const theme = useTheme2();
  const colors: Partial<Record<Approval['status'], string>> = {
    pending: theme.colors.warning.text,
    approved: theme.colors.success.text,
    rejected: theme.colors.error.text,
    expired: theme.colors.error.text,
  };
  return (
    <Glyph
      name={GLYPHS[status]}
      title={approvalStatusLabel(status)}
      color={colors[status] ?? theme.colors.text.secondary}
    />
  );
}

/** How far a settled one came: approved is not yet done. */
function stateWords({ status, decidedBy, command }: Approval): string {
  const who = decidedBy === null ? '' : ` · ${decidedBy.name}`;
  const said = `${approvalStatusLabel(status)}${who}`;
  if (command === null) return said;
  const { reached } = commandProgress(command);
  return `${said} · ${reached === 'sent' ? stepMissing('delivered') : stepLabel(reached)}`;
}

const getStyles = (theme: GrafanaTheme2) => ({
  row: css({
    label: 'inbox-row',
    display: 'flex',
    flexDirection: 'column',
    gap: 2,
    width: '100%',
    minHeight: 56,
    padding: theme.spacing(1, 1.5),
    border: 'none',
    borderLeft: '2px solid transparent',
    borderBottom: `1px solid ${theme.colors.border.weak}`,
    background: 'transparent',
    color: theme.colors.text.primary,
    font: 'inherit',
    textAlign: 'left',
    '&:hover': { background: theme.colors.action.hover },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}`, outlineOffset: -2 },
  }),
  selected: css({
    background: theme.colors.action.selected,
    borderLeftColor: theme.colors.warning.main,
    // Secondary text is too faint on the background of a selection.
    '--row-quiet': theme.colors.text.primary,
  }),
  line: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(1), minWidth: 0, width: '100%' }),
  title: css({
    flex: 1,
    minWidth: 0,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    fontWeight: theme.typography.fontWeightMedium,
  }),
  quiet: css({
    fontSize: theme.typography.bodySmall.fontSize,
    color: `var(--row-quiet, ${theme.colors.text.secondary})`,
  }),
  risk: css({ whiteSpace: 'nowrap' }),
  clip: css({ minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }),
  push: css({ marginLeft: 'auto', whiteSpace: 'nowrap' }),
});
