import type { Approval } from '@signalbox/event-model';
import { t } from '@grafana/i18n';
import { Alert, useStyles2 } from '@grafana/ui';
import { type ReactNode, useContext, useEffect, useState } from 'react';
import { approvalLink, runLink } from '../shared/app-links.ts';
import { ExactText } from '../shared/ExactText.tsx';
import { ApprovalLoader } from './ApprovalLoader.tsx';
import { getCardStyles } from './card-styles.ts';
import { ControlContext, type ControlScope, usePolled } from './control-scope.ts';

interface EventApprovalProps {
  eventId: string;
  runId: string;
  /** What telemetry tells of it; drawn where there is no card, which says the same and more. */
  children: ReactNode;
}

/** The approval behind an event: its card where it can be answered, else what is known and why not. */
export function EventApproval(props: EventApprovalProps) {
  const styles = useStyles2(getCardStyles);
  const scope = useContext(ControlContext);
  if (scope) return <Found scope={scope} {...props} />;
  return (
    <>
      {props.children}
      <a className={styles.link} href={runLink(props.runId, props.eventId)}>
        {t('approval.open-app', 'Open it in Signalbox to answer')}
      </a>
    </>
  );
}

function Found({ scope, eventId, runId, children }: EventApprovalProps & { scope: ControlScope }) {
  const styles = useStyles2(getCardStyles);
  const approval = useApprovalOf(scope, eventId, runId);
  const [nextId, setNextId] = useState<string | null>(null);
  if (approval === undefined) return <>{children}</>;
  if (approval === null || approval.status === 'observed') {
    return (
      <>
        {children}
        <Alert severity="info" topSpacing={0} title={t('approval.observed', 'Observed, cannot be answered here')}>
          <ExactText text={approval?.mayDecide.reason ?? ''} />
        </Alert>
      </>
    );
  }
  const id = nextId ?? approval.id;
  return (
    <div className={styles.framed}>
      <ApprovalLoader
        key={id}
        id={id}
        onNext={setNextId}
        also={() => (
          <a className={styles.link} href={approvalLink(id)}>
            {t('card.own-page', 'On a page of its own')}
          </a>
        )}
      />
    </div>
  );
}

/** The approval an event belongs to; null when there is none, undefined while it is not known. */
function useApprovalOf(scope: ControlScope, eventId: string, runId: string): Approval | null | undefined {
  const { hub } = scope;
  const waiting = usePolled(hub.waiting).value;
  const [settled, setSettled] = useState<Approval | null | undefined>(undefined);
  const listed = waiting && [...waiting.pending, ...waiting.observed].find((approval) => approval.eventId === eventId);
  const known = listed ?? settled;
  useEffect(() => {
    const abort = new AbortController();
    hub.api.approvals({ run: runId, limit: 200 }, abort.signal).then(
      (page) => setSettled(page.approvals.find((approval) => approval.eventId === eventId) ?? null),
      () => undefined,
    );
    return () => abort.abort();
  }, [hub, eventId, runId, listed?.id]);
  return known;
}

/** Opens the card from a row, where the row's approval waits and can be answered. */
export function RowApproval({ eventId, className }: { eventId: string; className: string }) {
  const scope = useContext(ControlContext);
  return scope ? <WaitingMark scope={scope} eventId={eventId} className={className} /> : null;
}

function WaitingMark({ scope, eventId, className }: { scope: ControlScope; eventId: string; className: string }) {
  const waiting = usePolled(scope.hub.waiting).value;
  const approval = waiting?.pending.find((candidate) => candidate.eventId === eventId);
  if (!approval) return null;
  return (
    <a
      className={className}
      href={approvalLink(approval.id)}
      onClick={(event) => event.stopPropagation()}
      data-testid="row-approval"
    >
      {t('row.decide', 'Decide')}
    </a>
  );
}
