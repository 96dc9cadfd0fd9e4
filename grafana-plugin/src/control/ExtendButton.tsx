import { cx } from '@emotion/css';
import type { Approval, Command } from '@signalbox/event-model';
import { t } from '@grafana/i18n';
import { Button, useStyles2, useTheme2 } from '@grafana/ui';
import type { CollectorError } from '../client/problem.ts';
import { AS_IS } from '../shared/as-is.ts';
import { ExactText } from '../shared/ExactText.tsx';
import { getCardStyles } from './card-styles.ts';
import { commandProgress } from './command-steps.ts';
import { useControlScope, usePolled } from './control-scope.ts';
import { useOrder } from './use-order.ts';

/** Puts off the end of a request where the policy allows it, and tells whether its agent waits that long. */
export function ExtendButton({ approval }: { approval: Approval }) {
  const styles = useStyles2(getCardStyles);
  const { hub } = useControlScope();
  const { id, mayExtend } = approval;
  const { allowed, minutes, reason } = mayExtend;
  const order = useOrder<object, Command>(
    (request) => hub.api.extend(id, request),
    () => {
      hub.approval(id).refresh();
      hub.waiting.refresh();
    },
  );
  const command = usePolled(order.answer ? hub.command(order.answer.id) : null).value ?? order.answer;
  if (!allowed && reason === null) return null;
  return (
    <>
      <div className={cx(styles.row, styles.touch)}>
        <Button
          size="sm"
          variant="secondary"
          icon="clock-nine"
          disabled={!allowed || order.sending}
          tooltip={allowed ? undefined : (reason ?? undefined)}
          onClick={() => void order.send({})}
          data-testid="extend"
        >
          {minutes > 0 ? t('extend.by', 'Extend {{minutes}} min', { minutes }) : t('extend.plain', 'Extend')}
        </Button>
        {allowed ? null : (
          <span className={styles.quiet}>
            <ExactText text={reason ?? ''} />
          </span>
        )}
      </div>
      <div role="status">
        <Outcome command={command} refusal={order.refusal} minutes={minutes} />
      </div>
    </>
  );
}

interface OutcomeProps {
  command: Command | null;
  refusal: CollectorError | null;
  minutes: number;
}

function Outcome({ command, refusal, minutes }: OutcomeProps) {
  const styles = useStyles2(getCardStyles);
  const theme = useTheme2();
  const words = refusal
    ? t('extend.not-taken', 'Not extended: {{why}}', { why: refusal.problem?.detail ?? refusal.message, ...AS_IS })
    : command && extendWords(command, minutes);
  if (words === null) return null;
  const bad = refusal !== null || (command !== null && commandProgress(command).end !== null);
  return (
    <span
      className={styles.quiet}
      style={bad ? { color: theme.colors.error.text } : undefined}
      data-testid="extended"
      data-state={command?.state}
    >
      <ExactText text={words} />
    </span>
  );
}

/** The time to decide moves at once; whether the agent waits that long is known only when it says so. */
function extendWords(command: Command, minutes: number): string {
  const why = commandProgress(command).end?.words ?? '';
  switch (command.state) {
    case 'queued':
      return t('extend.queued', 'Extended by {{minutes}} min; the agent has not been told yet.', { minutes });
    case 'delivered':
      return t('extend.delivered', 'Extended by {{minutes}} min; the agent was told.', { minutes });
    case 'acked':
    case 'effective':
      return t('extend.effective', 'Extended by {{minutes}} min; the agent waits that long.', { minutes });
    case 'refused':
      return t('extend.refused', 'The agent cannot wait longer. {{why}}', { why, ...AS_IS });
    case 'expired':
    case 'failed':
      return t('extend.failed', 'The agent could not be told to wait longer. {{why}}', { why, ...AS_IS });
  }
}
