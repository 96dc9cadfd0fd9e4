import { css } from '@emotion/css';
import type { EventRow } from '@signalbox/event-model';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Button, useStyles2 } from '@grafana/ui';
import { useState } from 'react';
import { AS_IS } from '../shared/as-is.ts';
import { formatClock } from '../shared/format.ts';
import { useControlScope } from './control-scope.ts';
import { PlanBox } from './PlanBox.tsx';
import { StopButton } from './StopButton.tsx';
import type { StopFacts } from './stop-shape.ts';
import { TaskField } from './TaskField.tsx';
import { useStop } from './use-stop.ts';

interface RunBarProps {
  runId: string;
  name: string;
  rows: readonly EventRow[];
}

/** The head of the run being watched: what people can do with it, and how far that is. */
export function RunBar({ runId, name, rows }: RunBarProps) {
  const styles = useStyles2(getStyles);
  const { timeZone } = useControlScope();
  const { facts } = useStop(runId);
  const [plan, setPlan] = useState(false);
  const [tasks, setTasks] = useState(false);
  return (
    <section className={styles.bar} aria-label={t('run-bar.region', 'Run')} data-testid="run-bar">
      <div className={styles.line}>
        <strong className={styles.name}>{name}</strong>
        <StopButton runId={runId} name={name} rows={rows} />
        <span className={styles.facts} role="status" data-testid="stop-line">
          {stopLine(facts, timeZone)}
        </span>
        <span className={styles.push}>
          <Button size="sm" variant="secondary" icon="list-ul" aria-expanded={plan} onClick={() => setPlan(!plan)}>
            {t('plan-box.title', 'Plan')}
          </Button>
          <Button size="sm" variant="secondary" icon="plus" aria-expanded={tasks} onClick={() => setTasks(!tasks)}>
            {t('task.open', 'Add task')}
          </Button>
        </span>
      </div>
      {plan ? (
        <div className={styles.tasks}>
          <PlanBox runId={runId} />
        </div>
      ) : null}
      {tasks ? (
        <div className={styles.tasks}>
          <TaskField runId={runId} />
        </div>
      ) : null}
    </section>
  );
}

/** The facts of a stop in one line. */
function stopLine(facts: StopFacts, timeZone: string): string {
  const at = (time: string | null) => (time === null ? '' : formatClock(time, timeZone));
  const parts = [
    facts.requestedAt && t('stop.line-sent', 'request sent {{time}}', { time: at(facts.requestedAt), ...AS_IS }),
    facts.acknowledgedAt &&
      t('stop.line-acknowledged', 'agent acknowledged {{time}}', { time: at(facts.acknowledgedAt), ...AS_IS }),
    facts.requestedAt &&
      facts.lastActivityAt &&
      t('stop.line-activity', 'last activity {{time}}', { time: at(facts.lastActivityAt), ...AS_IS }),
    facts.barredAt && t('stop.line-barred', 'barred {{time}}, not stopped', { time: at(facts.barredAt), ...AS_IS }),
    facts.stoppedAt && t('stop.line-stopped', 'stopped {{time}}', { time: at(facts.stoppedAt), ...AS_IS }),
  ];
  return parts.filter(Boolean).join(' → ');
}

const getStyles = (theme: GrafanaTheme2) => ({
  bar: css({
    label: 'run-bar',
    marginBottom: theme.spacing(1),
    padding: theme.spacing(0.5, 1.5),
    background: theme.colors.background.primary,
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
  }),
  line: css({ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: theme.spacing(1), minHeight: 32 }),
  name: css({ fontWeight: theme.typography.fontWeightMedium, overflowWrap: 'anywhere' }),
  facts: css({ color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize }),
  push: css({
    display: 'inline-flex',
    gap: theme.spacing(1),
    marginLeft: 'auto',
    [theme.breakpoints.down('md')]: { '& > button': { minHeight: 44 } },
  }),
  tasks: css({ padding: theme.spacing(1, 0) }),
});
