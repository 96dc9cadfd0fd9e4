import { css } from '@emotion/css';
import type { Approval } from '@signalbox/event-model';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Alert, Button, EmptyState, useStyles2 } from '@grafana/ui';
import { Fragment, useState } from 'react';
import type { Polled } from '../../client/poller.ts';
import type { CollectorError } from '../../client/problem.ts';
import { BatchDialog } from '../../control/BatchDialog.tsx';
import { BatchOffer } from '../../control/BatchOffer.tsx';
import { type Batch, findBatches } from '../../control/batch-shape.ts';
import { CardSkeleton } from '../../control/CardSkeleton.tsx';
import { useControlScope } from '../../control/control-scope.ts';
import { AS_IS } from '../../shared/as-is.ts';
import { formatClock } from '../../shared/format.ts';
import { useNow } from '../../shared/use-now.ts';
import { InboxRow } from './InboxRow.tsx';
import type { InboxTab } from './inbox-shape.ts';

interface InboxListProps {
  tab: InboxTab;
  list: readonly Approval[];
  source: Polled<unknown>;
  selectedId: string | null;
  onSelect: (id: string) => void;
  onRetry: () => void;
}

/** The rows of one list, or why there are none. */
export function InboxList({ tab, list, source, selectedId, onSelect, onRetry }: InboxListProps) {
  const styles = useStyles2(getStyles);
  const { timeZone } = useControlScope();
  const now = useNow(true);
  const batches = findBatches(list);
  // Kept here: what is decided leaves the list, and its dialog must stay to tell what became of it.
  const [opened, setOpened] = useState<Batch | null>(null);
  return (
    <div className={styles.box}>
      {source.error ? <Trouble error={source.error} readAt={source.readAt} onRetry={onRetry} /> : null}
      {source.value === null ? (
        source.error ? null : (
          <CardSkeleton />
        )
      ) : list.length === 0 ? (
        <Nothing tab={tab} />
      ) : (
        <ul className={styles.list} data-stale={source.error !== null || undefined}>
          {list.map((approval) => {
            const batch = batches.find((candidate) => candidate.approvals[0]?.id === approval.id);
            return (
              <Fragment key={approval.id}>
                {batch ? <BatchOffer batch={batch} onOpen={setOpened} /> : null}
                <InboxRow
                  approval={approval}
                  selected={approval.id === selectedId}
                  now={now}
                  timeZone={timeZone}
                  onSelect={onSelect}
                />
              </Fragment>
            );
          })}
        </ul>
      )}
      {opened ? <BatchDialog batch={opened} onClose={() => setOpened(null)} /> : null}
    </div>
  );
}

function Nothing({ tab }: { tab: InboxTab }) {
  if (tab === 'pending') {
    return (
      <EmptyState variant="completed" message={t('inbox.zero', 'Nothing waits for a decision')} hideImage={false} />
    );
  }
  const words =
    tab === 'mine'
      ? t('inbox.none-mine', 'You have decided nothing yet')
      : t('inbox.none-decided', 'Nothing was decided yet');
  return <EmptyState variant="not-found" message={words} hideImage />;
}

function Trouble({ error, readAt, onRetry }: { error: CollectorError; readAt: number | null; onRetry: () => void }) {
  const { timeZone } = useControlScope();
  const denied = error.kind === 'denied';
  return (
    <Alert
      severity={denied ? 'error' : 'warning'}
      topSpacing={1}
      bottomSpacing={1}
      title={denied ? t('card.denied', 'You may not see approvals') : t('card.stale', 'The collector does not answer')}
    >
      <div>{error.problem?.hint ?? error.problem?.detail ?? ''}</div>
      {readAt === null ? null : (
        <div>
          {t('card.stale-since', 'This is what was known at {{time}}.', {
            time: formatClock(new Date(readAt).toISOString(), timeZone),
            ...AS_IS,
          })}
        </div>
      )}
      <Button size="sm" variant="secondary" icon="sync" onClick={onRetry} style={{ marginTop: 8 }}>
        {t('banner.retry', 'Try again now')}
      </Button>
    </Alert>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  box: css({ flex: 1, minHeight: 0, overflow: 'auto', padding: theme.spacing(0) }),
  list: css({ listStyle: 'none', margin: 0, padding: 0, '&[data-stale]': { opacity: 0.7 } }),
});
