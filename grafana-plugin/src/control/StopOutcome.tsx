import { t } from '@grafana/i18n';
import { Alert, Button } from '@grafana/ui';
import { ExactText } from '../shared/ExactText.tsx';
import type { StopFacts } from './stop-shape.ts';
import { stopPhaseLabel } from './StopSteps.tsx';
import type { Stopping } from './use-stop.ts';

/** What a stop came to, where the steps alone do not say it, and what can still be done. */
export function StopOutcome({ facts, stopping }: { facts: StopFacts; stopping: Stopping }) {
  switch (facts.phase) {
    case 'unanswered':
      return (
        <Alert
          severity="warning"
          topSpacing={1}
          title={t('stop.unanswered', 'Agent has not answered. It may not support stop.')}
        >
          <div>
            {t('stop.enforced', 'Enforced all the same: its open requests are taken back, further ones are refused.')}
          </div>
          <SendAgain stopping={stopping} />
        </Alert>
      );
    case 'refused':
    case 'failed':
    case 'expired':
      return (
        <Alert severity="error" topSpacing={1} title={stopPhaseLabel(facts.phase)}>
          {facts.problem === null ? null : <ExactText text={facts.problem} />}
          <div>
            {t('stop.enforced', 'Enforced all the same: its open requests are taken back, further ones are refused.')}
          </div>
          <SendAgain stopping={stopping} />
        </Alert>
      );
    case 'barred':
      return (
        <Alert severity="info" topSpacing={1} title={t('stop.barred-not-stopped', 'Barred, which is not stopped')}>
          {t('stop.barred-goes-on', 'What the agent does without asking goes on. Whatever it asks for is refused.')}
        </Alert>
      );
    case 'ended':
      return (
        <Alert severity="info" topSpacing={1} title={t('stop.ended', 'The run has ended')}>
          {facts.kind === null
            ? t('stop.ended-nothing', 'There is nothing left to stop.')
            : t('stop.ended-unconfirmed', 'Its agent did not confirm that it stopped because it was asked to.')}
        </Alert>
      );
    default:
      return <StopRefusal stopping={stopping} />;
  }
}

function SendAgain({ stopping }: { stopping: Stopping }) {
  return (
    <Button
      variant="secondary"
      size="md"
      disabled={stopping.sending}
      onClick={() => stopping.send(stopping.facts.kind ?? 'stop', '')}
      style={{ marginTop: 8 }}
      data-testid="stop-again"
    >
      {t('stop.again', 'Send again')}
    </Button>
  );
}

/** Why a stop was not taken; nothing while it was. */
export function StopRefusal({ stopping: { refusal } }: { stopping: Stopping }) {
  if (!refusal) return null;
  return (
    <Alert severity="error" topSpacing={1} bottomSpacing={1} title={t('stop.not-sent', 'The request was not taken')}>
      <ExactText text={[refusal.message, refusal.problem?.hint].filter(Boolean).join(' ')} />
    </Alert>
  );
}
