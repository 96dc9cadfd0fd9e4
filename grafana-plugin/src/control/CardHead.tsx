import type { Approval } from '@signalbox/event-model';
import { useStyles2, useTheme2 } from '@grafana/ui';
import { ExactText } from '../shared/ExactText.tsx';
import { riskTier } from './approval-shape.ts';
import { getCardStyles } from './card-styles.ts';
import { approvalStatusLabel, riskLabel } from './control-labels.ts';
import { ExpiryChip } from './ExpiryChip.tsx';

interface CardHeadProps {
  approval: Approval;
  now: number;
  timeZone: string;
}

/** Risk, state, origin and time left, in one line. */
export function CardHead({ approval, now, timeZone }: CardHeadProps) {
  const styles = useStyles2(getCardStyles);
  const theme = useTheme2();
  const tier = riskTier(approval.risk);
  const bad = tier === 'high' || tier === 'critical';
  const color = bad ? theme.colors.error.text : theme.colors.text.secondary;
  return (
    <div className={styles.chips}>
      <span className={styles.chip} style={{ color }} data-testid="risk">
        {riskLabel(tier)}
      </span>
      {approval.status === 'pending' ? null : (
        <span className={styles.chip}>{approvalStatusLabel(approval.status)}</span>
      )}
      <span className={styles.clip}>
        <ExactText text={[approval.workflow, approval.agent].filter(Boolean).join(' · ')} />
      </span>
      <span className={styles.push}>
        <ExpiryChip approval={approval} now={now} timeZone={timeZone} />
      </span>
    </div>
  );
}
