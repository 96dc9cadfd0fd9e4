import type { Approval } from '@signalbox/event-model';
import { t } from '@grafana/i18n';
import { Alert, Button } from '@grafana/ui';
import { ArgsDiff } from './ArgsDiff.tsx';

interface ChangedNoteProps {
  before: Approval;
  after: Approval;
  onReview: () => void;
}

/** What differs between the request as shown and as it is now. */
export function ChangedNote({ before, after, onReview }: ChangedNoteProps) {
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
