import type { Command } from '@signalbox/event-model';
import { useStyles2, useTheme2 } from '@grafana/ui';
import { ExactText } from '../shared/ExactText.tsx';
import { formatClock, formatIso } from '../shared/format.ts';
import { Glyph } from '../shared/Glyph.tsx';
import { getCardStyles } from './card-styles.ts';
import { commandProgress, type CommandStep } from './command-steps.ts';
import { commandEndWords, stepLabel, stepMissing } from './control-labels.ts';

interface CommandTrailProps {
  command: Command;
  timeZone: string;
}

/** Each step of an order as a fact of its own, with its time; what has not happened is not claimed. */
export function CommandTrail({ command, timeZone }: CommandTrailProps) {
  const styles = useStyles2(getCardStyles);
  const theme = useTheme2();
  const { steps, end } = commandProgress(command);
  const shown = end ? steps.filter((step) => step.at !== null) : steps;
  return (
    <ul className={styles.list} data-testid="trail" data-state={command.state}>
      {shown.map((step) => (
        <Step key={step.name} step={step} timeZone={timeZone} />
      ))}
      {end ? (
        <li className={styles.step} style={{ color: theme.colors.error.text }}>
          <Glyph name="cross" />
          <span>{commandEndWords(end.kind)}</span>
          {end.at === null ? null : <span className={styles.mono}>{formatClock(end.at, timeZone)}</span>}
          {end.words === null ? null : <ExactText text={end.words} />}
        </li>
      ) : null}
    </ul>
  );
}

function Step({ step, timeZone }: { step: CommandStep; timeZone: string }) {
  const styles = useStyles2(getCardStyles);
  const theme = useTheme2();
  const { name, at, evidence } = step;
  if (at === null) {
    return (
      <li className={styles.step} style={{ color: theme.colors.text.secondary }} data-step={name} data-done="false">
        <Glyph name="circle" />
        <span>{stepMissing(name)}</span>
      </li>
    );
  }
  return (
    <li className={styles.step} data-step={name} data-done="true">
      <Glyph name="check" color={theme.colors.success.text} />
      <span>{stepLabel(name)}</span>
      <span className={styles.mono} title={formatIso(at, timeZone)}>
        {formatClock(at, timeZone)}
      </span>
      {evidence === null || evidence === '' ? null : (
        <span className={styles.quiet}>
          <ExactText text={evidence} />
        </span>
      )}
    </li>
  );
}
