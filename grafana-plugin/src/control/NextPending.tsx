import { t } from '@grafana/i18n';
import { Button, useStyles2 } from '@grafana/ui';
import { useEffect, useRef } from 'react';
import { nextPending } from './approval-shape.ts';
import { getCardStyles } from './card-styles.ts';
import { useControlScope, usePolled } from './control-scope.ts';

interface NextPendingProps {
  id: string;
  /** The person has just decided here: the focus goes on with them. */
  focus: boolean;
  onNext: (id: string) => void;
}

/** The way on after a decision. */
export function NextPending({ id, focus, onNext }: NextPendingProps) {
  const styles = useStyles2(getCardStyles);
  const { hub } = useControlScope();
  const pending = usePolled(hub.waiting).value?.pending ?? [];
  const others = pending.filter((approval) => approval.id !== id);
  const next = nextPending(others, id);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (focus) button.current?.focus();
  }, [focus, next?.id]);
  if (!next) {
    return (
      <p className={styles.quiet} role="status" style={{ margin: 0 }}>
        {t('next.none', 'Nothing else waits for a decision.')}
      </p>
    );
  }
  return (
    <div className={styles.buttons}>
      <Button ref={button} size="lg" variant="primary" icon="arrow-right" onClick={() => onNext(next.id)}>
        {t('next.pending', 'Next pending ({{count}})', {
          count: others.length,
          defaultValue_one: 'Next pending ({{count}})',
        })}
      </Button>
    </div>
  );
}
