import type { Approval, Command } from '@signalbox/event-model';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import { approvalLink } from '../shared/app-links.ts';
import { ExactText } from '../shared/ExactText.tsx';
import { titleOf } from './approval-shape.ts';
import { getCardStyles } from './card-styles.ts';
import { commandProgress } from './command-steps.ts';
import { commandEndWords, stepLabel, stepMissing } from './control-labels.ts';
import { useControlScope, usePolled } from './control-scope.ts';

/** How far each decision of a batch came. */
export function BatchResults({ taken }: { taken: readonly { approval: Approval; command: Command }[] }) {
  const styles = useStyles2(getCardStyles);
  return (
    <>
      <p role="status">
        {t('batch.taken', '{{count}} decisions were taken.', {
          count: taken.length,
          defaultValue_one: '{{count}} decision was taken.',
        })}
      </p>
      <ul className={styles.list} data-testid="batch-results">
        {taken.map(({ approval, command }) => (
          <li key={command.id} className={styles.step}>
            <a className={styles.link} href={approvalLink(approval.id)}>
              <ExactText text={titleOf(approval)} />
            </a>
            <Progress command={command} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Progress({ command }: { command: Command }) {
  const styles = useStyles2(getCardStyles);
  const { hub } = useControlScope();
  const { reached, end } = commandProgress(usePolled(hub.command(command.id)).value ?? command);
  const words = end ? commandEndWords(end.kind) : reached === 'sent' ? stepMissing('delivered') : stepLabel(reached);
  return <span className={styles.quiet}>{words}</span>;
}
