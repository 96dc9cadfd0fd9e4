import { t } from '@grafana/i18n';
import { Alert, Button, Field, Input, Modal, RadioButtonGroup } from '@grafana/ui';
import { useRef, useState } from 'react';
import type { StopResult } from '../client/control-api.ts';
import { type CollectorError, toCollectorError } from '../client/problem.ts';
import { AS_IS } from '../shared/as-is.ts';
import { ExactText } from '../shared/ExactText.tsx';
import { randomId } from '../shared/random-id.ts';
import { AttemptKeys } from './attempt-keys.ts';
import { useControlScope } from './control-scope.ts';
import { StopResults } from './StopResults.tsx';

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
  const { results, sending, refusal, send } = useStopMany();
  const workflow = choice.scope === 'workflow' ? choice.workflow.trim() : null;
  const ready = workflow === null ? choice.typed.trim() === everythingWord() : workflow !== '';
  const title = t('stop-many.title', 'Stop many runs');
  return (
    <Modal title={title} isOpen onDismiss={onClose}>
      <div data-testid="stop-many">
        {results ? (
          <StopResults results={results} />
        ) : (
          <ChoiceForm choice={choice} onChange={(part) => setChoice({ ...choice, ...part })} />
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
            onClick={() => void send(workflow, choice.reason)}
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
      <p>{t('stop-many.hint', 'It reaches the runs that go on now, and those that start until you confirm.')}</p>
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
  const [results, setResults] = useState<StopResult[] | null>(null);
  const [sending, setSending] = useState(false);
  const [refusal, setRefusal] = useState<CollectorError | null>(null);
  const keys = useRef<AttemptKeys | null>(null);
  const send = async (workflow: string | null, reason: string) => {
    setSending(true);
    setRefusal(null);
    keys.current ??= new AttemptKeys(randomId);
    const words = reason.trim();
    const order = { workflow, ...(words === '' ? {} : { reason: words }) };
    const request = { ...(words === '' ? {} : { reason: words }), idempotencyKey: keys.current.keyOf(order) };
    try {
      setResults(await hub.api.stopMany(workflow, request));
    } catch (error) {
      setRefusal(toCollectorError(error));
    }
    setSending(false);
    hub.refresh();
  };
  return { results, sending, refusal, send };
}
