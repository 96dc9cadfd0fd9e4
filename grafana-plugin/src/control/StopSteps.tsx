import { t } from '@grafana/i18n';
import { useStyles2, useTheme2 } from '@grafana/ui';
import { AS_IS } from '../shared/as-is.ts';
import { ExactText } from '../shared/ExactText.tsx';
import { formatClock, formatDuration } from '../shared/format.ts';
import { Glyph } from '../shared/Glyph.tsx';
import { useNow } from '../shared/use-now.ts';
import { getCardStyles } from './card-styles.ts';
import type { StopFacts, StopPhase } from './stop-shape.ts';

/** Every phase of a stop that is a fact, with its time. */
export function StopSteps({ facts, timeZone }: { facts: StopFacts; timeZone: string }) {
  const now = useNow(facts.stoppedAt === null && facts.barredAt === null);
  const styles = useStyles2(getCardStyles);
  const theme = useTheme2();
  const steps = facts.kind === 'bar' ? barSteps(facts) : stopSteps(facts);
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
            <span className={styles.quiet}>{index === steps.length - 1 ? waitWords(facts, now) : notYet()}</span>
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

type Step = [name: string, at: string | null, more: string | null];

function stopSteps(facts: StopFacts): Step[] {
  return [
    [t('stop.sent', 'Request sent'), facts.requestedAt, facts.by],
    [t('stop.acknowledged', 'Agent acknowledged'), facts.acknowledgedAt, facts.acknowledgement],
    [t('stop.activity', 'Last activity'), facts.lastActivityAt, null],
    [t('stop.done', 'Stopped'), facts.stoppedAt, null],
  ];
}

function barSteps(facts: StopFacts): Step[] {
  return [
    [t('stop.sent', 'Request sent'), facts.requestedAt, facts.by],
    [t('stop.activity', 'Last activity'), facts.lastActivityAt, null],
    [t('stop.barred', 'Further actions are refused'), facts.barredAt, facts.enforced],
  ];
}

function notYet(): string {
  return t('stop.not-yet', 'not yet');
}

/** How long the run goes on although it was asked to stop. */
function waitWords({ requestedAt }: StopFacts, now: number): string {
  if (requestedAt === null) return notYet();
  const seconds = Math.max(1, Math.floor((now - Date.parse(requestedAt)) / 1000));
  return t('stop.not-yet-for', 'not yet, asked {{time}} ago', {
    time: formatDuration(seconds * 1000).replace('.0', ''),
    ...AS_IS,
  });
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
    barred: () => t('stop.barred-short', 'Barred'),
    ended: () => t('stop.ended', 'The run has ended'),
  };
  return words[phase]();
}
