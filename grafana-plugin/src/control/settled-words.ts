import type { Approval, Principal } from '@signalbox/event-model';
import { t } from '@grafana/i18n';
import { AS_IS } from '../shared/as-is.ts';
import { formatDuration } from '../shared/format.ts';

/** A person as shown: the name, and the login where it says more. */
export function personName(by: Principal | null): string {
  if (by === null) return t('person.nobody', 'nobody');
  return by.name === by.login ? by.login : `${by.name} (${by.login})`;
}

/** How long ago something was, in words. */
export function agoWords(time: string, now: number): string {
  const ms = Math.max(0, now - Date.parse(time));
  const value = formatDuration(Math.max(1000, Math.floor(ms / 1000) * 1000)).replace('.0', '');
  return t('time.ago', '{{value}} ago', { value, ...AS_IS });
}

/** What became of an approval, with who and when: `Already rejected by Boris 8 s ago`. */
export function settledWords(approval: Approval, now: number): string {
  const who = approval.decidedBy?.name ?? '';
  const ago = approval.decidedAt === null ? '' : agoWords(approval.decidedAt, now);
  switch (approval.status) {
    case 'approved':
      return t('settled.approved', 'Already approved by {{who}} {{ago}}', { who, ago, ...AS_IS });
    case 'rejected':
      return t('settled.rejected', 'Already rejected by {{who}} {{ago}}', { who, ago, ...AS_IS });
    case 'expired':
      return t('settled.expired', 'Expired {{ago}}: nobody decided, so it counts as rejected', { ago, ...AS_IS });
    case 'withdrawn':
      return t('settled.withdrawn', 'Taken back {{ago}}', { ago, ...AS_IS });
    default:
      return t('settled.other', 'It no longer waits for a decision');
  }
}

/** The same as a plain statement of the approval's page. */
export function statusWords(approval: Approval): string {
  const who = personName(approval.decidedBy);
  switch (approval.status) {
    case 'approved':
      return approval.decision === 'edit'
        ? t('settled.by-edited', 'Changed and approved by {{who}}', { who, ...AS_IS })
        : approval.decision === 'respond'
          ? t('settled.by-answered', 'Answered by {{who}}', { who, ...AS_IS })
          : t('settled.by-approved', 'Approved by {{who}}', { who, ...AS_IS });
    case 'rejected':
      return t('settled.by-rejected', 'Rejected by {{who}}', { who, ...AS_IS });
    case 'expired':
      return t('settled.by-expired', 'Expired: nobody decided, so it counts as rejected');
    case 'withdrawn':
      // Whoever stops or bars a run takes back what it asked for; else the agent did.
      return approval.decidedBy !== null && approval.decidedBy.via !== 'system'
        ? t('settled.by-withdrawn-with-run', 'Taken back with its run by {{who}}', { who, ...AS_IS })
        : t('settled.by-withdrawn', 'Taken back: the agent no longer asks');
    case 'observed':
      return t('settled.by-observed', 'Observed, cannot be answered here');
    case 'pending':
      return t('settled.by-nobody', 'Waiting for a decision');
  }
}
