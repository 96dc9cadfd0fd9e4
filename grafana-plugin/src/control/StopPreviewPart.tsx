import type { StopPreview } from '@signalbox/event-model';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import { useEffect, useState } from 'react';
import type { Polled } from '../client/poller.ts';
import { runLink } from '../shared/app-links.ts';
import { ExactText } from '../shared/ExactText.tsx';
import { getCardStyles } from './card-styles.ts';
import { useControlScope, usePolled } from './control-scope.ts';

/** Nobody reads what is asked for between two letters. */
const TYPING_MS = 300;

/** The runs a stop of a workflow, or with null of everything, would reach now; nothing is asked for an empty name. */
export function useStopPreview(workflow: string | null): Polled<StopPreview | null> {
  const { hub } = useControlScope();
  const [asked, setAsked] = useState(workflow);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(workflow), TYPING_MS);
    return () => clearTimeout(timer);
  }, [workflow]);
  const preview = usePolled(asked === '' ? null : hub.stopPreview(asked));
  return asked === workflow ? preview : { value: null, error: null, readAt: null };
}

/** How many runs a stop would reach now, which they are, and which of them cannot stop. */
export function StopPreviewPart({ preview }: { preview: Polled<StopPreview | null> }) {
  const styles = useStyles2(getCardStyles);
  const { value, readAt } = preview;
  if (value === null) {
    // Where the collector does not tell, it is said without a number.
    const words = t('stop-many.hint', 'It reaches the runs that go on now, and those that start until you confirm.');
    return readAt === null ? null : <p>{words}</p>;
  }
  const count = value.runs.length;
  const unable = value.runs.filter((run) => !run.canStop).length;
  return (
    <div data-testid="stop-preview">
      <div role="status">
        <strong>{countWords(count, value.truncated)}</strong>{' '}
        {unable === 0
          ? null
          : t('stop-many.unable', '{{count}} of them cannot stop: their further actions are refused.', {
              count: unable,
              defaultValue_one: '{{count}} of them cannot stop: its further actions are refused.',
            })}
      </div>
      <ul className={styles.list} style={{ maxHeight: 160, overflow: 'auto' }} tabIndex={count > 6 ? 0 : undefined}>
        {value.runs.map((run) => (
          <li key={run.runId} className={styles.step}>
            <a className={styles.link} href={runLink(run.runId)}>
              <span className={styles.mono}>{run.runId.slice(0, 8)}</span>
            </a>
            <ExactText text={[run.agent, run.workflow].filter(Boolean).join(' · ')} />
            {run.canStop ? null : (
              <span className={styles.quiet}>{t('stop-many.cannot', 'cannot stop, is barred')}</span>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

function countWords(count: number, truncated: boolean): string {
  if (count === 0) return t('stop-many.nothing', 'No run goes on there now.');
  if (truncated)
    return t('stop-many.more', 'More than {{count}} runs now, and any that start until you confirm.', { count });
  return t('stop-many.now', '{{count}} runs now, and any that start until you confirm.', {
    count,
    defaultValue_one: '{{count}} run now, and any that start until you confirm.',
  });
}
