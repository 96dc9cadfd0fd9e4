import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { Glyph } from '../../shared/Glyph.tsx';
import type { GlyphName } from '../../shared/glyphs.ts';
import { getPillStyles } from './pill-styles.ts';

interface MenuValueProps {
  label: string;
  checked: boolean;
  onToggle: () => void;
  glyph?: GlyphName | undefined;
  count?: number;
}

/** One choice of a pill's list. */
export function MenuValue({ label, checked, onToggle, glyph, count }: MenuValueProps) {
  const styles = useStyles2(getStyles);
  const pills = useStyles2(getPillStyles);
  return (
    <label className={styles.value}>
      <input type="checkbox" checked={checked} onChange={onToggle} />
      {glyph ? <Glyph name={glyph} size={12} /> : null}
      <span className={styles.label}>{label}</span>
      {count === undefined ? null : <span className={pills.count}>{count}</span>}
    </label>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
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
});
