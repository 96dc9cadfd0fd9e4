import { t } from '@grafana/i18n';
import { Alert, Button, Combobox, Field, Input, useStyles2 } from '@grafana/ui';
import { type FormEvent, useRef, useState } from 'react';
import { type CollectorError, toCollectorError } from '../client/problem.ts';
import { AS_IS } from '../shared/as-is.ts';
import { ExactText } from '../shared/ExactText.tsx';
import { randomId } from '../shared/random-id.ts';
import { AttemptKeys } from './attempt-keys.ts';
import { getCardStyles } from './card-styles.ts';
import { useControlScope, usePolled } from './control-scope.ts';
import { ambiguousIds } from './plan-shape.ts';
import { orderBlock } from './steer-block.ts';
import { TaskList } from './TaskList.tsx';

const END = '';

const EMPTY = { text: '', note: '', after: END };

/** Proposes a task to a run's agent, and tells what became of those proposed. */
export function TaskField({ runId }: { runId: string }) {
  const styles = useStyles2(getCardStyles);
  const { hub } = useControlScope();
  const control = usePolled(hub.run(runId));
  const { sending, refusal, send } = useAddTask(runId);
  const { blocked, note } = orderBlock(control, 'add_task');
  return (
    <section aria-label={t('task.region', 'Add a task')} data-testid="task-field">
      <TaskForm runId={runId} blocked={blocked} note={note} sending={sending} send={send} />
      {note === null ? null : (
        <p className={styles.quiet} role="status" style={{ margin: '6px 0 0' }} data-testid="task-hint">
          {note}
        </p>
      )}
      {refusal ? (
        <Alert severity="error" topSpacing={1} bottomSpacing={1} title={t('task.not-sent', 'The task was not taken')}>
          <ExactText text={[refusal.message, refusal.problem?.hint].filter(Boolean).join(' ')} />
        </Alert>
      ) : null}
      <TaskList commands={control.value?.tasks ?? []} />
    </section>
  );
}

interface TaskFormProps {
  runId: string;
  blocked: boolean;
  note: string | null;
  sending: boolean;
  send: (task: typeof EMPTY) => Promise<boolean>;
}

function TaskForm({ runId, blocked, note, sending, send }: TaskFormProps) {
  const styles = useStyles2(getCardStyles);
  const [task, setTask] = useState(EMPTY);
  const change = (part: Partial<typeof EMPTY>) => setTask((known) => ({ ...known, ...part }));
  const empty = task.text.trim() === '';
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!empty && (await send(task))) setTask(EMPTY);
  };
  return (
    <form className={styles.row} onSubmit={(event) => void submit(event)} style={{ alignItems: 'flex-end' }}>
      <Field noMargin label={t('task.text', 'Task')} style={{ flex: '2 1 200px' }}>
        <Input
          id="task-text"
          value={task.text}
          maxLength={4000}
          disabled={blocked}
          onChange={(event) => change({ text: event.currentTarget.value })}
        />
      </Field>
      <Field noMargin label={t('task.note', 'Note to the agent (optional)')} style={{ flex: '1 1 160px' }}>
        <Input
          id="task-note"
          value={task.note}
          maxLength={4000}
          disabled={blocked}
          onChange={(event) => change({ note: event.currentTarget.value })}
        />
      </Field>
      <Place runId={runId} after={task.after} disabled={blocked} onAfter={(after) => change({ after })} />
      <Button type="submit" disabled={blocked || sending || empty} title={blocked ? (note ?? undefined) : undefined}>
        {sending ? t('decide.sending', 'Sending…') : t('task.add', 'Propose task')}
      </Button>
    </form>
  );
}

interface PlaceProps {
  runId: string;
  after: string;
  disabled: boolean;
  onAfter: (after: string) => void;
}

/** Where in the plan; nothing to choose while no plan is known. */
function Place({ runId, after, disabled, onAfter }: PlaceProps) {
  const { hub } = useControlScope();
  const plan = usePolled(hub.plan(runId)).value;
  const unclear = plan ? ambiguousIds(plan) : new Set<string>();
  const items = plan?.items.filter(({ id }) => !unclear.has(id)) ?? [];
  if (items.length === 0) return null;
  const places = items.map((item) => ({
    value: item.id,
    label: t('task.after', 'After “{{item}}”', { item: item.text, ...AS_IS }),
  }));
  return (
    <Field noMargin label={t('task.place', 'Place')} style={{ flex: '1 1 160px' }}>
      <Combobox
        id="task-place"
        options={[{ value: END, label: t('task.at-end', 'At the end') }, ...places]}
        value={after}
        disabled={disabled}
        onChange={(choice) => onAfter(choice.value)}
      />
    </Field>
  );
}

function useAddTask(runId: string) {
  const { hub } = useControlScope();
  const [sending, setSending] = useState(false);
  const [refusal, setRefusal] = useState<CollectorError | null>(null);
  const keys = useRef<AttemptKeys | null>(null);
  const send = async (task: { text: string; note: string; after: string }): Promise<boolean> => {
    setSending(true);
    setRefusal(null);
    keys.current ??= new AttemptKeys(randomId);
    const note = task.note.trim();
    const order = {
      text: task.text.trim(),
      ...(note === '' ? {} : { note }),
      ...(task.after === END ? {} : { after: task.after }),
    };
    try {
      await hub.api.addTask(runId, { ...order, idempotencyKey: keys.current.keyOf(order) });
      keys.current.close();
      return true;
    } catch (error) {
      setRefusal(toCollectorError(error));
      return false;
    } finally {
      setSending(false);
      hub.run(runId).refresh();
    }
  };
  return { sending, refusal, send };
}
