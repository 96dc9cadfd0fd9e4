import type { OwnedPlanItem } from '@signalbox/event-model';
import { t } from '@grafana/i18n';
import { useStyles2, useTheme2 } from '@grafana/ui';
import { type ReactNode, useId } from 'react';
import { ExactText } from '../shared/ExactText.tsx';
import { Glyph } from '../shared/Glyph.tsx';
import { planGlyph } from '../shared/plan-glyph.ts';
import { planStatusLabel } from '../shared/plan-labels.ts';
import type { PlanProposal } from './plan-proposals.ts';
import { isMovable, isOpen } from './plan-shape.ts';
import { getPlanStyles } from './plan-styles.ts';
import { ProposalLine } from './ProposalLine.tsx';
import type { RowBlocks } from './row-blocks.ts';

interface PlanRowProps {
  item: OwnedPlanItem;
  current: boolean;
  moved: boolean;
  blocks: RowBlocks;
  /** The newest proposal to cancel it. */
  proposal: PlanProposal | null;
  onCancel: () => void;
  onMove: (by: -1 | 1) => void;
}

/** One item of a plan: how it stands, what was proposed about it, and what can be. */
export function PlanRow({ item, current, moved, blocks, proposal, onCancel, onMove }: PlanRowProps) {
  const styles = useStyles2(getPlanStyles);
  const textId = useId();
  const look = [styles.text];
  if (!isOpen(item)) look.push(styles.closed);
  if (item.status === 'cancelled') look.push(styles.cancelled);
  return (
    <li
      className={styles.row}
      data-item={item.id}
      data-current={current}
      data-moved={moved}
      {...(current ? { 'aria-current': 'step' } : {})}
    >
      <ItemStatus status={item.status} />
      <span className={look.join(' ')} id={textId}>
        <ExactText text={item.text} />
        {current ? <span className={styles.chip}>{t('plan-box.current', 'now')}</span> : null}
        {moved ? <span className={styles.chip}>{t('plan-box.moved', 'moved')}</span> : null}
      </span>
      {isOpen(item) ? (
        <span className={styles.actions}>
          <RowButton action="cancel" block={blocks.cancel} describedBy={textId} onClick={onCancel}>
            {t('plan-box.cancel', 'Propose to cancel')}
          </RowButton>
          {isMovable(item) ? <MoveButtons blocks={blocks} describedBy={textId} onMove={onMove} /> : null}
        </span>
      ) : null}
      {proposal ? <ProposalLine proposal={proposal} /> : null}
    </li>
  );
}

function ItemStatus({ status }: { status: string }) {
  const styles = useStyles2(getPlanStyles);
  const { colors } = useTheme2();
  const tints: Record<string, string> = {
    in_progress: colors.primary.text,
    completed: colors.success.text,
    failed: colors.error.text,
    blocked: colors.warning.text,
  };
  return (
    <span className={styles.status}>
      <Glyph name={planGlyph(status)} size={12} color={tints[status] ?? colors.text.secondary} />
      {planStatusLabel(status)}
    </span>
  );
}

interface MoveButtonsProps {
  blocks: RowBlocks;
  describedBy: string;
  onMove: (by: -1 | 1) => void;
}

function MoveButtons({ blocks, describedBy, onMove }: MoveButtonsProps) {
  return (
    <>
      <RowButton
        action="up"
        block={blocks.up}
        describedBy={describedBy}
        label={t('plan-box.up', 'Move up')}
        onClick={() => onMove(-1)}
      >
        <Glyph name="arrow-up" />
      </RowButton>
      <RowButton
        action="down"
        block={blocks.down}
        describedBy={describedBy}
        label={t('plan-box.down', 'Move down')}
        onClick={() => onMove(1)}
      >
        <Glyph name="arrow-down" />
      </RowButton>
    </>
  );
}

interface RowButtonProps {
  action: 'cancel' | 'up' | 'down';
  /** Why it cannot be used; it keeps the focus all the same, for it may be used again a moment later. */
  block: string | null;
  describedBy: string;
  label?: string;
  onClick: () => void;
  children: ReactNode;
}

function RowButton({ action, block, describedBy, label, onClick, children }: RowButtonProps) {
  const styles = useStyles2(getPlanStyles);
  return (
    <button
      type="button"
      className={styles.action}
      data-action={action}
      aria-disabled={block !== null}
      aria-describedby={describedBy}
      title={block ?? label}
      {...(label === undefined ? {} : { 'aria-label': label })}
      onClick={block === null ? onClick : undefined}
    >
      {children}
    </button>
  );
}
