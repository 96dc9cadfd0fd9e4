import type { Approval } from '@signalbox/event-model';
import { t } from '@grafana/i18n';
import { Alert, Field, Input, TextArea, useStyles2 } from '@grafana/ui';
import { AS_IS } from '../shared/as-is.ts';
import { ExactText } from '../shared/ExactText.tsx';
import { confirmationText, targetOf } from './approval-shape.ts';
import { ArgsDiff } from './ArgsDiff.tsx';
import { getCardStyles } from './card-styles.ts';
import { type Draft, draftConfirmation } from './decision-draft.ts';
import { EditForm } from './EditForm.tsx';
import { readEdit } from './edit-args.ts';
import { RejectForm } from './RejectForm.tsx';

interface DraftFormProps {
  draft: Draft;
  approval: Approval;
  everythingSeen: boolean;
  onChange: (change: Partial<Draft>) => void;
}

/** What a decision still needs of the person. */
export function DraftForm({ draft, approval, everythingSeen, onChange }: DraftFormProps) {
  const styles = useStyles2(getCardStyles);
  return (
    <div className={styles.form} data-testid="draft" data-stage={draft.stage}>
      {draft.stage === 'confirm' ? (
        <ConfirmStep draft={draft} approval={approval} everythingSeen={everythingSeen} onChange={onChange} />
      ) : draft.decision === 'reject' ? (
        <RejectForm reason={draft.reason} onReason={(reason) => onChange({ reason })} />
      ) : draft.decision === 'edit' ? (
        <EditForm before={approval.args} text={draft.args} onText={(args) => onChange({ args })} />
      ) : (
        <Field noMargin label={t('answer.label', 'Answer')} description={approval.question ?? undefined}>
          <TextArea
            id="answer"
            autoFocus
            rows={3}
            value={draft.answer}
            onChange={(event) => onChange({ answer: event.currentTarget.value })}
          />
        </Field>
      )}
    </div>
  );
}

function ConfirmStep({ draft, approval, everythingSeen, onChange }: DraftFormProps) {
  const mode = draftConfirmation(draft, approval, everythingSeen);
  const target = targetOf(approval.args);
  const edited = draft.decision === 'edit' ? readEdit(draft.args, approval.args).value : null;
  const words = confirmationText(approval);
  return (
    <>
      <div role="status">
        <strong>
          <ExactText
            text={
              target === null
                ? t('confirm.run', 'Run {{action}}?', { action: approval.action, ...AS_IS })
                : t('confirm.run-on', 'Run {{action}} on {{target}}?', { action: approval.action, target, ...AS_IS })
            }
          />
        </strong>
      </div>
      {edited === null ? null : <ArgsDiff before={approval.args} after={edited} />}
      {everythingSeen ? null : (
        <Alert
          severity="warning"
          topSpacing={0}
          bottomSpacing={0}
          title={t('confirm.not-seen', 'You have not seen all of the arguments.')}
        />
      )}
      {mode === 'type' ? (
        <Field noMargin label={t('confirm.type', 'Type {{words}} to go on', { words, ...AS_IS })}>
          <Input
            id="confirm-name"
            autoFocus
            autoComplete="off"
            spellCheck={false}
            value={draft.typed}
            onChange={(event) => onChange({ typed: event.currentTarget.value })}
          />
        </Field>
      ) : null}
    </>
  );
}
