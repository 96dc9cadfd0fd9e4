import { useStyles2 } from '@grafana/ui';
import { type ReactNode, useState } from 'react';
import { getDetailStyles } from './detail-styles.ts';

/** A named part of an event that is always open. */
export function Section({ name, children }: { name: string; children: ReactNode }) {
  const styles = useStyles2(getDetailStyles);
  return (
    <section className={styles.section}>
      <h3 className={styles.heading}>{name}</h3>
      {children}
    </section>
  );
}

/** A named part that opens on demand; its content is not built before. */
export function FoldedSection({
  name,
  open = false,
  children,
}: {
  name: string;
  open?: boolean;
  children: () => ReactNode;
}) {
  const styles = useStyles2(getDetailStyles);
  const [shown, setShown] = useState(open);
  return (
    <details className={styles.section} open={shown} onToggle={(event) => setShown(event.currentTarget.open)}>
      <summary className={styles.summary}>{name}</summary>
      {shown ? children() : null}
    </details>
  );
}
