import { t } from '@grafana/i18n';
import { useTheme2 } from '@grafana/ui';
import type { GlyphName } from '../../shared/glyphs.ts';
import { MenuValue } from './MenuValue.tsx';
import { PillMenu } from './PillMenu.tsx';

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
  const first = chosen[0];
  const text =
    first === undefined ? name : `${name}: ${label(first)}${chosen.length > 1 ? ` +${chosen.length - 1}` : ''}`;
  return (
    <PillMenu name={name} text={text} chosen={chosen.length > 0}>
      {() => <FacetValues {...props} />}
    </PillMenu>
  );
}

function FacetValues({ counts, chosen, onToggle, label, glyph }: FacetMenuProps) {
  const theme = useTheme2();
  const values = [...new Set([...chosen, ...counts.keys()])].sort(
    (left, right) => (counts.get(right) ?? 0) - (counts.get(left) ?? 0) || left.localeCompare(right),
  );
  if (values.length === 0) {
    return (
      <div style={{ padding: theme.spacing(1), color: theme.colors.text.secondary }}>
        {t('filter.no-values', 'Nothing to choose from yet')}
      </div>
    );
  }
  return values.map((value) => (
    <MenuValue
      key={value}
      label={label(value)}
      checked={chosen.includes(value)}
      onToggle={() => onToggle(value)}
      glyph={glyph?.(value)}
      count={counts.get(value) ?? 0}
    />
  ));
}
