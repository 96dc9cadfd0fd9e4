import { t } from '@grafana/i18n';
import { useStyles2, useTheme2 } from '@grafana/ui';
import { ExactText } from '../shared/ExactText.tsx';
import { formatClock } from '../shared/format.ts';
import { Glyph } from '../shared/Glyph.tsx';
import { getCardStyles } from './card-styles.ts';
import type { StopFacts, StopPhase } from './stop-shape.ts';

/** Every phase of a stop that is a fact, with its time. */
export function StopSteps({ facts, timeZone }: { facts: StopFacts; timeZone: string }) {
  const styles = useStyles2(getCardStyles);
  const theme = useTheme2();
  const steps: [string, string | null, string | null][] = [
    [t('stop.sent', 'Request sent'), facts.requestedAt, facts.by],
    [t('stop.acknowledged', 'Agent acknowledged'), facts.acknowledgedAt, facts.acknowledgement],
    [t('stop.activity', 'Last activity'), facts.lastActivityAt, null],
    [t('stop.done', 'Stopped'), facts.stoppedAt, null],
  ];
  return (
    <ul className={styles.list} data-testid="stop-steps" data-phase={facts.phase}>
      {steps.map(([name, at, more], index) => (
        <li key={index} className={styles.step}>
          <Glyph
            name={at === null ? 'circle' : 'check'}
            color={at === null ? theme.colors.text.secondary : theme.colors.success.text}
          />
          <span style={at === null ? { color: theme.colors.text.secondary } : undefined}>{name}</span>
          {at === null ? (
            <span className={styles.quiet}>{t('stop.not-yet', 'not yet')}</span>
          ) : (
            <span className={styles.mono}>{formatClock(at, timeZone)}</span>
          )}
          {more ? (
            <span className={styles.quiet}>
              <ExactText text={more} />
            </span>
          ) : null}
        </li>
      ))}
    </ul>
  );
}

/** The phase in a few words. Nothing but the agent's own confirmation is called stopped. */
export function stopPhaseLabel(phase: StopPhase): string {
  const words: Record<StopPhase, () => string> = {
    none: () => t('stop.none', 'Stop…'),
    requested: () => t('stop.stopping', 'Stopping…'),
    unanswered: () => t('stop.unanswered-short', 'Agent has not answered'),
    acknowledged: () => t('stop.stopping', 'Stopping…'),
    stopped: () => t('stop.done', 'Stopped'),
    refused: () => t('stop.refused', 'Agent refused to stop'),
    expired: () => t('stop.expired', 'The stop never reached the agent'),
    failed: () => t('stop.failed', 'The stop failed'),
  };
  return words[phase]();
}
