import type { StopPreview } from '@signalbox/event-model';
import { t } from '@grafana/i18n';
import { Alert, Button, Field, Input, Modal, RadioButtonGroup } from '@grafana/ui';
import { useState } from 'react';
import type { StopResult } from '../client/control-api.ts';
import { AS_IS } from '../shared/as-is.ts';
import { ExactText } from '../shared/ExactText.tsx';
import { useControlScope } from './control-scope.ts';
import { StopPreviewPart, useStopPreview } from './StopPreviewPart.tsx';
import { StopResults } from './StopResults.tsx';
import { useOrder } from './use-order.ts';

type Scope = 'workflow' | 'everything';

interface Choice {
  scope: Scope;
  workflow: string;
  typed: string;
  reason: string;
}

const NO_CHOICE: Choice = { scope: 'workflow', workflow: '', typed: '', reason: '' };

/** Stops every run of a workflow, or every run, after its name was typed. */
export function StopManyDialog({ onClose }: { onClose: () => void }) {
  const [choice, setChoice] = useState(NO_CHOICE);
  const { answer: results, sending, refusal, send } = useStopMany();
  const workflow = choice.scope === 'workflow' ? choice.workflow.trim() : null;
  const preview = useStopPreview(workflow);
  // What is being stopped leaves the preview; its names are still wanted.
  const [known, setKnown] = useState<StopPreview['runs']>([]);
  const named = workflow === null ? choice.typed.trim() === everythingWord() : workflow !== '';
  const ready = named && preview.value?.runs.length !== 0;
  const title = t('stop-many.title', 'Stop many runs');
  return (
    <Modal title={title} isOpen onDismiss={onClose}>
      <div data-testid="stop-many">
        {results ? (
          <StopResults results={results} known={known} />
        ) : (
          <>
            <ChoiceForm choice={choice} onChange={(part) => setChoice({ ...choice, ...part })} />
            <StopPreviewPart preview={preview} />
          </>
        )}
        {refusal ? (
          <Alert severity="error" title={t('stop.not-sent', 'The request was not taken')} topSpacing={1}>
            <ExactText text={[refusal.message, refusal.problem?.hint].filter(Boolean).join(' ')} />
          </Alert>
        ) : null}
      </div>
      <Modal.ButtonRow>
        <Button variant="secondary" onClick={onClose}>
          {t('stop.close', 'Close')}
        </Button>
        {results ? null : (
          <Button
            variant="destructive"
            disabled={!ready || sending}
            onClick={() => {
              setKnown(preview.value?.runs ?? []);
              send(workflow, choice.reason);
            }}
            data-testid="stop-many-confirm"
          >
            {sending ? t('decide.sending', 'Sending…') : t('stop-many.confirm', 'Ask all to stop')}
          </Button>
        )}
      </Modal.ButtonRow>
    </Modal>
  );
}

function everythingWord(): string {
  return t('stop-many.everything-word', 'everything');
}

function ChoiceForm({ choice, onChange }: { choice: Choice; onChange: (part: Partial<Choice>) => void }) {
  return (
    <>
      <RadioButtonGroup<Scope>
        aria-label={t('stop-many.scope', 'Which runs')}
        value={choice.scope}
        onChange={(scope) => onChange({ scope })}
        options={[
          { value: 'workflow', label: t('stop-many.workflow', 'A workflow') },
          { value: 'everything', label: t('stop-many.everything', 'Everything') },
        ]}
      />
      {choice.scope === 'workflow' ? (
        <Text
          id="stop-workflow"
          label={t('stop-many.name', 'Type the name of the workflow')}
          value={choice.workflow}
          onValue={(workflow) => onChange({ workflow })}
        />
      ) : (
        <Text
          id="stop-everything"
          label={t('confirm.type', 'Type {{words}} to go on', { words: everythingWord(), ...AS_IS })}
          value={choice.typed}
          onValue={(typed) => onChange({ typed })}
        />
      )}
      <Text
        id="stop-many-reason"
        label={t('stop.reason', 'Reason (optional)')}
        value={choice.reason}
        onValue={(reason) => onChange({ reason })}
      />
    </>
  );
}

interface TextProps {
  id: string;
  label: string;
  value: string;
  onValue: (value: string) => void;
}

function Text({ id, label, value, onValue }: TextProps) {
  return (
    <Field label={label} style={{ marginTop: 12 }}>
      <Input id={id} value={value} autoComplete="off" onChange={(event) => onValue(event.currentTarget.value)} />
    </Field>
  );
}

function useStopMany() {
  const { hub } = useControlScope();
  const order = useOrder<{ workflow: string | null; reason?: string }, StopResult[]>(
    ({ workflow, ...request }) => hub.api.stopMany(workflow, request),
    () => hub.refresh(),
  );
  const send = (workflow: string | null, reason: string) => {
    const words = reason.trim();
    void order.send({ workflow, ...(words === '' ? {} : { reason: words }) });
  };
  return { ...order, send };
}
