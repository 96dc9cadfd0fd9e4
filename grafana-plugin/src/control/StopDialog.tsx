import type { EventRow } from '@signalbox/event-model';
import { t } from '@grafana/i18n';
import { Alert, Button, Field, Modal, TextArea, useStyles2 } from '@grafana/ui';
import { useState } from 'react';
import { AS_IS } from '../shared/as-is.ts';
import { ExactText } from '../shared/ExactText.tsx';
import { getCardStyles } from './card-styles.ts';
import { useControlScope, usePolled } from './control-scope.ts';
import { stopReach, type StopFacts } from './stop-shape.ts';
import { StopSteps } from './StopSteps.tsx';
import { steerBlock } from './steer-block.ts';
import { type Stopping, useStop } from './use-stop.ts';

interface StopDialogProps {
  runId: string;
  /** The run in words. */
  name: string;
  /** Events at hand, for what is running. */
  rows: readonly EventRow[];
  onClose: () => void;
}

/** Asks before a run is stopped, then tells how far the stop is. */
export function StopDialog({ runId, name, rows, onClose }: StopDialogProps) {
  const { timeZone } = useControlScope();
  const stopping = useStop(runId);
  const { facts } = stopping;
  const title = t('stop.title', 'Stop {{name}}', { name, ...AS_IS });
  return (
    <Modal title={title} isOpen onDismiss={onClose}>
      <div data-testid="stop-dialog" data-phase={facts.phase}>
        {facts.phase === 'none' ? (
          <AskToStop stopping={stopping} runId={runId} rows={rows} onClose={onClose} />
        ) : (
          <>
            <StopSteps facts={facts} timeZone={timeZone} />
            <StopOutcome facts={facts} stopping={stopping} />
            <Modal.ButtonRow>
              <Button variant="secondary" onClick={onClose}>
                {t('stop.close', 'Close')}
              </Button>
            </Modal.ButtonRow>
          </>
        )}
      </div>
    </Modal>
  );
}

interface AskToStopProps {
  stopping: Stopping;
  runId: string;
  rows: readonly EventRow[];
  onClose: () => void;
}

function AskToStop({ stopping, runId, rows, onClose }: AskToStopProps) {
  const { hub } = useControlScope();
  const pending = usePolled(hub.waiting).value?.pending ?? [];
  const [reason, setReason] = useState('');
  const reach = stopReach(runId, pending, rows);
  const block = steerBlock(stopping.control, 'stop');
  return (
    <>
      <p>{t('stop.what', 'The agent is asked to stop. It counts as stopped only when the agent says so.')}</p>
      <Reach title={t('stop.approvals', 'Requests that will be taken back')} names={reach.approvals} />
      <Reach title={t('stop.tools', 'Tool calls that run now and may end anyway')} names={reach.toolCalls} />
      <Field
        label={t('stop.reason', 'Reason (optional)')}
        description={t('stop.reason-hint', 'The agent gets this text.')}
      >
        <TextArea id="stop-reason" rows={2} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
      </Field>
      {block.note === null ? null : (
        <Alert severity={block.blocked ? 'warning' : 'info'} title={block.note} topSpacing={0} bottomSpacing={1} />
      )}
      <StopRefusal stopping={stopping} />
      <Modal.ButtonRow>
        <Button variant="secondary" onClick={onClose}>
          {t('stop.keep', 'Let it run')}
        </Button>
        <Button
          variant="destructive"
          disabled={block.blocked || stopping.sending}
          title={block.blocked ? (block.note ?? undefined) : undefined}
          onClick={() => void stopping.send(reason)}
          data-testid="stop-confirm"
        >
          {block.missing
            ? t('stop.refuse-further', 'Refuse further actions')
            : stopping.sending
              ? t('decide.sending', 'Sending…')
              : t('stop.confirm', 'Ask to stop')}
        </Button>
      </Modal.ButtonRow>
    </>
  );
}

function Reach({ title, names }: { title: string; names: readonly string[] }) {
  const styles = useStyles2(getCardStyles);
  if (names.length === 0) return null;
  return (
    <div style={{ marginBottom: 8 }} data-testid="stop-reach">
      <div className={styles.heading}>{title}</div>
      <ul style={{ margin: 0, paddingLeft: 20 }}>
        {names.map((name, index) => (
          <li key={index}>
            <ExactText text={name} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function StopOutcome({ facts, stopping }: { facts: StopFacts; stopping: Stopping }) {
  const again = (
    <Button
      variant="secondary"
      size="md"
      disabled={stopping.sending}
      onClick={() => void stopping.send('')}
      style={{ marginTop: 8 }}
      data-testid="stop-again"
    >
      {t('stop.again', 'Send again')}
    </Button>
  );
  if (facts.phase === 'unanswered') {
    return (
      <Alert
        severity="warning"
        topSpacing={1}
        title={t('stop.unanswered', 'Agent has not answered. It may not support stop.')}
      >
        <div>{t('stop.barred', 'Its later requests for approval are refused all the same.')}</div>
        {again}
      </Alert>
    );
  }
  if (facts.phase === 'refused' || facts.phase === 'failed' || facts.phase === 'expired') {
    const titles = {
      refused: t('stop.refused', 'Agent refused to stop'),
      failed: t('stop.failed', 'The stop failed'),
      expired: t('stop.expired', 'The stop never reached the agent'),
    };
    return (
      <Alert severity="error" topSpacing={1} title={titles[facts.phase]}>
        {facts.problem === null ? null : <ExactText text={facts.problem} />}
        <div>{again}</div>
      </Alert>
    );
  }
  return <StopRefusal stopping={stopping} />;
}

function StopRefusal({ stopping }: { stopping: Stopping }) {
  const { refusal } = stopping;
  if (!refusal) return null;
  return (
    <Alert severity="error" topSpacing={1} bottomSpacing={1} title={t('stop.not-sent', 'The request was not taken')}>
      <ExactText text={[refusal.message, refusal.problem?.hint].filter(Boolean).join(' ')} />
    </Alert>
  );
}
