import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import { useEffect, useRef, useState } from 'react';
import { Glyph } from '../../shared/Glyph.tsx';
import type { GlyphName } from '../../shared/glyphs.ts';
import { getPillStyles } from './pill-styles.ts';

interface FacetMenuProps {
  name: string;
  counts: Map<string, number>;
  chosen: readonly string[];
  onToggle: (value: string) => void;
  label: (value: string) => string;
  glyph?: (value: string) => GlyphName;
}

/** A pill that opens the values of one field with their counts. */
export function FacetMenu(props: FacetMenuProps) {
  const { name, chosen, label } = props;
  const pills = useStyles2(getPillStyles);
  const styles = useStyles2(getStyles);
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useOutsideClose(box, open, () => setOpen(false));
  const first = chosen[0];
  const text =
    first === undefined ? name : `${name}: ${label(first)}${chosen.length > 1 ? ` +${chosen.length - 1}` : ''}`;
  return (
    <div
      ref={box}
      className={styles.box}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !open) return;
        event.stopPropagation();
        setOpen(false);
        button.current?.focus();
      }}
    >
      <button
        ref={button}
        type="button"
        className={cx(pills.pill, chosen.length > 0 && pills.chosen)}
        aria-expanded={open}
        aria-haspopup="true"
        onClick={() => setOpen(!open)}
      >
        <span className={styles.name}>{text}</span> <span aria-hidden>▾</span>
      </button>
      {open ? <FacetValues {...props} /> : null}
    </div>
  );
}

function FacetValues({ name, counts, chosen, onToggle, label, glyph }: FacetMenuProps) {
  const styles = useStyles2(getStyles);
  const pills = useStyles2(getPillStyles);
  const values = [...new Set([...chosen, ...counts.keys()])].sort(
    (left, right) => (counts.get(right) ?? 0) - (counts.get(left) ?? 0) || left.localeCompare(right),
  );
  return (
    <div className={styles.menu} role="group" aria-label={name}>
      {values.length === 0 ? (
        <div className={styles.none}>{t('filter.no-values', 'Nothing to choose from yet')}</div>
      ) : null}
      {values.map((value) => (
        <label key={value} className={styles.value}>
          <input type="checkbox" checked={chosen.includes(value)} onChange={() => onToggle(value)} />
          {glyph ? <Glyph name={glyph(value)} size={12} /> : null}
          <span className={styles.label}>{label(value)}</span>
          <span className={pills.count}>{counts.get(value) ?? 0}</span>
        </label>
      ))}
    </div>
  );
}

function useOutsideClose(box: React.RefObject<HTMLElement | null>, open: boolean, close: () => void): void {
  useEffect(() => {
    if (!open) return undefined;
    const onPointer = (event: PointerEvent) => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) close();
    };
    document.addEventListener('pointerdown', onPointer);
    return () => document.removeEventListener('pointerdown', onPointer);
  });
}

const getStyles = (theme: GrafanaTheme2) => ({
  box: css({ position: 'relative', display: 'inline-flex' }),
  name: css({ overflow: 'hidden', textOverflow: 'ellipsis' }),
  menu: css({
    label: 'facets',
    position: 'absolute',
    top: '100%',
    left: 0,
    zIndex: theme.zIndex.dropdown,
    marginTop: 4,
    minWidth: 220,
    maxWidth: 320,
    maxHeight: 320,
    overflowY: 'auto',
    padding: theme.spacing(0.5),
    background: theme.colors.background.elevated ?? theme.colors.background.primary,
    border: `1px solid ${theme.colors.border.medium}`,
    borderRadius: theme.shape.radius.default,
    boxShadow: theme.shadows.z3,
  }),
  value: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    minHeight: 30,
    padding: theme.spacing(0, 1),
    cursor: 'pointer',
    fontWeight: 'normal',
    '&:hover': { background: theme.colors.action.hover },
  }),
  label: css({ flex: 1, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }),
  none: css({ padding: theme.spacing(1), color: theme.colors.text.secondary }),
});
