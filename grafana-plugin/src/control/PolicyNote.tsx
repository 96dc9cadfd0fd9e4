import { t } from '@grafana/i18n';
import { Alert, useStyles2 } from '@grafana/ui';
import { AS_IS } from '../shared/as-is.ts';
import { ExactText } from '../shared/ExactText.tsx';
import { formatIso, formatMoment } from '../shared/format.ts';
import { getCardStyles } from './card-styles.ts';
import { useControlScope, usePolled } from './control-scope.ts';

/** Warns while the policy file cannot be taken over; nothing else tells that what was changed in it does not hold. */
export function PolicyProblem() {
  const styles = useStyles2(getCardStyles);
  const { hub, timeZone } = useControlScope();
  const policy = usePolled(hub.policy).value;
  if (!policy?.problem) return null;
  return (
    <div data-testid="policy-problem">
      <Alert
        severity="warning"
        topSpacing={0}
        bottomSpacing={1}
        title={t('policy.problem', 'The policy file cannot be used')}
      >
        <div className={styles.words}>
          <ExactText text={policy.problem} />
        </div>
        <div>{heldWords(policy.since, timeZone)}</div>
      </Alert>
    </div>
  );
}

/** What holds while the file is wrong. */
export function heldWords(since: string, timeZone: string): string {
  const time = withoutFraction(formatMoment(since, timeZone));
  return t('policy.held', 'The policy before it holds, since {{time}}.', { time, ...AS_IS });
}

/** Since when the policy holds by which it is asked and decided; nothing where the collector does not tell. */
export function PolicyLine() {
  const styles = useStyles2(getCardStyles);
  const { hub, timeZone } = useControlScope();
  const policy = usePolled(hub.policy).value;
  if (!policy) return null;
  return (
    <p className={styles.policy} title={formatIso(policy.since, timeZone)} data-testid="policy-line">
      {policyWords(policy, timeZone)}
    </p>
  );
}

/** Which policy holds, and since when. */
export function policyWords(
  { source, since }: { source: 'default' | 'file'; since: string },
  timeZone: string,
): string {
  const time = withoutFraction(formatMoment(since, timeZone));
  return source === 'file'
    ? t('policy.file-since', 'Policy file in force since {{time}}', { time, ...AS_IS })
    : t('policy.default-since', 'Built-in policy in force since {{time}}', { time, ...AS_IS });
}

function withoutFraction(time: string): string {
  return time.replace(/\.\d+$/, '');
}
