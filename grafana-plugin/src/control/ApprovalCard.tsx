import type { Approval } from '@signalbox/event-model';
import { t } from '@grafana/i18n';
import { Alert, useStyles2 } from '@grafana/ui';
import { type KeyboardEvent, type ReactNode, useState } from 'react';
import type { CollectorError } from '../client/problem.ts';
import { ExactText } from '../shared/ExactText.tsx';
import { useNow } from '../shared/use-now.ts';
import { ActionCode, fitsWhole } from './ActionCode.tsx';
import { titleOf } from './approval-shape.ts';
import { blockedReason } from './blocked-reason.ts';
import { CardFacts } from './CardFacts.tsx';
import { CardHead } from './CardHead.tsx';
import { getCardStyles } from './card-styles.ts';
import { ChangedNote } from './ChangedNote.tsx';
import { useControlScope } from './control-scope.ts';
import { DecisionBar } from './DecisionBar.tsx';
import { draftText } from './decision-draft.ts';
import { DraftForm } from './DraftForm.tsx';
import { NextPending } from './NextPending.tsx';
import { RefusalNote } from './RefusalNote.tsx';
import { SettledPart } from './SettledPart.tsx';
import { UnsentNote } from './UnsentNote.tsx';
import { type Deciding, useDecision } from './use-decision.ts';

interface ApprovalCardProps {
  approval: Approval;
  /** Why what is shown may be old; null while it is fresh. */
  error: CollectorError | null;
  /** Opens another approval after this one is settled. */
  onNext: (id: string) => void;
  /** Further ways on, below the buttons. */
  also?: ReactNode;
}

/** One approval: what, why, who, risk, what an edit changes, until when, and the decision. The same order everywhere. */
export function ApprovalCard({ approval, error, onNext, also }: ApprovalCardProps) {
  const styles = useStyles2(getCardStyles);
  const { timeZone } = useControlScope();
  const now = useNow(true);
  // What the person looks at stays what it is: a decision names its hash, and a newer version must be looked at first.
  const [shown, setShown] = useState(approval);
  const [whole, setWhole] = useState(() => fitsWhole(approval.action, approval.args));
  const changed = approval.shownHash !== shown.shownHash;
  const reason = blockedReason({ approval, error, changed, now });
  const deciding = useDecision(approval, { shown, everythingSeen: whole, blocked: reason });
  const blocked = reason ?? (deciding.sent ? t('decide.taken', 'Your decision was taken.') : null);
  const review = () => {
    setShown(approval);
    setWhole(fitsWhole(approval.action, approval.args));
    deciding.cancel();
    deciding.dismiss();
  };
  return (
    <article
      className={styles.card}
      aria-label={titleOf(shown)}
      data-testid="approval-card"
      data-approval={approval.id}
      data-status={approval.status}
      onKeyDown={(event) => decideByKeys(event, deciding, blocked)}
    >
      <div className={styles.body}>
        <CardHead approval={approval} now={now} timeZone={timeZone} />
        <h2 className={styles.title}>
          <ExactText text={titleOf(shown)} />
        </h2>
        {shown.args === null && shown.status === 'observed' ? null : (
          <ActionCode
            action={shown.action}
            args={shown.args}
            hash={shown.shownHash}
            whole={whole}
            onWhole={() => setWhole(true)}
          />
        )}
        {changed ? <ChangedNote before={shown} after={approval} onReview={review} /> : null}
        <SettledPart approval={approval} timeZone={timeZone} />
        <CardFacts approval={{ ...approval, args: shown.args }} timeZone={timeZone} />
      </div>
      <CardFoot {...{ approval, shown, deciding, whole, now, onNext, also }} blocked={blocked} />
    </article>
  );
}

interface CardFootProps {
  approval: Approval;
  shown: Approval;
  deciding: Deciding;
  whole: boolean;
  now: number;
  blocked: string | null;
  onNext: (id: string) => void;
  also?: ReactNode;
}

function CardFoot({ approval, shown, deciding, whole, now, blocked, onNext, also }: CardFootProps) {
  const styles = useStyles2(getCardStyles);
  const { draft, refusal } = deciding;
  const pending = approval.status === 'pending';
  return (
    <footer className={styles.foot}>
      {refusal ? (
        <RefusalNote
          refusal={refusal}
          approval={approval}
          now={now}
          draft={draftText(draft, shown)}
          onRetry={deciding.confirm}
        />
      ) : null}
      {deciding.hold.unsent ? <UnsentNote unsent={deciding.hold.unsent} onDismiss={deciding.hold.dismiss} /> : null}
      {pending && draft ? (
        <DraftForm draft={draft} approval={shown} everythingSeen={whole} onChange={deciding.change} />
      ) : null}
      {pending ? (
        <DecisionBar approval={shown} deciding={deciding} everythingSeen={whole} blocked={blocked} />
      ) : approval.status === 'observed' ? (
        <Alert
          severity="info"
          title={t('approval.observed', 'Observed, cannot be answered here')}
          topSpacing={0}
          bottomSpacing={0}
        >
          <ExactText text={approval.mayDecide.reason ?? ''} />
        </Alert>
      ) : (
        <NextPending id={approval.id} focus={deciding.sent} onNext={onNext} />
      )}
      {also && !(pending && draft) ? <div className={styles.also}>{also}</div> : null}
    </footer>
  );
}

function decideByKeys(event: KeyboardEvent, deciding: Deciding, blocked: string | null): void {
  const { hold } = deciding;
  const confirms = event.key === 'Enter' && (event.ctrlKey || event.metaKey);
  const undoes = event.key === 'Escape' && hold.until !== null;
  if (!confirms && !undoes) return;
  event.preventDefault();
  event.stopPropagation();
  if (undoes) hold.undo();
  else if (blocked === null && hold.until === null && !deciding.sending && deciding.ready) deciding.confirm();
}
