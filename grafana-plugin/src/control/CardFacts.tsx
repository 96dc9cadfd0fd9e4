import type { Approval } from '@signalbox/event-model';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import type { ReactNode } from 'react';
import { runLink } from '../shared/app-links.ts';
import { AS_IS } from '../shared/as-is.ts';
import { ExactText } from '../shared/ExactText.tsx';
import { formatClock, formatIso } from '../shared/format.ts';
import { riskTier } from './approval-shape.ts';
import { getCardStyles } from './card-styles.ts';
import { riskMeaning } from './control-labels.ts';
import { expiryWords } from './ExpiryChip.tsx';
import { JustBefore } from './JustBefore.tsx';
import { personName } from './settled-words.ts';

interface CardFactsProps {
  approval: Approval;
  timeZone: string;
}

/** Why the agent asks, who asks, and what is at stake; always in this order. */
export function CardFacts({ approval, timeZone }: CardFactsProps) {
  return (
    <>
      <Why approval={approval} />
      <Who approval={approval} timeZone={timeZone} />
      <Risk approval={approval} timeZone={timeZone} />
      <JustBefore approval={approval} timeZone={timeZone} />
    </>
  );
}

/** A named part of the card. */
export function Part({ name, children }: { name: string; children: ReactNode }) {
  const styles = useStyles2(getCardStyles);
  return (
    <section className={styles.part}>
      <h3 className={styles.heading}>{name}</h3>
      <div>{children}</div>
    </section>
  );
}

function Why({ approval }: { approval: Approval }) {
  const styles = useStyles2(getCardStyles);
  const { reason, runId, eventId } = approval;
  return (
    <Part name={t('card.why', 'Why')}>
      {reason === null ? (
        <span className={styles.quiet}>{t('card.no-reason', 'The agent gave no reason.')}</span>
      ) : (
        <>
          “<ExactText text={reason} />”
        </>
      )}{' '}
      {runId === null ? null : (
        <a className={styles.link} href={runLink(runId, eventId)}>
          {eventId === null ? t('card.open-run', 'See the whole run') : t('card.open-event', 'See it in the run')}
        </a>
      )}
    </Part>
  );
}

function Who({ approval, timeZone }: CardFactsProps) {
  const styles = useStyles2(getCardStyles);
  const { agent, workflow, runId, requestedAt } = approval;
  const time = formatClock(requestedAt, timeZone).replace(/\.\d+$/, '');
  return (
    <Part name={t('card.who', 'Who')}>
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
        {t('card.asked-at', 'asked at {{time}}', { time, ...AS_IS })}
      </span>
    </Part>
  );
}

function Risk({ approval, timeZone }: CardFactsProps) {
  const styles = useStyles2(getCardStyles);
  const pending = approval.status === 'pending';
  // Once settled, the tier at the top of the card says all there is.
  if (!pending && approval.votesNeeded < 2) return null;
  return (
    <Part name={t('card.risk', 'Risk')}>
      {pending ? `${riskMeaning(riskTier(approval.risk))} ${expiryWords(approval, timeZone)}` : null}
      {approval.votesNeeded > 1 ? (
        <div data-testid="votes">
          {t('card.votes', '{{given}} of {{needed}} people have agreed.', {
            given: approval.votes.length,
            needed: approval.votesNeeded,
          })}
          {approval.votes.map((vote) => (
            <div key={vote.by.login + vote.at} className={styles.quiet}>
              {personName(vote.by)} · {formatClock(vote.at, timeZone)}
            </div>
          ))}
        </div>
      ) : null}
    </Part>
  );
}
