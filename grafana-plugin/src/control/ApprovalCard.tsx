import type { Approval } from '@signalbox/event-model';
import { t } from '@grafana/i18n';
import { Alert, Button, useStyles2, useTheme2 } from '@grafana/ui';
import { type KeyboardEvent, type ReactNode, useState } from 'react';
import type { CollectorError } from '../client/problem.ts';
import { AS_IS } from '../shared/as-is.ts';
import { ExactText } from '../shared/ExactText.tsx';
import { useNow } from '../shared/use-now.ts';
import { ActionCode, fitsWhole } from './ActionCode.tsx';
import { riskTier, timeLeftMs } from './approval-shape.ts';
import { ArgsDiff } from './ArgsDiff.tsx';
import { CardFacts } from './CardFacts.tsx';
import { getCardStyles } from './card-styles.ts';
import { approvalStatusLabel, riskLabel } from './control-labels.ts';
import { useControlScope } from './control-scope.ts';
import { DecisionBar } from './DecisionBar.tsx';
import { draftText } from './decision-draft.ts';
import { DraftForm } from './DraftForm.tsx';
import { ExpiryChip } from './ExpiryChip.tsx';
import { NextPending } from './NextPending.tsx';
import { RefusalNote } from './RefusalNote.tsx';
import { SettledPart } from './SettledPart.tsx';
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
  const deciding = useDecision(approval, shown, whole);
  const changed = approval.shownHash !== shown.shownHash;
  const blocked =
    blockedReason({ approval, error, changed, now }) ??
    (deciding.sent ? t('decide.taken', 'Your decision was taken.') : null);
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
      onKeyDown={(event) => confirmByKeys(event, deciding, blocked)}
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

function CardHead({ approval, now, timeZone }: { approval: Approval; now: number; timeZone: string }) {
  const styles = useStyles2(getCardStyles);
  const theme = useTheme2();
  const tier = riskTier(approval.risk);
  const colors = { low: 'secondary', medium: 'secondary', high: 'error', critical: 'error' } as const;
  const color = colors[tier] === 'error' ? theme.colors.error.text : theme.colors.text.secondary;
  return (
    <div className={styles.chips}>
      <span className={styles.chip} style={{ color }} data-testid="risk">
        {riskLabel(tier)}
      </span>
      {approval.status === 'pending' ? null : (
        <span className={styles.chip}>{approvalStatusLabel(approval.status)}</span>
      )}
      <span className={styles.clip}>
        <ExactText text={[approval.workflow, approval.agent].filter(Boolean).join(' · ')} />
      </span>
      <span className={styles.push}>
        <ExpiryChip approval={approval} now={now} timeZone={timeZone} />
      </span>
    </div>
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

function ChangedNote({ before, after, onReview }: { before: Approval; after: Approval; onReview: () => void }) {
  return (
    <div data-testid="changed" style={{ marginTop: 8 }}>
      <Alert
        severity="warning"
        topSpacing={0}
        bottomSpacing={0}
        title={t('changed.title', 'The request has changed since it was shown to you')}
      >
        <ArgsDiff
          before={{ action: before.action, args: before.args }}
          after={{ action: after.action, args: after.args }}
        />
        <Button size="md" variant="secondary" onClick={onReview} style={{ marginTop: 8 }}>
          {t('changed.review', 'Look at the new version')}
        </Button>
      </Alert>
    </div>
  );
}

/** Headline: the agent's question where it asks one, else its action. */
export function titleOf({ question, action }: Pick<Approval, 'question' | 'action'>): string {
  return question ?? action;
}

interface Situation {
  approval: Approval;
  error: CollectorError | null;
  changed: boolean;
  now: number;
}

/** Why nothing can be decided now, for people; null when it can. */
function blockedReason({ approval, error, changed, now }: Situation): string | null {
  const { allowed, reason, who } = approval.mayDecide;
  if (!allowed) {
    const names =
      who.length === 0 ? '' : ` ${t('decide.who-can', 'These can: {{who}}.', { who: who.join(', '), ...AS_IS })}`;
    return `${reason ?? t('decide.may-not', 'You may not decide this.')}${names}`;
  }
  if (error) return t('decide.stale', 'The collector does not answer, so nothing can be decided now.');
  if (changed) return t('decide.changed', 'Look at the new version first.');
  if (timeLeftMs(approval, now) === 0) return t('decide.over', 'The time to decide is over.');
  return null;
}

function confirmByKeys(event: KeyboardEvent, deciding: Deciding, blocked: string | null): void {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  event.stopPropagation();
  if (blocked === null && !deciding.sending && deciding.ready) deciding.confirm();
}
