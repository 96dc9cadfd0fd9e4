import { t } from '@grafana/i18n';
import { Field, TextArea, useStyles2 } from '@grafana/ui';
import { ArgsDiff } from './ArgsDiff.tsx';
import { getCardStyles } from './card-styles.ts';
import { AS_IS } from '../shared/as-is.ts';
import { type EditProblem, readEdit } from './edit-args.ts';

interface EditFormProps {
  /** Arguments as the agent sent them. */
  before: unknown;
  text: string;
  onText: (text: string) => void;
}

/** The arguments as JSON to change, what is wrong with them, and what differs from what the agent asked. */
export function EditForm({ before, text, onText }: EditFormProps) {
  const styles = useStyles2(getCardStyles);
  const edit = readEdit(text, before);
  const [problem] = edit.problems;
  const wrong = problem && problem.kind !== 'unchanged' ? problem : null;
  const lines = Math.min(14, Math.max(4, text.split('\n').length + 1));
  return (
    <>
      <Field
        noMargin
        label={t('edit.arguments', 'Arguments (JSON)')}
        invalid={wrong !== null}
        error={wrong ? edit.problems.map(problemWords).join(' ') : undefined}
      >
        <TextArea
          id="edit-arguments"
          autoFocus
          rows={lines}
          spellCheck={false}
          className={styles.mono}
          value={text}
          onChange={(event) => onText(event.currentTarget.value)}
        />
      </Field>
      {wrong === null && problem === undefined ? (
        <ArgsDiff before={before} after={edit.value} />
      ) : problem?.kind === 'unchanged' ? (
        <p className={styles.quiet}>{problemWords(problem)}</p>
      ) : null}
    </>
  );
}

function problemWords(problem: EditProblem): string {
  switch (problem.kind) {
    case 'syntax':
      return t('edit.syntax', 'This is not JSON: {{detail}}', { detail: problem.detail, ...AS_IS });
    case 'type':
      return t('edit.type', '{{path}} was {{before}} and would be {{after}}.', {
        path: problem.path,
        before: typeWord(problem.before),
        after: typeWord(problem.after),
        ...AS_IS,
      });
    case 'unchanged':
      return t('edit.unchanged', 'Nothing is changed yet.');
  }
}

function typeWord(type: string): string {
  const words: Record<string, () => string> = {
    string: () => t('json-type.string', 'a text'),
    number: () => t('json-type.number', 'a number'),
    boolean: () => t('json-type.boolean', 'true or false'),
    array: () => t('json-type.array', 'a list'),
    object: () => t('json-type.object', 'an object'),
  };
  return words[type]?.() ?? type;
}
