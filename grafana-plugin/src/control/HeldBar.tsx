import { css, keyframes } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Button, useStyles2 } from '@grafana/ui';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { UNDO_MS } from '../client/held-order.ts';
import { getCardStyles } from './card-styles.ts';

/** The second click of a double click may fall on Undo, which came under it. */
const DOUBLE_CLICK_MS = 300;

/** In place of the buttons while an approval is held: what will happen, when, and the way back. */
export function HeldBar({ until, onUndo }: { until: number; onUndo: () => void }) {
  const styles = useStyles2(getCardStyles);
  const own = useStyles2(getStyles);
  const seconds = useSecondsTo(until);
  const undo = useRef<HTMLButtonElement>(null);
  useEffect(() => undo.current?.focus(), []);
  return (
    <div data-testid="held">
      <div className={own.track} aria-hidden>
        <div className={own.bar} />
      </div>
      <div className={styles.buttons}>
        <Button size="lg" variant="primary" disabled>
          {t('undo.approve-in', 'Approve in {{seconds}} s', { seconds })}
        </Button>
        <Button
          ref={undo}
          size="lg"
          variant="secondary"
          icon="history-alt"
          onKeyDown={ignoreRepeats}
          onClick={(event) => {
            const byKey = event.detail === 0;
            if (byKey || until - Date.now() < UNDO_MS - DOUBLE_CLICK_MS) onUndo();
          }}
          data-testid="undo"
        >
          {t('undo.undo', 'Undo')}
        </Button>
      </div>
      <p className={styles.note} role="status">
        {t('undo.not-sent', 'Not sent yet. Undo, or Esc, takes it back.')}
      </p>
    </div>
  );
}

/** A key that was held down on Approve goes on into Undo, which then has the focus. */
function ignoreRepeats(event: KeyboardEvent): void {
  if (event.repeat) event.preventDefault();
}

function useSecondsTo(until: number): number {
  const left = () => Math.max(1, Math.ceil((until - Date.now()) / 1000));
  const [seconds, setSeconds] = useState(left);
  useEffect(() => {
    const timer = setInterval(() => setSeconds(Math.max(1, Math.ceil((until - Date.now()) / 1000))), 200);
    return () => clearInterval(timer);
  }, [until]);
  return seconds;
}

const getStyles = (theme: GrafanaTheme2) => {
  const run = keyframes({ from: { transform: 'scaleX(1)' }, to: { transform: 'scaleX(0)' } });
  return {
    track: css({
      height: 3,
      marginBottom: theme.spacing(1),
      overflow: 'hidden',
      borderRadius: theme.shape.radius.pill,
      background: theme.colors.background.secondary,
      '@media (prefers-reduced-motion: reduce)': { display: 'none' },
    }),
    bar: css({
      height: '100%',
      background: theme.colors.primary.main,
      transformOrigin: 'left',
      animation: `${run} ${UNDO_MS}ms linear forwards`,
    }),
  };
};
