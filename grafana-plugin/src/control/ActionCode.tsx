import { t } from '@grafana/i18n';
import { Alert, Button, useStyles2 } from '@grafana/ui';
import { CopyButton } from '../shared/CopyButton.tsx';
import { ExactText } from '../shared/ExactText.tsx';
import { hidesCharacters } from '../shared/invisible-text.ts';
import { shortHash } from './approval-shape.ts';
import { callLines, type Fold, foldLines, type FoldedLines } from './args-lines.ts';
import { getCardStyles } from './card-styles.ts';

/** What fits before a person asks for everything: on a phone the reasons and the buttons must fit beside it. */
function foldHere(): Fold {
  return window.innerWidth < 600 ? { lines: 12, columns: 400 } : { lines: 40, columns: 2000 };
}

/** Whether a call is short enough to be seen as a whole without a further click. */
export function fitsWhole(action: string, args: unknown): boolean {
  return foldLines(callLines(action, args), foldHere()).hiddenCharacters === 0;
}

interface ActionCodeProps {
  action: string;
  args: unknown;
  hash: string;
  whole: boolean;
  onWhole: () => void;
}

/** The exact call that will run, and the start and end of the hash the decision names. */
export function ActionCode({ action, args, hash, whole, onWhole }: ActionCodeProps) {
  const styles = useStyles2(getCardStyles);
  const lines = callLines(action, args);
  const folded = foldLines(lines, whole ? { lines: Infinity, columns: Infinity } : foldHere());
  return (
    <>
      <pre
        className={styles.code}
        dir="ltr"
        tabIndex={0}
        role="region"
        aria-label={t('card.call', 'What will run, exactly')}
        data-testid="action-code"
      >
        {folded.lines.map((line, index) => (
          <CodeLine key={index} text={line.text} cut={line.cut} last={index === folded.lines.length - 1} />
        ))}
      </pre>
      <FoldNote folded={folded} total={lines.length} onWhole={onWhole} />
      {lines.some(hidesCharacters) ? <HiddenNote /> : null}
      <p className={styles.hash}>
        {hash === '' ? null : (
          <span title={hash}>
            {t('card.shown-as', 'Shown as')} <span className={styles.mono}>{`sha256 ${shortHash(hash)}`}</span>
          </span>
        )}
        <CopyButton text={() => JSON.stringify(args, null, 2)} label={t('card.copy-arguments', 'Copy arguments')} />
      </p>
    </>
  );
}

function CodeLine({ text, cut, last }: { text: string; cut: number; last: boolean }) {
  const styles = useStyles2(getCardStyles);
  return (
    <>
      <ExactText text={text} />
      {cut > 0 ? (
        <span className={styles.cut}>
          {' '}
          {t('card.cut', '… {{count}} more characters', { count: cut, defaultValue_one: '… {{count}} more character' })}
        </span>
      ) : null}
      {last ? null : '\n'}
    </>
  );
}

function FoldNote({ folded, total, onWhole }: { folded: FoldedLines; total: number; onWhole: () => void }) {
  const styles = useStyles2(getCardStyles);
  if (folded.hiddenCharacters === 0) return null;
  return (
    <div className={styles.fold} data-testid="fold">
      <span>
        {t('card.folded', 'Not all is shown: {{lines}} of {{total}} lines and {{count}} characters are left out.', {
          lines: folded.hiddenLines,
          total,
          count: folded.hiddenCharacters,
          defaultValue_one: 'Not all is shown: {{lines}} of {{total}} lines and {{count}} character are left out.',
        })}
      </span>
      <Button size="sm" variant="secondary" onClick={onWhole}>
        {t('card.show-all', 'Show all')}
      </Button>
    </div>
  );
}

function HiddenNote() {
  return (
    <Alert
      severity="warning"
      topSpacing={1}
      bottomSpacing={1}
      title={t('card.hidden-characters', 'The arguments hold characters that are not seen. They are marked above.')}
    />
  );
}
