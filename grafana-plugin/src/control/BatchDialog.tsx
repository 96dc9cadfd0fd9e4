import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Alert, Button, Checkbox, Modal, useStyles2 } from '@grafana/ui';
import { type KeyboardEvent, type ReactNode, useState } from 'react';
import { AS_IS } from '../shared/as-is.ts';
import { BatchResults } from './BatchResults.tsx';
import { BatchRowView } from './BatchRowView.tsx';
import type { Batch } from './batch-shape.ts';
import { getCardStyles } from './card-styles.ts';
import { mayTryAgain, refusalKind } from './refusal-kind.ts';
import { RejectForm } from './RejectForm.tsx';
import { type Batching, useBatch } from './use-batch.ts';

interface BatchDialogProps {
  batch: Batch;
  onClose: () => void;
}

/** One answer to several requests of the same kind: each is looked at and ticked, and all are decided or none. */
export function BatchDialog({ batch, onClose }: BatchDialogProps) {
  const styles = useStyles2(getStyles);
  const batching = useBatch(batch.approvals);
  const title = t('batch.title', 'Decide together: {{action}}', { action: batch.action, ...AS_IS });
  return (
    <Modal title={title} isOpen onDismiss={onClose} contentClassName={styles.modal}>
      <div data-testid="batch" onKeyDown={keepKeys}>
        {batching.taken ? (
          <>
            <div className={styles.body}>
              <BatchResults taken={batching.taken} />
            </div>
            <Foot>
              <Button variant="secondary" onClick={onClose}>
                {t('stop.close', 'Close')}
              </Button>
            </Foot>
          </>
        ) : (
          <Choosing batching={batching} onClose={onClose} />
        )}
      </div>
    </Modal>
  );
}

/** The list behind the dialog is walked by letters. */
function keepKeys(event: KeyboardEvent): void {
  if (event.key !== 'Escape') event.stopPropagation();
}

function Foot({ children }: { children: ReactNode }) {
  const styles = useStyles2(getCardStyles);
  const own = useStyles2(getStyles);
  return (
    <div className={cx(styles.foot, own.foot)}>
      <div className={styles.buttons}>{children}</div>
    </div>
  );
}

function Choosing({ batching, onClose }: { batching: Batching; onClose: () => void }) {
  const styles = useStyles2(getCardStyles);
  const own = useStyles2(getStyles);
  const [reason, setReason] = useState<string | null>(null);
  const { rows, ticked } = batching;
  const all = ticked.length > 0 && ticked.length === rows.length;
  return (
    <>
      <div className={own.body}>
        <p>{t('batch.what', 'Tick what you have looked at. All that is ticked is decided, or none of it.')}</p>
        <Checkbox
          label={t('batch.all', 'All {{count}} that are shown in full', {
            count: rows.filter((row) => row.whole && row.state === 'open').length,
            defaultValue_one: 'The {{count}} that is shown in full',
          })}
          value={all}
          indeterminate={ticked.length > 0 && !all}
          onChange={(event) => batching.tickAll(event.currentTarget.checked)}
        />
        <ul className={styles.list}>
          {rows.map((row) => (
            <BatchRowView
              key={row.approval.id}
              row={row}
              onTick={(on) => batching.tick(row.approval.id, on)}
              onWhole={() => batching.showWhole(row.approval.id)}
            />
          ))}
        </ul>
      </div>
      <div className={cx(styles.foot, own.foot)}>
        <BatchRefusal batching={batching} />
        {reason === null ? null : (
          <div className={styles.form} data-testid="batch-reason">
            <RejectForm reason={reason} onReason={setReason} />
          </div>
        )}
        <BatchButtons {...{ batching, reason, onReason: setReason, onClose }} />
      </div>
    </>
  );
}

interface BatchButtonsProps {
  batching: Batching;
  /** Why all are rejected; null while nobody rejects. */
  reason: string | null;
  onReason: (reason: string | null) => void;
  onClose: () => void;
}

function BatchButtons({ batching, reason, onReason, onClose }: BatchButtonsProps) {
  const styles = useStyles2(getCardStyles);
  const { ticked, sending } = batching;
  const count = ticked.length;
  const few = count < 2;
  const rejecting = reason !== null;
  return (
    <>
      <div className={styles.buttons}>
        <Button variant="secondary" disabled={sending} onClick={() => (rejecting ? onReason(null) : onClose())}>
          {rejecting ? t('decide.back', 'Back') : t('batch.cancel', 'Cancel')}
        </Button>
        <Button
          variant="destructive"
          fill="outline"
          disabled={few || sending || reason?.trim() === ''}
          onClick={() => (rejecting ? batching.send('reject', reason.trim()) : onReason(''))}
          data-testid="batch-reject"
        >
          {rejecting
            ? t('batch.reject', 'Reject {{count}}', { count, defaultValue_one: 'Reject {{count}}' })
            : t('batch.reject-ask', 'Reject {{count}}…', { count, defaultValue_one: 'Reject {{count}}…' })}
        </Button>
        {rejecting ? null : (
          <Button disabled={few || sending} onClick={() => batching.send('approve', '')} data-testid="batch-approve">
            {t('batch.approve', 'Approve {{count}}', { count, defaultValue_one: 'Approve {{count}}' })}
          </Button>
        )}
      </div>
      <p className={styles.note} role="status">
        {sending ? t('decide.sending', 'Sending…') : few ? t('batch.few', 'Tick at least two.') : null}
      </p>
    </>
  );
}

function BatchRefusal({ batching: { refusal, rows } }: { batching: Batching }) {
  if (!refusal) return null;
  const again = mayTryAgain(refusalKind(refusal));
  const named = rows.some((row) => row.fault !== null);
  const detail = [named ? null : refusal.message, refusal.problem?.hint].filter(Boolean).join(' ');
  return (
    <div data-testid="batch-refusal">
      <Alert
        severity={again ? 'error' : 'warning'}
        topSpacing={1}
        bottomSpacing={1}
        title={again ? t('batch.not-sent', 'Not sent: nothing was decided') : t('batch.refused', 'Nothing was decided')}
      >
        {named
          ? t('batch.fault', 'The request marked above cannot be decided so. Untick it, or close and look again.')
          : detail}
      </Alert>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  // Twice the class, for Grafana sets another padding on narrow screens.
  modal: css({ '&&': { padding: 0 }, overflow: 'auto' }),
  body: css({ padding: theme.spacing(2, 3), [theme.breakpoints.down('md')]: { padding: theme.spacing(2) } }),
  foot: css({ paddingInline: theme.spacing(3), [theme.breakpoints.down('md')]: { paddingInline: theme.spacing(2) } }),
});
