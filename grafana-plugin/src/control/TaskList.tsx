import type { Command } from '@signalbox/event-model';
import { t } from '@grafana/i18n';
import { useStyles2, useTheme2 } from '@grafana/ui';
import { ExactText } from '../shared/ExactText.tsx';
import { formatClock } from '../shared/format.ts';
import { Glyph } from '../shared/Glyph.tsx';
import type { GlyphName } from '../shared/glyphs.ts';
import { useNow } from '../shared/use-now.ts';
import { getCardStyles } from './card-styles.ts';
import { useControlScope } from './control-scope.ts';
import { proposedTasks, type ProposedTask, type TaskState } from './task-shape.ts';

const GLYPHS: Record<TaskState, GlyphName> = {
  proposed: 'circle',
  seen: 'half',
  accepted: 'check',
  done: 'check',
  refused: 'ban',
  ignored: 'lost',
  failed: 'cross',
};

/** The tasks people proposed to a run and what its agent made of them. */
export function TaskList({ commands }: { commands: readonly Command[] }) {
  const styles = useStyles2(getCardStyles);
  const now = useNow(commands.length > 0);
  const tasks = proposedTasks(commands, now);
  if (tasks.length === 0) return null;
  return (
    <ul className={styles.list} style={{ marginTop: 8 }} data-testid="tasks" aria-live="polite">
      {tasks.map((task) => (
        <TaskLine key={task.id} task={task} />
      ))}
    </ul>
  );
}

function TaskLine({ task }: { task: ProposedTask }) {
  const styles = useStyles2(getCardStyles);
  const theme = useTheme2();
  const { timeZone } = useControlScope();
  const bad = task.state === 'refused' || task.state === 'failed' || task.state === 'ignored';
  const good = task.state === 'accepted' || task.state === 'done';
  const color = bad ? theme.colors.error.text : good ? theme.colors.success.text : theme.colors.warning.text;
  return (
    <li className={styles.step} data-state={task.state}>
      <Glyph name={GLYPHS[task.state]} color={color} />
      <ExactText text={task.text} />
      <span style={{ color }}>{stateWords(task.state)}</span>
      <span className={styles.mono}>{formatClock(task.at, timeZone)}</span>
      {task.problem === null ? null : <ExactText text={task.problem} />}
      {task.late ? (
        <span className={styles.quiet}>{t('task.late', 'The agent has not been reached for a while.')}</span>
      ) : null}
    </li>
  );
}

function stateWords(state: TaskState): string {
  const words: Record<TaskState, () => string> = {
    proposed: () => t('task-state.proposed', 'proposed (not yet seen by agent)'),
    seen: () => t('task-state.seen', 'proposed (delivered, not yet answered)'),
    accepted: () => t('task-state.accepted', 'accepted'),
    done: () => t('task-state.done', 'taken into the plan'),
    refused: () => t('task-state.refused', 'refused'),
    ignored: () => t('task-state.ignored', 'ignored: it ran out of time'),
    failed: () => t('task-state.failed', 'failed'),
  };
  return words[state]();
}
