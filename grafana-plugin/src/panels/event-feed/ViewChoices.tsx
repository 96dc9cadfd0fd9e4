import { cx } from '@emotion/css';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import { Glyph } from '../../shared/Glyph.tsx';
import { columnLabel } from './column-labels.ts';
import { type ColumnName, COLUMNS, readColumns } from './feed-columns.ts';
import { toggleValue } from './filter-choice.ts';
import { MenuValue } from './MenuValue.tsx';
import { PillMenu } from './PillMenu.tsx';
import { getPillStyles } from './pill-styles.ts';

interface ViewChoicesProps {
  grouped: boolean;
  onGrouped: (grouped: boolean) => void;
  columns: readonly ColumnName[];
  onColumns: (columns: readonly ColumnName[]) => void;
  narrow: boolean;
}

/** How the feed is drawn, whatever it shows: by run or flat, and with which columns. */
export function ViewChoices({ grouped, onGrouped, columns, onColumns, narrow }: ViewChoicesProps) {
  const pills = useStyles2(getPillStyles);
  return (
    <>
      <button
        type="button"
        className={cx(pills.pill, grouped && pills.chosen)}
        aria-pressed={grouped}
        onClick={() => onGrouped(!grouped)}
      >
        <Glyph name="list" size={12} />
        {t('view.by-run', 'By run')}
      </button>
      {narrow ? null : (
        <PillMenu name={t('view.columns', 'Columns')}>
          {() =>
            COLUMNS.map((name) => (
              <MenuValue
                key={name}
                label={columnLabel(name)}
                checked={columns.includes(name)}
                onToggle={() => onColumns(readColumns(toggleValue(columns, name)))}
              />
            ))
          }
        </PillMenu>
      )}
    </>
  );
}
