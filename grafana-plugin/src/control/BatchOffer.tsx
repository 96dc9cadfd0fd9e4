import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Button, useStyles2 } from '@grafana/ui';
import { AS_IS } from '../shared/as-is.ts';
import { ExactText } from '../shared/ExactText.tsx';
import type { Batch } from './batch-shape.ts';

/** Offers to look at requests of the same kind together, above the first of them. */
export function BatchOffer({ batch, onOpen }: { batch: Batch; onOpen: (batch: Batch) => void }) {
  const styles = useStyles2(getStyles);
  const count = batch.approvals.length;
  return (
    <li className={styles.offer} data-testid="batch-offer">
      <span className={styles.words}>
        <ExactText
          text={t('batch.same', 'The same in run {{run}}: {{action}}', {
            run: batch.runId.slice(0, 8),
            action: batch.action,
            ...AS_IS,
          })}
        />
      </span>
      <Button size="sm" variant="secondary" onClick={() => onOpen(batch)}>
        {t('batch.open', 'Decide {{count}} together…', { count, defaultValue_one: 'Decide {{count}} together…' })}
      </Button>
    </li>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  offer: css({
    label: 'batch-offer',
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    padding: theme.spacing(0.5, 1.5),
    background: theme.colors.background.secondary,
    borderBottom: `1px solid ${theme.colors.border.weak}`,
    fontSize: theme.typography.bodySmall.fontSize,
    '& > button': { marginLeft: 'auto', flexShrink: 0 },
    [theme.breakpoints.down('md')]: { '& > button': { minHeight: 44 } },
  }),
  words: css({ minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }),
});
