import { useStyles2 } from '@grafana/ui';
import type { ReactNode } from 'react';
import { getCardStyles } from './card-styles.ts';

interface PartProps {
  name: string;
  children: ReactNode;
  testId?: string;
}

/** A named part of the card. */
export function Part({ name, children, testId }: PartProps) {
  const styles = useStyles2(getCardStyles);
  return (
    <section className={styles.part} data-testid={testId}>
      <h3 className={styles.heading}>{name}</h3>
      <div>{children}</div>
    </section>
  );
}
