import type { Approval } from '@signalbox/event-model';
import { t } from '@grafana/i18n';
import { Part } from './CardPart.tsx';
import { ExtendButton } from './ExtendButton.tsx';
import { expiryWords } from './ExpiryChip.tsx';

/** Until when it can be decided, and what happens then. */
export function ExpiryPart({ approval, timeZone }: { approval: Approval; timeZone: string }) {
  if (approval.status !== 'pending') return null;
  return (
    <Part name={t('card.expiry', 'Time to decide')} testId="expiry-part">
      <div>{expiryWords(approval, timeZone)}</div>
      {approval.expiresAt === null ? null : <ExtendButton approval={approval} />}
    </Part>
  );
}
