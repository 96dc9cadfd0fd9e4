import type { Command, StopPreview } from '@signalbox/event-model';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import type { StopResult } from '../client/control-api.ts';
import { runLink } from '../shared/app-links.ts';
import { ExactText } from '../shared/ExactText.tsx';
import { useNow } from '../shared/use-now.ts';
import { getCardStyles } from './card-styles.ts';
import { useControlScope, usePolled } from './control-scope.ts';
import { stopFacts } from './stop-shape.ts';
import { stopPhaseLabel } from './StopSteps.tsx';

interface StopResultsProps {
  results: readonly StopResult[];
  /** The runs as they were announced. */
  known: StopPreview['runs'];
}

/** What became of each run; one that could not be stopped stays in sight. */
export function StopResults({ results, known }: StopResultsProps) {
  const styles = useStyles2(getCardStyles);
  if (results.length === 0) return <p>{t('stop-many.none', 'There was no run to stop.')}</p>;
  return (
    <table data-testid="stop-results" style={{ width: '100%' }}>
      <thead>
        <tr>
          <th>{t('stop-many.run', 'Run')}</th>
          <th>{t('stop-many.state', 'State')}</th>
        </tr>
      </thead>
      <tbody>
        {results.map((result) => (
          <tr key={result.runId}>
            <td style={{ paddingRight: 16, verticalAlign: 'top' }}>
              <a className={styles.link} href={runLink(result.runId)}>
                <span className={styles.mono}>{result.runId.slice(0, 8)}</span>
              </a>{' '}
              <ExactText text={known.find((run) => run.runId === result.runId)?.agent ?? ''} />
            </td>
            <td data-testid="stop-result">
              {result.command ? (
                <Progress command={result.command} />
              ) : (
                <ExactText text={result.problem?.detail ?? result.problem?.title ?? ''} />
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Progress({ command }: { command: Command }) {
  const { hub } = useControlScope();
  const now = useNow(true);
  const current = usePolled(hub.command(command.id)).value ?? command;
  const stop = { command: current, requestedAt: current.createdAt, by: current.requestedBy, lastActivityAt: null };
  const { phase, enforced } = stopFacts({ stop, ended: false }, null, now);
  return (
    <>
      {phase === 'none' ? null : stopPhaseLabel(phase)}
      {enforced === null ? null : (
        <>
          {' · '}
          <ExactText text={enforced} />
        </>
      )}
    </>
  );
}
