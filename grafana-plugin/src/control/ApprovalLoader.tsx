import type { Approval } from '@signalbox/event-model';
import { t } from '@grafana/i18n';
import { Alert, Button } from '@grafana/ui';
import type { ReactNode } from 'react';
import type { CollectorError } from '../client/problem.ts';
import { AS_IS } from '../shared/as-is.ts';
import { formatClock } from '../shared/format.ts';
import { ApprovalCard } from './ApprovalCard.tsx';
import { CardSkeleton } from './CardSkeleton.tsx';
import { useControlScope, usePolled } from './control-scope.ts';

interface ApprovalLoaderProps {
  id: string;
  /** What a list knows already; what is only observed is known to lists alone. */
  known?: Approval | undefined;
  onNext: (id: string) => void;
  also?: (approval: Approval) => ReactNode;
}

/** The card of an approval as it is now, however old the link to it. */
export function ApprovalLoader({ id, known, onNext, also }: ApprovalLoaderProps) {
  const { hub, timeZone } = useControlScope();
  const poller = known?.status === 'observed' ? null : hub.approval(id);
  const { value, error, readAt } = usePolled(poller);
  const approval = value ?? known ?? null;
  if (approval === null)
    return error ? <LoadProblem error={error} onRetry={() => poller?.refresh()} /> : <CardSkeleton />;
  return (
    <>
      {error && readAt !== null ? (
        <Alert
          severity="warning"
          topSpacing={0}
          bottomSpacing={1}
          title={t('card.stale', 'The collector does not answer')}
        >
          {t('card.stale-since', 'This is what was known at {{time}}.', {
            time: formatClock(new Date(readAt).toISOString(), timeZone),
            ...AS_IS,
          })}
        </Alert>
      ) : null}
      <ApprovalCard key={id} approval={approval} error={error} onNext={onNext} also={also?.(approval)} />
    </>
  );
}

function LoadProblem({ error, onRetry }: { error: CollectorError; onRetry: () => void }) {
  const missing = error.kind === 'not_found' || error.problem?.code === 'invalid_request';
  const title = missing
    ? t('card.gone', 'There is no such approval (any more)')
    : error.kind === 'denied'
      ? t('card.denied', 'You may not see approvals')
      : t('card.unreachable', 'The approval could not be read');
  return (
    <Alert severity={missing ? 'info' : 'warning'} title={title} topSpacing={2}>
      <div>
        {missing ? t('card.gone-hint', 'The link may be old: requests are kept as long as their run.') : error.message}
      </div>
      {missing ? null : (
        <Button size="sm" variant="secondary" icon="sync" onClick={onRetry} style={{ marginTop: 8 }}>
          {t('banner.retry', 'Try again now')}
        </Button>
      )}
    </Alert>
  );
}
