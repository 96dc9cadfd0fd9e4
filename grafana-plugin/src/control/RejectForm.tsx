import { t } from '@grafana/i18n';
import { Field, TextArea, useStyles2 } from '@grafana/ui';
import { getCardStyles } from './card-styles.ts';

interface RejectFormProps {
  reason: string;
  onReason: (reason: string) => void;
}

/** Asks for the reason the agent will be given. */
export function RejectForm({ reason, onReason }: RejectFormProps) {
  const styles = useStyles2(getCardStyles);
  return (
    <>
      <div className={styles.row} role="group" aria-label={t('reject.common', 'Common reasons')}>
        {commonReasons().map((common) => (
          <button
            key={common}
            type="button"
            className={styles.pick}
            aria-pressed={reason === common}
            onClick={() => onReason(common)}
          >
            {common}
          </button>
        ))}
      </div>
      <Field
        noMargin
        label={t('reject.reason', 'Reason')}
        description={t('reject.hint', 'The agent gets this text and goes on without the action.')}
      >
        <TextArea
          id="reject-reason"
          autoFocus
          rows={2}
          value={reason}
          maxLength={4000}
          onChange={(event) => onReason(event.currentTarget.value)}
        />
      </Field>
    </>
  );
}

function commonReasons(): string[] {
  return [
    t('reject.wrong-target', 'Wrong target'),
    t('reject.not-now', 'Not now'),
    t('reject.too-risky', 'Too risky'),
    t('reject.need-more', 'Not enough is known'),
  ];
}
