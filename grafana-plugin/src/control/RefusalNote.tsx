import type { Approval } from '@signalbox/event-model';
import { t } from '@grafana/i18n';
import { Alert, type AlertVariant, Button } from '@grafana/ui';
import type { CollectorError } from '../client/problem.ts';
import { AS_IS } from '../shared/as-is.ts';
import { CopyButton } from '../shared/CopyButton.tsx';
import { ExactText } from '../shared/ExactText.tsx';
import { mayTryAgain, refusalKind, type RefusalKind } from './refusal-kind.ts';
import { settledWords } from './settled-words.ts';

interface RefusalNoteProps {
  refusal: CollectorError;
  approval: Approval;
  now: number;
  /** What the person had written; kept and given back. */
  draft: string | null;
  onRetry: () => void;
}

/** Why a decision was not taken. Somebody else having been faster is news, not an error. */
export function RefusalNote({ refusal, approval, now, draft, onRetry }: RefusalNoteProps) {
  const kind = refusalKind(refusal);
  const calm = kind === 'settled' || kind === 'expired' || kind === 'already_voted' || kind === 'run_stopped';
  const severity: AlertVariant = calm ? 'info' : kind === 'changed' ? 'warning' : 'error';
  return (
    <div data-testid="refusal" data-kind={kind}>
      <Alert severity={severity} topSpacing={0} bottomSpacing={1} title={refusalTitle(kind, approval, now)}>
        <Detail kind={kind} refusal={refusal} approval={approval} />
        {mayTryAgain(kind) ? (
          <Button size="sm" variant="secondary" icon="sync" onClick={onRetry} style={{ marginTop: 8 }}>
            {t('refusal.retry', 'Send again')}
          </Button>
        ) : null}
        {calm && draft !== null ? (
          <div style={{ marginTop: 8 }} data-testid="kept-draft">
            {t('refusal.draft', 'Your text is kept:')} <ExactText text={draft} />{' '}
            <CopyButton text={draft} label={t('refusal.copy', 'Copy')} />
          </div>
        ) : null}
      </Alert>
    </div>
  );
}

function Detail({ kind, refusal, approval }: { kind: RefusalKind; refusal: CollectorError; approval: Approval }) {
  if (kind === 'settled') {
    return approval.decisionReason === null ? null : (
      <>
        “<ExactText text={approval.decisionReason} />”
      </>
    );
  }
  if (kind === 'offline') {
    return (
      <>
        {t(
          'refusal.offline-detail',
          'The collector did not answer. Nothing is sent later by itself. Sending again cannot decide twice.',
        )}
      </>
    );
  }
  // Other refusals, such as of a Grafana that is not set up for it, say themselves what is missing.
  const aboutRights = !refusal.problem || refusal.problem.code === 'not_allowed' || refusal.problem.code === 'proxy';
  if (kind === 'forbidden' && aboutRights && approval.mayDecide.who.length > 0) {
    const who = approval.mayDecide.who.join(', ');
    return <>{t('refusal.who-can', 'These can decide: {{who}}.', { who, ...AS_IS })}</>;
  }
  return <ExactText text={[refusal.problem?.detail, refusal.problem?.hint].filter(Boolean).join(' ')} />;
}

function refusalTitle(kind: RefusalKind, approval: Approval, now: number): string {
  const words: Record<RefusalKind, () => string> = {
    settled: () => settledWords(approval, now),
    changed: () => t('refusal.changed', 'Not sent: the request has changed since it was shown to you'),
    expired: () => t('refusal.expired', 'Not taken: the time to decide is over, and it counts as rejected'),
    forbidden: () => t('refusal.forbidden', 'You may not decide this'),
    not_offered: () => t('refusal.not-offered', 'Not taken: the agent does not accept this answer'),
    run_stopped: () => t('refusal.run-stopped', 'Not taken: the run was stopped'),
    already_voted: () => t('refusal.already-voted', 'You agreed already; somebody else must agree too'),
    capability: () => t('refusal.capability', 'Not taken: the agent cannot do this'),
    not_found: () => t('refusal.not-found', 'Not taken: this request is not known any more'),
    unavailable: () => t('refusal.unavailable', 'Not sent: the collector cannot take it right now'),
    offline: () => t('refusal.offline', 'Not sent'),
    other: () => t('refusal.other', 'Not taken'),
  };
  return words[kind]();
}
