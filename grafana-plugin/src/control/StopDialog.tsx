import type { EventRow } from '@signalbox/event-model';
import { t } from '@grafana/i18n';
import { Alert, Button, Field, Modal, TextArea, useStyles2 } from '@grafana/ui';
import { useState } from 'react';
import { AS_IS } from '../shared/as-is.ts';
import { ExactText } from '../shared/ExactText.tsx';
import { getCardStyles } from './card-styles.ts';
import { useControlScope, usePolled } from './control-scope.ts';
import { stopReach } from './stop-shape.ts';
import { StopOutcome, StopRefusal } from './StopOutcome.tsx';
import { StopSteps } from './StopSteps.tsx';
import { steerBlock } from './steer-block.ts';
import { type StopKind, type Stopping, useStop } from './use-stop.ts';

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
  const kind = facts.kind ?? offeredStop(stopping.control).kind;
  const title =
    kind === 'stop'
      ? t('stop.title', 'Stop {{name}}', { name, ...AS_IS })
      : t('stop.bar-title', 'Refuse further actions of {{name}}', { name, ...AS_IS });
  return (
    <Modal title={title} isOpen onDismiss={onClose}>
      <div data-testid="stop-dialog" data-phase={facts.phase}>
        {facts.phase === 'none' ? (
          <AskToStop stopping={stopping} runId={runId} rows={rows} onClose={onClose} />
        ) : (
          <>
            {facts.kind === null ? null : <StopSteps facts={facts} timeZone={timeZone} />}
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
  const { kind, blocked, note } = offeredStop(stopping.control);
  return (
    <>
      <p>{stopMeaning(kind)}</p>
      <Reach title={t('stop.approvals', 'Requests that will be taken back')} names={reach.approvals} />
      <Reach title={t('stop.tools', 'Tool calls that run now and may end anyway')} names={reach.toolCalls} />
      <Field
        label={t('stop.reason', 'Reason (optional)')}
        description={kind === 'stop' ? t('stop.reason-hint', 'The agent gets this text.') : undefined}
      >
        <TextArea id="stop-reason" rows={2} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
      </Field>
      {note === null ? null : (
        <Alert severity={blocked ? 'warning' : 'info'} title={note} topSpacing={0} bottomSpacing={1} />
      )}
      <StopRefusal stopping={stopping} />
      <Modal.ButtonRow>
        <Button variant="secondary" onClick={onClose}>
          {t('stop.keep', 'Let it run')}
        </Button>
        <Button
          variant="destructive"
          disabled={blocked || stopping.sending}
          title={blocked ? (note ?? undefined) : undefined}
          onClick={() => stopping.send(kind, reason)}
          data-testid="stop-confirm"
          data-kind={kind}
        >
          {stopping.sending ? t('decide.sending', 'Sending…') : confirmWords(kind)}
        </Button>
      </Modal.ButtonRow>
    </>
  );
}

/** What can be asked of a run: to stop where its agent can, else to have what it asks for refused. */
function offeredStop(control: Stopping['control']): { kind: StopKind; blocked: boolean; note: string | null } {
  const block = steerBlock(control, 'stop');
  if (!block.missing) return { kind: 'stop', blocked: block.blocked, note: block.note };
  const agent = control.value?.agent;
  const note = agent ? t('stop.cannot', '{{agent}} did not say that it can stop.', { agent, ...AS_IS }) : block.note;
  return { kind: 'bar', blocked: control.error !== null, note };
}

function stopMeaning(kind: StopKind): string {
  return kind === 'stop'
    ? t('stop.what', 'The agent is asked to stop. It counts as stopped only when the agent says so.')
    : t(
        'stop.bar-what',
        'This agent cannot be asked to stop. Its open requests are taken back and whatever it asks for later is refused; what it does without asking goes on.',
      );
}

function confirmWords(kind: StopKind): string {
  return kind === 'stop' ? t('stop.confirm', 'Ask to stop') : t('stop.refuse-further', 'Refuse further actions');
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
