import type { Approval } from '@signalbox/event-model';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import { runLink } from '../shared/app-links.ts';
import { AS_IS } from '../shared/as-is.ts';
import { ExactText } from '../shared/ExactText.tsx';
import { formatClock, formatIso } from '../shared/format.ts';
import { Part } from './CardPart.tsx';
import { getCardStyles } from './card-styles.ts';
import { ExpiryPart } from './ExpiryPart.tsx';
import { JustBefore } from './JustBefore.tsx';
import { RiskPart } from './RiskPart.tsx';
import { type ApprovalContext, useApprovalContext } from './use-approval-context.ts';

interface CardFactsProps {
  approval: Approval;
  timeZone: string;
}

/** Why the agent asks, who asks, what is at stake, and until when; always in this order. */
export function CardFacts({ approval, timeZone }: CardFactsProps) {
  return (
    <>
      <Why approval={approval} timeZone={timeZone} />
      <Who approval={approval} timeZone={timeZone} />
      <RiskPart approval={approval} timeZone={timeZone} />
      <ExpiryPart approval={approval} timeZone={timeZone} />
    </>
  );
}

function Why({ approval, timeZone }: CardFactsProps) {
  const styles = useStyles2(getCardStyles);
  const context = useApprovalContext(approval);
  const { reason } = approval;
  return (
    <Part name={t('card.why', 'Why')} testId="why">
      {reason === null ? (
        <span className={styles.quiet}>{t('card.no-reason', 'The agent gave no reason.')}</span>
      ) : (
        <>
          “<ExactText text={reason} />”
        </>
      )}
      <Context context={context} />
      <JustBefore rows={context.before} timeZone={timeZone} />
    </Part>
  );
}

function Context({ context: { task, userInput } }: { context: ApprovalContext }) {
  const styles = useStyles2(getCardStyles);
  return (
    <>
      {task === null ? null : (
        <div className={styles.clip} title={task.text} data-testid="task">
          {t('card.task', 'Task {{number}} of {{total}} in the plan:', { number: task.number, total: task.total })}{' '}
          <ExactText text={task.text} />
        </div>
      )}
      {userInput === null ? null : (
        <div className={styles.clip} title={userInput.summary} data-testid="user-input">
          <a className={styles.link} href={runLink(userInput.runId, userInput.id)}>
            {t('card.user-input', 'The user asked:')}
          </a>{' '}
          “<ExactText text={userInput.summary} />”
        </div>
      )}
    </>
  );
}

function Who({ approval, timeZone }: CardFactsProps) {
  const styles = useStyles2(getCardStyles);
  const { agent, workflow, runId, requestedAt, eventId } = approval;
  const time = formatClock(requestedAt, timeZone).replace(/\.\d+$/, '');
  const askedAt = t('card.asked-at', 'asked at {{time}}', { time, ...AS_IS });
  return (
    <Part name={t('card.who', 'Who')} testId="who">
      <ExactText text={agent ?? t('card.unknown-agent', 'An unknown agent')} />
      {workflow === null ? null : (
        <>
          {' · '}
          <ExactText text={workflow} />
        </>
      )}
      {runId === null ? null : (
        <>
          {' · '}
          <a className={styles.link} href={runLink(runId)}>
            {t('card.run', 'run')} <span className={styles.mono}>{runId.slice(0, 8)}</span>
          </a>
        </>
      )}
      {' · '}
      <span title={formatIso(requestedAt, timeZone)}>
        {runId === null || eventId === null ? (
          askedAt
        ) : (
          <a className={styles.link} href={runLink(runId, eventId)}>
            {askedAt}
          </a>
        )}
      </span>
    </Part>
  );
}
