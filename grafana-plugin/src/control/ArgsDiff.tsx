import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import { ExactText } from '../shared/ExactText.tsx';
import { getCardStyles } from './card-styles.ts';
import { type ArgumentChange, diffArgs, splitChange } from './edit-args.ts';

/** What differs between two sets of arguments, with the changed part of each value marked. */
export function ArgsDiff({ before, after }: { before: unknown; after: unknown }) {
  const styles = useStyles2(getCardStyles);
  const changes = diffArgs(before, after);
  if (changes.length === 0) return <p className={styles.quiet}>{t('diff.none', 'No difference.')}</p>;
  return (
    <div
      className={styles.code}
      tabIndex={0}
      role="region"
      aria-label={t('diff.region', 'Before and after')}
      data-testid="args-diff"
    >
      {changes.map((change) => (
        <Change key={change.path} change={change} />
      ))}
    </div>
  );
}

function Change({ change }: { change: ArgumentChange }) {
  const styles = useStyles2(getCardStyles);
  const { path, before, after } = change;
  const parts = splitChange(before ?? '', after ?? '');
  const line = (sign: string, text: string, marked: string, mark: string) => (
    <div>
      {sign} <ExactText text={`${path}: `} />
      {text === '' ? null : <ExactText text={parts.start} />}
      <span className={mark}>
        <ExactText text={marked} />
      </span>
      {text === '' ? null : <ExactText text={parts.end} />}
    </div>
  );
  return (
    <>
      {before === null ? null : line('−', before, parts.before, styles.before)}
      {after === null ? null : line('+', after, parts.after, styles.after)}
    </>
  );
}
