import type { Approval, Decision } from '@signalbox/event-model';
import { t } from '@grafana/i18n';
import { Button, useStyles2 } from '@grafana/ui';
import { AS_IS } from '../shared/as-is.ts';
import { confirmationFor, offeredDecisions } from './approval-shape.ts';
import { getCardStyles } from './card-styles.ts';
import { decisionVerb } from './control-labels.ts';
import type { Draft } from './decision-draft.ts';
import { HeldBar } from './HeldBar.tsx';
import type { Deciding } from './use-decision.ts';

interface DecisionBarProps {
  approval: Approval;
  deciding: Deciding;
  everythingSeen: boolean;
  /** Why nothing can be decided now; null when it can. */
  blocked: string | null;
}

/** The buttons: first the choice, then its next step. All are dead from the first click until there is an answer. */
export function DecisionBar({ approval, deciding, everythingSeen, blocked }: DecisionBarProps) {
  const styles = useStyles2(getCardStyles);
  if (deciding.draft) return <DraftButtons draft={deciding.draft} deciding={deciding} blocked={blocked} />;
  if (deciding.hold.until !== null) return <HeldBar until={deciding.hold.until} onUndo={deciding.hold.undo} />;
  const undone = deciding.hold.unsent?.kind === 'undone';
  const decisions = offeredDecisions(approval);
  return (
    <>
      <div className={styles.buttons}>
        {decisions.map((decision) => (
          <Button
            key={decision}
            size="lg"
            variant={decision === 'approve' ? 'primary' : decision === 'reject' ? 'destructive' : 'secondary'}
            fill={decision === 'reject' ? 'outline' : 'solid'}
            disabled={blocked !== null || deciding.sending}
            title={blocked ?? undefined}
            onClick={() => deciding.choose(decision)}
            data-decision={decision}
            autoFocus={decision === 'approve' && undone}
          >
            {buttonWords(decision, approval.risk, everythingSeen)}
          </Button>
        ))}
      </div>
      <p className={styles.note} role="status" data-testid="bar-note">
        {undone ? `${t('undo.undone', 'Taken back: nothing was sent.')} ` : null}
        {deciding.sending ? t('decide.sending', 'Sending…') : (blocked ?? mayWords(approval))}
      </p>
    </>
  );
}

function DraftButtons({ draft, deciding, blocked }: { draft: Draft; deciding: Deciding; blocked: string | null }) {
  const styles = useStyles2(getCardStyles);
  return (
    <>
      <div className={styles.buttons}>
        <Button size="lg" variant="secondary" disabled={deciding.sending} onClick={deciding.cancel}>
          {t('decide.back', 'Back')}
        </Button>
        <Button
          size="lg"
          variant={draft.decision === 'reject' ? 'destructive' : 'primary'}
          disabled={deciding.sending || !deciding.ready || blocked !== null}
          title={blocked ?? undefined}
          onClick={deciding.confirm}
          data-testid="confirm"
        >
          {decisionVerb(draft.decision)}
        </Button>
      </div>
      <p className={styles.note} role="status">
        {deciding.sending ? t('decide.sending', 'Sending…') : (blocked ?? t('decide.keys', 'Ctrl+Enter confirms'))}
      </p>
    </>
  );
}

/** Three dots where a click does not send yet. */
function buttonWords(decision: Decision, risk: string, everythingSeen: boolean): string {
  const verb = decisionVerb(decision);
  const asks = decision !== 'approve' || confirmationFor(decision, risk, everythingSeen) !== 'none';
  return asks ? `${verb}…` : verb;
}

function mayWords({ mayDecide }: Approval): string {
  if (mayDecide.who.length === 0) return t('decide.may', 'You may decide this.');
  return t('decide.may-as', 'You may decide this. Others who may: {{who}}.', {
    who: mayDecide.who.join(', '),
    ...AS_IS,
  });
}
