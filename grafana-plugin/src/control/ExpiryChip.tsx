import { t } from '@grafana/i18n';
import { useStyles2, useTheme2 } from '@grafana/ui';
import { AS_IS } from '../shared/as-is.ts';
import { formatClock, formatIso } from '../shared/format.ts';
import type { Approval } from '@signalbox/event-model';
import { timeLeftMs } from './approval-shape.ts';
import { getCardStyles } from './card-styles.ts';

interface ExpiryProps {
  approval: Approval;
  now: number;
  timeZone: string;
}

/** How long is left to decide. */
export function ExpiryChip({ approval, now, timeZone }: ExpiryProps) {
  const styles = useStyles2(getCardStyles);
  const theme = useTheme2();
  const left = timeLeftMs(approval, now);
  if (approval.status !== 'pending' || left === null || approval.expiresAt === null) return null;
  const color = left < SOON_MS ? theme.colors.error.text : theme.colors.warning.text;
  const words =
    left === 0
      ? t('expiry.over', 'expired')
      : t('expiry.in', 'expires in {{left}}', { left: clockLeft(left), ...AS_IS });
  return (
    <span
      className={styles.chip}
      style={{ color: `var(--row-quiet, ${color})` }}
      title={formatIso(approval.expiresAt, timeZone)}
      role="timer"
      data-testid="expiry"
    >
      {words}
    </span>
  );
}

/** What happens if nobody decides. */
export function expiryWords({ expiresAt }: Approval, timeZone: string): string {
  if (expiresAt === null) return t('expiry.never', 'It waits until somebody decides.');
  const time = formatClock(expiresAt, timeZone).replace(/\.\d+$/, '');
  return t('expiry.then', 'If nobody answers: rejected at {{time}}.', { time, ...AS_IS });
}

const SOON_MS = 60_000;

/** `7:12`, `1:02:09`. */
export function clockLeft(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (value: number) => String(value).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
