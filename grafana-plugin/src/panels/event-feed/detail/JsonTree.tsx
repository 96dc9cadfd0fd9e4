import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import { useState } from 'react';
import { RedactedText } from '../../../shared/RedactedText.tsx';

/** Children drawn before the reader asks for more. */
const STEP = 100;
/** Levels open from the start. */
const OPEN_LEVELS = 2;

/** A structured value with its types told apart; closed branches cost nothing. */
export function JsonTree({ value }: { value: unknown }) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.tree} tabIndex={0} role="region" aria-label={t('json.region', 'Structured value')}>
      <Branch name={null} value={value} level={0} />
    </div>
  );
}

interface BranchProps {
  name: string | null;
  value: unknown;
  level: number;
}

function Branch({ name, value, level }: BranchProps) {
  const styles = useStyles2(getStyles);
  const [open, setOpen] = useState(level < OPEN_LEVELS);
  const [limit, setLimit] = useState(STEP);
  const label = name === null ? null : <span className={styles.key}>{name}: </span>;
  if (typeof value !== 'object' || value === null) {
    return (
      <div className={styles.line}>
        {label}
        <Leaf value={value} />
      </div>
    );
  }
  const entries = Object.entries(value as Record<string, unknown>);
  const brackets = Array.isArray(value) ? `[${entries.length}]` : `{${entries.length}}`;
  return (
    <div className={styles.line}>
      <button type="button" className={styles.toggle} aria-expanded={open} onClick={() => setOpen(!open)}>
        <span aria-hidden>{open ? '▾' : '▸'}</span> {label}
        <span className={styles.quiet}>{brackets}</span>
      </button>
      {open ? (
        <div className={styles.children}>
          {entries.slice(0, limit).map(([key, child]) => (
            <Branch key={key} name={key} value={child} level={level + 1} />
          ))}
          {entries.length > limit ? (
            <button type="button" className={styles.toggle} onClick={() => setLimit(limit + STEP)}>
              {t('json.more', 'Show more ({{count}})', { count: entries.length - limit })}
            </button>
          ) : null}
        </div>
      ) : null}
    </div>
  );
}

function Leaf({ value }: { value: unknown }) {
  const styles = useStyles2(getStyles);
  if (typeof value === 'string') {
    return (
      <span className={styles.string}>
        "<RedactedText text={value} />"
      </span>
    );
  }
  if (typeof value === 'number' || typeof value === 'boolean')
    return <span className={styles.number}>{String(value)}</span>;
  return <span className={styles.quiet}>{value === null ? 'null' : typeof value}</span>;
}

const getStyles = (theme: GrafanaTheme2) => ({
  tree: css({
    padding: theme.spacing(1),
    maxHeight: 480,
    overflow: 'auto',
    fontFamily: theme.typography.fontFamilyMonospace,
    fontSize: 12,
    lineHeight: 1.5,
    background: theme.colors.background.canvas,
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
  }),
  line: css({ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }),
  children: css({ paddingLeft: 16 }),
  key: css({ color: theme.colors.text.secondary }),
  string: css({ color: theme.colors.success.text }),
  number: css({ color: theme.colors.primary.text }),
  quiet: css({ color: theme.colors.text.secondary }),
  toggle: css({ padding: 0, border: 'none', background: 'none', color: 'inherit', font: 'inherit', textAlign: 'left' }),
});
