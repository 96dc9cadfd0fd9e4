import type { Approval } from '@signalbox/event-model';
import { t } from '@grafana/i18n';
import type { CollectorError } from '../client/problem.ts';
import { AS_IS } from '../shared/as-is.ts';
import { timeLeftMs } from './approval-shape.ts';
import { settledWords } from './settled-words.ts';

/** What a decision depends on. */
export interface Situation {
  approval: Approval;
  error: CollectorError | null;
  /** It is not what was shown any more. */
  changed: boolean;
  now: number;
}

/** Why nothing can be decided now, for people; null when it can. */
export function blockedReason({ approval, error, changed, now }: Situation): string | null {
  const { allowed, reason, who } = approval.mayDecide;
  if (approval.status !== 'pending') return settledWords(approval, now);
  if (!allowed) {
    const names =
      who.length === 0 ? '' : ` ${t('decide.who-can', 'These can: {{who}}.', { who: who.join(', '), ...AS_IS })}`;
    return `${reason ?? t('decide.may-not', 'You may not decide this.')}${names}`;
  }
  if (error) return t('decide.stale', 'The collector does not answer, so nothing can be decided now.');
  if (changed) return t('decide.changed', 'Look at the new version first.');
  if (timeLeftMs(approval, now) === 0) return t('decide.over', 'The time to decide is over.');
  return null;
}
