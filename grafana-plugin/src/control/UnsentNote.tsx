import { t } from '@grafana/i18n';
import { Alert } from '@grafana/ui';
import type { Unsent } from '../client/held-order.ts';
import { ExactText } from '../shared/ExactText.tsx';

/** Says that an approval which was held back was never sent, and why. */
export function UnsentNote({ unsent, onDismiss }: { unsent: Unsent; onDismiss: () => void }) {
  if (unsent.kind === 'undone') return null;
  return (
    <div data-testid="unsent" data-kind={unsent.kind}>
      <Alert
        severity="warning"
        topSpacing={0}
        bottomSpacing={1}
        title={t('undo.unsent', 'Your approval was not sent')}
        onRemove={onDismiss}
      >
        <ExactText text={unsentWords(unsent)} />
      </Alert>
    </div>
  );
}

function unsentWords(unsent: Unsent): string {
  if (unsent.kind === 'blocked') return unsent.why;
  return unsent.kind === 'late'
    ? t('undo.unsent-late', 'The page was asleep when it was due.')
    : t('undo.unsent-closed', 'The request was closed before the time to undo was over.');
}
