import type { Approval, RiskReason, SimilarApprovals } from '@signalbox/event-model';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import { AS_IS } from '../shared/as-is.ts';
import { ExactText } from '../shared/ExactText.tsx';
import { formatClock } from '../shared/format.ts';
import { riskTier } from './approval-shape.ts';
import { Part } from './CardPart.tsx';
import { getCardStyles } from './card-styles.ts';
import { riskMeaning, riskWord } from './control-labels.ts';
import { personName } from './settled-words.ts';

/** How bad it can be, who says so, what it reaches, whether it can be undone, and how such requests ended before. */
export function RiskPart({ approval, timeZone }: { approval: Approval; timeZone: string }) {
  const meaning = approval.status === 'pending' ? riskMeaning(riskTier(approval.risk)) : null;
  return (
    <Part name={t('card.risk', 'Risk')} testId="risk-part">
      <div>
        {meaning === null ? null : `${meaning} `}
        {approval.riskReasons.map((reason, index) => (
          <span key={index} data-reason={reason.source}>
            <ExactText text={reasonWords(reason)} />{' '}
          </span>
        ))}
      </div>
      <Reach approval={approval} />
      <div data-testid="similar">{similarWords(approval.similar)}</div>
      <Votes approval={approval} timeZone={timeZone} />
    </Part>
  );
}

function Reach({ approval: { affects, reversible } }: { approval: Approval }) {
  if (affects === null && reversible === null) {
    return (
      <div data-testid="reach">
        {t('risk.nothing-said', 'The agent did not say what it affects, nor whether it can be undone.')}
      </div>
    );
  }
  return (
    <div data-testid="reach">
      {affects === null ? (
        t('risk.affects-unsaid', 'The agent did not say what it affects.')
      ) : (
        <>
          {t('risk.affects', 'Affects, the agent says:')} <ExactText text={affects} />.
        </>
      )}{' '}
      {reversibleWords(reversible)}
    </div>
  );
}

function reversibleWords(reversible: boolean | null): string {
  if (reversible === null) return t('risk.reversible-unsaid', 'It did not say whether it can be undone.');
  return reversible ? t('risk.reversible', 'It can be undone.') : t('risk.irreversible', 'It cannot be undone.');
}

function reasonWords({ source, risk, rule }: RiskReason): string {
  const word = riskWord(risk);
  if (source === 'agent') return t('risk.by-agent', 'The agent says {{risk}}.', { risk: word, ...AS_IS });
  if (source === 'default') {
    return t('risk.by-nobody', 'Nobody said how risky it is, so it counts as {{risk}}.', { risk: word, ...AS_IS });
  }
  if (rule === null) return t('risk.by-policy', 'The policy says {{risk}}.', { risk: word, ...AS_IS });
  return t('risk.by-rule', 'The policy says {{risk}} (rule “{{rule}}”).', { risk: word, rule, ...AS_IS });
}

function similarWords({ approved, rejected, expired, days }: SimilarApprovals): string {
  const count = approved + rejected + expired;
  if (count === 0) return t('risk.first', 'The first request of this kind in {{days}} days.', { days });
  return t('risk.similar', 'Approved {{approved}} of {{count}} such requests in {{days}} days.', {
    approved,
    count,
    days,
    defaultValue_one: 'Approved {{approved}} of {{count}} such request in {{days}} days.',
  });
}

function Votes({ approval, timeZone }: { approval: Approval; timeZone: string }) {
  const styles = useStyles2(getCardStyles);
  if (approval.votesNeeded < 2) return null;
  return (
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
  );
}
